"""What a run record says of itself: what is named once, and exchanges that are there."""

from collections.abc import Collection, Iterable
from typing import TypeVar

from uma_reports.errors import RecordError

_T = TypeVar("_T")


def unique(path: str, name: str, values: Iterable[_T]) -> set[_T]:
    """Return the values of a member of an array's objects; raise `RecordError` for one twice."""
    seen: set[_T] = set()
    for at, value in enumerate(values):
        if value in seen:
            raise RecordError(f"{path}[{at}].{name}", "is there twice")
        seen.add(value)
    return seen


def check_exchanges(path: str, named: Iterable[int], numbers: Collection[int]) -> None:
    """Raise `RecordError` when the object at a path names an exchange that is not among these."""
    for at, number in enumerate(named):
        if number not in numbers:
            raise RecordError(f"{path}.exchanges[{at}]", f"no exchange {number}")
