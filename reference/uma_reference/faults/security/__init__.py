"""Faults that only the pack `security` looks for: beyond the letter of UMA 2.0."""

from uma_reference.faults.fault import Fault
from uma_reference.faults.security import (
    browsing,
    claims,
    leaks,
    metadata,
    sharing,
    tls,
    tokens,
)

_MODULES = (tokens, claims, sharing, leaks, tls, browsing, metadata)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this pack."""
    return tuple(fault for module in _MODULES for fault in module.faults())
