"""Reading a JSON document by its form: each wrong place becomes an error that names it."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Self, TypeVar, cast

from uma_reports.errors import RecordError

_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Members:
    """The members of a JSON object at a place in a document, each taken once by name.

    Every method raises `RecordError` when the member is missing or of the wrong form. A function
    that reads an object within has to take all of its members. With `tolerant`, members that
    nothing takes are ignored, in here and in all objects within.
    """

    def __init__(self, value: object, path: str = "$", *, tolerant: bool = False) -> None:
        if not isinstance(value, Mapping):
            raise RecordError(path, f"must be an object, not {kind(value)}")
        self._members = cast("Mapping[object, object]", value)
        self._path = path
        self._taken: set[str] = set()
        self._tolerant = tolerant

    def __contains__(self, name: str) -> bool:
        """Return whether there is a member of this name."""
        return name in self._members

    def place(self, name: str) -> str:
        """Return the JSON path of a member."""
        return member_path(self._path, name)

    def take(self, name: str) -> object:
        """Return a member of any form."""
        if name not in self._members:
            raise RecordError(self.place(name), "is missing")
        self._taken.add(name)
        return self._members[name]

    def peek(self, name: str) -> object:
        """Return a member of any form, and null where there is none."""
        return self._members.get(name)

    def text(self, name: str) -> str:
        """Return a string."""
        return _text(self.take(name), self.place(name))

    def time(self, name: str) -> str:
        """Return a string that is an RFC 3339 time with its offset."""
        value = self.text(name)
        try:
            told = datetime.fromisoformat(value)
        except ValueError:
            told = None
        if told is None or told.tzinfo is None:
            raise RecordError(self.place(name), "must be a time such as 2026-11-23T08:00:00Z")
        return value

    def day(self, name: str) -> date:
        """Return a string that is a date."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            raise RecordError(self.place(name), "must be a date such as 2026-11-23") from None

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self.take(name)
        if not isinstance(value, bool):
            raise RecordError(self.place(name), f"must be true or false, not {kind(value)}")
        return value

    def whole(self, name: str) -> int:
        """Return a whole number that is not negative."""
        return _whole(self.take(name), self.place(name))

    def number(self, name: str) -> float:
        """Return a finite number that is not negative."""
        value = self.take(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise RecordError(self.place(name), f"must be a number, not {kind(value)}")
        if not math.isfinite(value) or value < 0:
            raise RecordError(self.place(name), "must be a number from 0 up")
        return float(value)

    def one_of(self, name: str, choices: type[_E]) -> _E:
        """Return a member of an enumeration."""
        value = self.text(name)
        try:
            return choices(value)
        except ValueError:
            known = ", ".join(choices)
            raise RecordError(self.place(name), f"must be one of {known}") from None

    def inner(self, name: str) -> "Members":
        """Return the members of an object."""
        return self._within(self.take(name), self.place(name))

    def one(self, name: str, read: "Callable[[Members], _T]") -> _T:
        """Return what `read` makes of an object."""
        return _entirely(self.inner(name), read)

    def given(self, name: str, read: "Callable[[Members], _T]") -> _T | None:
        """Return what `read` makes of an object, or None where there is no such member."""
        return self.one(name, read) if name in self else None

    def optional(self, name: str, read: "Callable[[Members], _T]") -> _T | None:
        """Return what `read` makes of an object, or None for null."""
        return None if self.take(name) is None else self.one(name, read)

    def each(self, name: str, read: "Callable[[Members], _T]") -> tuple[_T, ...]:
        """Return what `read` makes of each object of an array."""
        within = (self._within(value, path) for value, path in self._items(name))
        return tuple(_entirely(members, read) for members in within)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the strings of an array."""
        return tuple(_text(value, path) for value, path in self._items(name))

    def wholes(self, name: str) -> tuple[int, ...]:
        """Return the whole numbers of an array."""
        return tuple(_whole(value, path) for value, path in self._items(name))

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return the pairs of strings of an array."""
        return tuple(_pair(value, path) for value, path in self._items(name))

    def map_of_texts(self, name: str) -> dict[str, str]:
        """Return an object whose members are strings."""
        inner = self.inner(name)
        return {key: inner.text(key) for key in inner.names()}

    def map_of_wholes(self, name: str) -> dict[str, int]:
        """Return an object whose members are whole numbers."""
        inner = self.inner(name)
        return {key: inner.whole(key) for key in inner.names()}

    def map_of_values(self, name: str) -> dict[str, object]:
        """Return an object whose members are any JSON."""
        inner = self.inner(name)
        return {key: json_value(inner.take(key), inner.place(key)) for key in inner.names()}

    def names(self) -> list[str]:
        """Return the names of all members."""
        return [_text(name, self._path) for name in self._members]

    def end(self) -> None:
        """Refuse members that nothing took, unless they are to be ignored."""
        for name in self.names():
            if name not in self._taken and not self._tolerant:
                raise RecordError(self.place(name), "is no member of this format")

    def without(self, *names: str) -> Self:
        """Refuse these members, with a clearer word than that they are unknown."""
        for name in names:
            if name in self._members:
                raise RecordError(self.place(name), "is computed and must not be given")
        return self

    def _within(self, value: object, path: str) -> "Members":
        return Members(value, path, tolerant=self._tolerant)

    def _items(self, name: str) -> list[tuple[object, str]]:
        place = self.place(name)
        return [(item, f"{place}[{at}]") for at, item in enumerate(_array(self.take(name), place))]


def _entirely(members: Members, read: Callable[[Members], _T]) -> _T:
    """Return what `read` makes of an object, of which it has to take every member."""
    value = read(members)
    members.end()
    return value


def member_path(path: str, name: str) -> str:
    """Return the JSON path of a member of the object at `path`."""
    return f"{path}.{name}" if _NAME.fullmatch(name) else f"{path}[{name!r}]"


def kind(value: object) -> str:
    """Return what form of JSON a value is, without showing the value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, Mapping):
        return "an object"
    return "an array" if isinstance(value, list | tuple) else "no JSON"


def json_value(value: object, path: str) -> object:
    """Return a copy of a JSON value; raise `RecordError` where it is none."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        raise RecordError(path, "must be a finite number")
    if isinstance(value, Mapping):
        inner = Members(cast("Mapping[object, object]", value), path)
        return {name: json_value(inner.take(name), inner.place(name)) for name in inner.names()}
    items = enumerate(_array(value, path))
    return [json_value(item, f"{path}[{at}]") for at, item in items]


def _array(value: object, path: str) -> Sequence[object]:
    if not isinstance(value, list | tuple):
        raise RecordError(path, f"must be an array, not {kind(value)}")
    return cast("Sequence[object]", value)


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise RecordError(path, f"must be a string, not {kind(value)}")
    return str(value)


def _whole(value: object, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise RecordError(path, "must be a whole number from 0 up")
    return value


def _pair(value: object, path: str) -> tuple[str, str]:
    pair = _array(value, path)
    if len(pair) != 2:
        raise RecordError(path, "must be a pair of strings")
    return _text(pair[0], f"{path}[0]"), _text(pair[1], f"{path}[1]")
