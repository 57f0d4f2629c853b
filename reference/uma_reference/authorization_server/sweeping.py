"""Removing what has ended, from time to time."""

from uma_reference.authorization_server.clock import Clock
from uma_reference.authorization_server.store import Store

_SECONDS = 60
# For so long who shows something that ended is told that it has expired.
_KEPT_SECONDS = 3600


class Sweeper:
    """Says when to sweep, at most once a minute by the server's clock, and sweeps."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = clock.now()

    def due(self) -> bool:
        """Tell whether it is time, and take it that it is done then."""
        now = self._clock.now()
        if now - self._last < _SECONDS:
            return False
        self._last = now
        return True

    def sweep(self, store: Store) -> None:
        """Remove what ended an hour ago."""
        store.sweep(self._clock.now() - _KEPT_SECONDS)
