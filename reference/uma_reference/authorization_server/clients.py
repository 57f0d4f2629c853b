"""Clients of the authorization server, configured or registered by themselves (Grant 2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from uma_reference.authorization_server.model import Domain

SECRET_METHODS = ("client_secret_basic", "client_secret_post")
KEY_METHOD = "private_key_jwt"
PUBLIC = "none"
# Of client assertions (RFC 7523), by the names of RFC 7518.
ALGORITHMS = ("ES256", "ES384", "ES512", "RS256", "PS256", "EdDSA")


@dataclass(frozen=True, slots=True)
class Client:
    """A client, with the digest of its secret, its keys, or neither if it is public.

    One with a `domain` is a resource server acting for one owner by its own credentials. One with
    a `resource_server` may be granted PATs by end-user owners, at its `redirect_uris`.
    `claims_redirect_uris` are no OAuth redirection URIs (Grant 3.3.2). `method` is its
    `token_endpoint_auth_method`; the two methods with a secret stand for each other.
    """

    id: str
    secret_digest: str = field(default="", repr=False)
    scopes: frozenset[str] = frozenset()
    domain: Domain | None = None
    resource_server: str = ""
    name: str = ""
    method: str = "client_secret_basic"
    jwks: Mapping[str, object] | None = None
    redirect_uris: tuple[str, ...] = ()
    claims_redirect_uris: tuple[str, ...] = ()
    grant_types: frozenset[str] | None = None
    registered_at: int = 0

    @property
    def public(self) -> bool:
        """Whether the client cannot keep a secret (RFC 6749 section 2.1)."""
        return self.method == PUBLIC

    def uses(self, grant: str) -> bool:
        """Tell whether the client is registered for a grant type; a configured one is for all."""
        return self.grant_types is None or grant in self.grant_types

    @property
    def shown(self) -> str:
        """What people are shown as its name."""
        return self.name or self.id
