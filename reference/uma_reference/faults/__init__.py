"""Deliberate faults of the reference, each with the catalogue rows that it must trip."""

from uma_reference.faults import (
    assessment,
    discovery,
    introspection,
    permission,
    protection,
    registration,
    tokens,
)
from uma_reference.faults.fault import Fault

__all__ = ["Fault", "all_faults"]


def all_faults() -> tuple[Fault, ...]:
    """Return every fault, grouped by what it breaks."""
    modules = (discovery, registration, protection, permission, tokens, assessment, introspection)
    return tuple(fault for module in modules for fault in module.faults())
