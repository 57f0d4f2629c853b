"""What the server keeps and shows its owners: their decisions, and what happened."""

from dataclasses import dataclass
from enum import StrEnum

from uma_reference.authorization_server.model import Claims, Domain, Permission

Question = tuple[Domain, str, tuple[tuple[str, str], ...], tuple[Permission, ...]]


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

    @property
    def question(self) -> Question:
        """What the owner is asked; the same question is put once at a time."""
        return (self.domain, self.client, self.claims.identities, self.permissions)


class EventKind(StrEnum):
    """What the audit tells."""

    GRANTED = "granted"
    NEED_INFO = "need_info"
    SUBMITTED = "submitted"
    DENIED = "denied"
    UPGRADED = "upgraded"
    REFRESHED = "refreshed"
    REVOKED = "revoked"
    CONNECTED = "connected"
    CLAIMS_GIVEN = "claims given"
    OWNER_APPROVED = "owner approved"
    OWNER_DENIED = "owner denied"
    POLICY_SET = "policy set"
    POLICY_WITHDRAWN = "policy withdrawn"
    REGISTERED = "registered"
    DEREGISTERED = "deregistered"


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
