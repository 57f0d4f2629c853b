"""Variants of the reference that speak UMA 1, which only the pack `uma1-residue` looks for."""

from uma_reference.faults.fault import Fault
from uma_reference.faults.uma1_residue import messages, places


def faults() -> tuple[Fault, ...]:
    """Return the faults of this pack."""
    return (*places.faults(), *messages.faults())
