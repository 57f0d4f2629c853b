"""Values that somebody took out of the traffic before it came here."""

from uma_conformance.traffic.cleaning import MASKED


def is_masked(value: str) -> bool:
    """Tell whether a recorded value stands for one that was masked: it equals none for certain."""
    return value.startswith(f"{MASKED}:")
