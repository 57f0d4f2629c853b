"""Slowing down who guesses passwords."""

from collections import OrderedDict

from uma_reference.opaque import digest

_MOST_NAMES = 10_000


class Throttle:
    """Lets a name fail `most` times within `seconds`, counted from the first time.

    Names that nobody has count as well, so that nobody learns which ones exist.
    """

    def __init__(self, most: int, seconds: int) -> None:
        self._most = most
        self._seconds = seconds
        self._failures: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def wait(self, name: str, now: int) -> int:
        """Return how many seconds a name has to wait, 0 when it may try."""
        count, ends = self._found(name, now)
        return ends - now if count >= self._most else 0

    def count(self, name: str, now: int) -> None:
        """Count a try, before its password is looked at: tries at the same time count, too."""
        count, ends = self._found(name, now)
        self._failures[digest(name)] = (count + 1, ends)
        self._failures.move_to_end(digest(name))
        while len(self._failures) > _MOST_NAMES:
            self._failures.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name that had the right password."""
        self._failures.pop(digest(name), None)

    def _found(self, name: str, now: int) -> tuple[int, int]:
        count, ends = self._failures.get(digest(name), (0, 0))
        return (count, ends) if ends > now else (0, now + self._seconds)
