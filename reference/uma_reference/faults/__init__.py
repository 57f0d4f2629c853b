"""Deliberate faults of the reference, each with the catalogue rows that it must trip."""

from uma_reference.faults import (
    assessment,
    claims_redirects,
    claims_tickets,
    client_registration,
    descriptions,
    discovery,
    forgeries,
    introspection,
    pct,
    permission,
    permission_answers,
    protection,
    refreshing,
    registration,
    registration_errors,
    revocation,
    submitted,
    tickets,
    token_requests,
    tokens,
    upgrade,
    visits,
)
from uma_reference.faults.fault import Fault
from uma_reference.faults.sightings import Sighting

__all__ = ["Fault", "Sighting", "all_faults"]

_MODULES = (
    discovery,
    registration,
    registration_errors,
    descriptions,
    protection,
    permission,
    permission_answers,
    token_requests,
    tickets,
    tokens,
    assessment,
    introspection,
    pct,
    submitted,
    refreshing,
    revocation,
    upgrade,
    visits,
    claims_redirects,
    claims_tickets,
    forgeries,
    client_registration,
)


def all_faults() -> tuple[Fault, ...]:
    """Return every fault, grouped by what it breaks."""
    return tuple(fault for module in _MODULES for fault in module.faults())
