"""How many requests one address may send; each process counts for itself, to keep it cheap.

Sign-in and registration are counted in the store as well, for all processes together.
"""

from collections import Counter

_SECONDS = 60


class RateLimit:
    """Lets an address send so many requests a minute, 0 for any number."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._minute = 0
        self._sent: Counter[str] = Counter()

    def wait(self, address: str, now: int) -> int:
        """Count a request; return how many seconds its address has to wait, 0 for none."""
        if not self._most:
            return 0
        if now // _SECONDS != self._minute:
            self._minute = now // _SECONDS
            self._sent.clear()
        self._sent[address] += 1
        return _SECONDS - now % _SECONDS if self._sent[address] > self._most else 0
