"""Calls that block, in a limited number of threads."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

Result = TypeVar("Result")


class TooBusy(Exception):  # noqa: N818 - the name of what happened
    """All threads, or all that one person may have, are in use."""


class Calls:
    """Runs functions in `most` threads, a quarter of them for one person; none has to queue."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._each = max(1, most // 4)
        self._running: Counter[str] = Counter()
        self._lock = Lock()
        self._threads = ThreadPoolExecutor(most, thread_name_prefix="client-app")

    async def run(self, party: str, work: Callable[[], Result]) -> Result:
        """Run a function for a person; raise `TooBusy`."""
        with self._lock:
            if self._running.total() >= self._most or self._running[party] >= self._each:
                raise TooBusy
            self._running[party] += 1
        future = self._threads.submit(work)
        # The thread goes on when the browser has left, so it is its end that counts.
        future.add_done_callback(lambda _: self._done(party))
        return await asyncio.wrap_future(future)

    def _done(self, party: str) -> None:
        with self._lock:
            self._running[party] -= 1
            if not self._running[party]:
                del self._running[party]
