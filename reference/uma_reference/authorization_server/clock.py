"""Time and randomness, which all roles take in the same form."""

from uma_reference.clock import (
    AdjustableClock,
    Clock,
    Randomness,
    SystemClock,
    SystemRandomness,
)

__all__ = ["AdjustableClock", "Clock", "Randomness", "SystemClock", "SystemRandomness"]
