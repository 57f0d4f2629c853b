"""Secrets as a store keeps them: without their values."""

from dataclasses import fields, replace
from typing import Any, TypeVar

from uma_reference.authorization_server.handles import Handle, PersistedClaims
from uma_reference.authorization_server.model import AccessToken, Ticket

Kept = Ticket | AccessToken | Handle
K = TypeVar("K", bound=Kept)


def without_value(kept: K) -> K:
    """Leave out the value, and that of a ticket inside."""
    inside: dict[str, Any] = {
        item.name: replace(ticket, value="")
        for item in fields(kept)
        if isinstance(ticket := getattr(kept, item.name), Ticket)
    }
    return replace(kept, value="", **inside)


def grant_of(kept: Kept) -> str:
    """Return what a secret ends with; empty for one that ends by itself."""
    return str(getattr(kept, "grant", ""))


def parties_of(kept: Kept | None) -> tuple[tuple[str, str], ...]:
    """Return whom persisted claims are about, by issuer and subject; nobody for anything else."""
    if not isinstance(kept, PersistedClaims):
        return ()
    return tuple(dict.fromkeys(kept.claims.identities))
