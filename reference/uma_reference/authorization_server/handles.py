"""What clients and browsers hold beside tickets and access tokens: each an unguessable handle.

All have a `value`, which is kept as a digest only, an `expires_at` in seconds since the epoch, and
a `grant`, by which they end together.
"""

from dataclasses import dataclass, field

from uma_reference.authorization_server.model import Claims, Domain, Permission, Ticket


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token of an RPT (Grant 3.6), or of a PAT (RFC 6749 section 6)."""

    value: str = field(repr=False)
    client: str
    domain: Domain | None
    expires_at: int
    grant: str
    scope: frozenset[str] = frozenset()
    permissions: tuple[Permission, ...] | None = None
    party: str = ""


@dataclass(frozen=True, slots=True)
class PersistedClaims:
    """What a PCT stands for: the claims of a requesting party, for one client (Grant 3.3.5)."""

    value: str = field(repr=False)
    client: str
    claims: Claims
    expires_at: int
    grant: str = ""


@dataclass(frozen=True, slots=True)
class AuthorizationCode:
    """An authorization code for a PAT, with its PKCE challenge (RFC 6749 4.1, RFC 7636)."""

    value: str = field(repr=False)
    client: str
    owner: str
    scope: frozenset[str]
    redirect_uri: str
    challenge: str
    expires_at: int
    grant: str = ""


@dataclass(frozen=True, slots=True)
class UsedCode:
    """A code that was redeemed: when it comes again, its tokens end (RFC 6749 section 4.1.2)."""

    value: str = field(repr=False)
    expires_at: int
    grant: str = ""


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A browser that is known by a cookie; `account` is empty until somebody signs in."""

    value: str = field(repr=False)
    account: str
    csrf: str = field(repr=False)
    expires_at: int
    grant: str = ""


@dataclass(frozen=True, slots=True)
class Interaction:
    """Claims gathering in progress: its ticket was presented and gets a successor (Grant 3.3.2).

    It belongs to the browser session with which it began.
    """

    value: str = field(repr=False)
    session: str = field(repr=False)
    ticket: Ticket
    redirect_uri: str
    state: str | None
    expires_at: int
    grant: str = ""


Handle = (
    RefreshToken | PersistedClaims | AuthorizationCode | UsedCode | BrowserSession | Interaction
)
