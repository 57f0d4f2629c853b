"""Deliberate faults of the reference, each with the catalogue rows that it must trip."""

from uma_reference.faults import (
    assessment,
    descriptions,
    discovery,
    introspection,
    permission,
    permission_answers,
    protection,
    registration,
    tickets,
    token_requests,
    tokens,
    visits,
)
from uma_reference.faults.fault import Fault

__all__ = ["Fault", "all_faults"]

_MODULES = (
    discovery,
    registration,
    descriptions,
    protection,
    permission,
    permission_answers,
    token_requests,
    tickets,
    tokens,
    assessment,
    introspection,
    visits,
)


def all_faults() -> tuple[Fault, ...]:
    """Return every fault, grouped by what it breaks."""
    return tuple(fault for module in _MODULES for fault in module.faults())
