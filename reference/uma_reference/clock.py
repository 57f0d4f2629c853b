"""Time and randomness, given to every role from outside."""

import secrets
import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time in whole seconds since the epoch."""

    def now(self) -> int:
        """Return the current time."""
        ...


class Randomness(Protocol):
    """Makes values that nobody can guess (Grant 5.4)."""

    def token(self) -> str:
        """Return a fresh unguessable string."""
        ...


class SystemClock:
    """The time of the machine."""

    def now(self) -> int:
        """Return the current time."""
        return int(time.time())


class AdjustableClock:
    """The time of the machine, moved forward by hand; for test deployments."""

    def __init__(self) -> None:
        self._ahead = 0

    def now(self) -> int:
        """Return the current time plus all advances."""
        return int(time.time()) + self._ahead

    def advance(self, seconds: int) -> None:
        """Move the time forward."""
        self._ahead += seconds


class SystemRandomness:
    """Random values of 256 bits from the operating system."""

    def token(self) -> str:
        """Return 43 characters of the base64url alphabet."""
        return secrets.token_urlsafe(32)
