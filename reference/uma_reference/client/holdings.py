"""What a client keeps between flows: RPTs, PCTs and its registrations."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HeldRpt:
    """An RPT for one resource server, one authorization server, one client and one party.

    `resources` are the URLs it was got for; `expires_at` is in seconds since the epoch, 0 when
    unknown.
    """

    server: str
    issuer: str
    party: str
    client_id: str
    value: str = field(repr=False)
    expires_at: int = 0
    refresh_token: str = field(default="", repr=False)
    resources: tuple[str, ...] = ()

    def expired(self, now: int) -> bool:
        """Tell whether its time is over, as far as that is known."""
        return 0 < self.expires_at <= now


@dataclass(frozen=True, slots=True)
class HeldPct:
    """A PCT: for its server, client and requesting party only (Grant 5.2)."""

    issuer: str
    client_id: str
    party: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Credentials:
    """How the client identifies itself to one authorization server.

    `method` is a value of `token_endpoint_auth_method`: client_secret_basic, client_secret_post,
    private_key_jwt (with `key`, a PEM file's text) or none. With `issuer`, they are for that
    server only. `claims_redirect_uris` are those registered with them.
    """

    client_id: str
    method: str = "none"
    secret: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    key_id: str = ""
    issuer: str = ""
    claims_redirect_uris: tuple[str, ...] = ()
    expires_at: int = 0
