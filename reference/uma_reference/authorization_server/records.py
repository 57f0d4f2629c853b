"""What the server keeps and shows again by name: clients, the owner's decisions, the audit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from uma_reference.authorization_server.model import Claims, Domain, Permission


class Standing(StrEnum):
    """Where a request to a resource owner stands."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """A request that was submitted to the resource owner (`request_submitted`, Grant 3.3.6)."""

    id: str
    domain: Domain
    client: str
    claims: Claims
    permissions: tuple[Permission, ...]
    created_at: int
    standing: Standing = Standing.PENDING
    decided_at: int = 0


class EventKind(StrEnum):
    """What the audit tells."""

    GRANTED = "granted"
    NEED_INFO = "need_info"
    SUBMITTED = "submitted"
    DENIED = "denied"
    UPGRADED = "upgraded"
    REFRESHED = "refreshed"
    REVOKED = "revoked"
    OWNER_APPROVED = "owner approved"
    OWNER_DENIED = "owner denied"
    POLICY_SET = "policy set"
    POLICY_WITHDRAWN = "policy withdrawn"
    REGISTERED = "resource registered"
    DEREGISTERED = "resource deregistered"
    CONNECTED = "resource server connected"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the audit: who did what, and why it was decided so.

    `party` and `detail` are meant for the owner's eyes; they hold no token and no ticket.
    """

    at: int
    kind: EventKind
    owner: str
    client: str = ""
    party: str = ""
    permissions: tuple[Permission, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """A client, configured or registered (RFC 7591).

    `authentication` is its `token_endpoint_auth_method`. A secret is kept as a digest. One with a
    domain is a resource server that acts for a single owner.
    """

    id: str
    authentication: str = "client_secret_basic"
    secret_digest: str = field(default="", repr=False)
    name: str = ""
    scopes: frozenset[str] = frozenset()
    domain: Domain | None = None
    redirect_uris: tuple[str, ...] = ()
    claims_redirect_uris: tuple[str, ...] = ()
    grant_types: frozenset[str] = frozenset()
    jwks: Mapping[str, object] | None = None

    @property
    def public(self) -> bool:
        """Whether the client cannot keep a secret (RFC 6749 section 2.1)."""
        return self.authentication == "none"
