"""Decisions about persisted claims tokens: what is kept, and for whom (Grant 3.3.5, 5.2)."""

from uma_reference.authorization_server.handles import PersistedClaims
from uma_reference.authorization_server.model import Claims, Ticket


def recalled(
    found: PersistedClaims | None, ticket: Ticket, client_id: str, now: int
) -> PersistedClaims | None:
    """Return what a PCT stands for; one that is unknown, old or another client's is ignored.

    It counts for whatever the ticket is about: any resource, at any resource server (Grant 3.3.1).
    """
    del ticket
    if found is None or found.client != client_id or found.expires_at <= now:
        return None
    return found


def remembered(ticket: Ticket, persisted: PersistedClaims | None) -> Claims | None:
    """Return the claims of a process that a new PCT will stand for, if there will be one.

    What the requesting party stated herself is for this process alone, and is left out. A PCT that
    says the same already is not replaced.
    """
    claims = ticket.claims.vouched
    known = persisted is not None and persisted.claims == claims
    return claims if ticket.persist and claims.values and not known else None


def pct_value(value: str, ticket: Ticket) -> str:
    """Return the value of a new PCT, which refers to the claims and tells nothing of them."""
    del ticket
    return value
