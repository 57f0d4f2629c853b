"""Between frozen dataclasses and JSON documents, for what is kept in files and databases."""

import base64
import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import TypeVar, cast

Kind = TypeVar("Kind")
_PLAIN = ((str, "a string"), (int, "a whole number"), (bool, "true or false"))


class InvalidDocument(ValueError):  # noqa: N818 - the name of what it is
    """A document does not hold what it should; the message names the member."""


def to_document(value: object) -> object:
    """Return a value as JSON: dataclasses and mappings as objects, tuples and sets as arrays.

    Sets are sorted, bytes become base64. What a mapping holds is JSON already.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: to_document(getattr(value, item.name)) for item in dataclasses.fields(value)
        }
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, tuple):
        return [to_document(item) for item in cast("tuple[object, ...]", value)]
    if isinstance(value, frozenset):
        return sorted(cast("frozenset[str]", value))
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, object]", value))
    return value


def from_document(kind: type[Kind], document: object, where: str = "") -> Kind:
    """Read what `to_document` wrote; raise `InvalidDocument`.

    Members not known are ignored, and those that are missing get their standard values, so that
    other versions of a dataclass can be read.
    """
    return cast("Kind", _read(kind, document, where or kind.__name__))


def _read(kind: object, value: object, where: str) -> object:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType or origin is typing.Union:
        return None if value is None else _read(arguments[0], value, where)
    if origin is tuple:
        return _tuple(arguments, value, where)
    if origin is frozenset:
        items = (arguments[0], Ellipsis)
        return frozenset(_tuple(items, value, where))
    if origin is Mapping:
        return _object(value, where)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _record(kind, value, where)
    return _plain(kind, value, where)


def _plain(kind: object, value: object, where: str) -> object:
    for plain, words in _PLAIN:
        if kind is plain:
            if type(value) is plain:
                return value
            raise InvalidDocument(f"{where}: it has to be {words}")
    try:
        if kind is bytes and isinstance(value, str):
            return base64.b64decode(value, validate=True)
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return kind(str(value))
    except ValueError:
        pass
    raise InvalidDocument(f"{where}: this value cannot be read")


def _tuple(arguments: tuple[object, ...], value: object, where: str) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise InvalidDocument(f"{where}: it has to be an array")
    items = cast("list[object]", value)
    kinds = [arguments[0]] * len(items) if arguments[-1] is Ellipsis else list(arguments)
    if len(kinds) != len(items):
        raise InvalidDocument(f"{where}: it has to have {len(kinds)} items")
    return tuple(
        _read(kind, item, f"{where}[{index}]")
        for index, (kind, item) in enumerate(zip(kinds, items, strict=True))
    )


def _object(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InvalidDocument(f"{where}: it has to be an object")
    return cast("Mapping[str, object]", value)


def _record(kind: type, value: object, where: str) -> object:
    members = _object(value, where)
    given: dict[str, object] = {}
    for name, hint, required in _members(kind):
        if name in members:
            given[name] = _read(hint, members[name], f"{where}.{name}")
        elif required:
            raise InvalidDocument(f"{where}.{name}: it is missing")
    return kind(**given)


@cache
def _members(kind: type) -> tuple[tuple[str, object, bool], ...]:
    """Return name, type and need of each member; looking types up takes most of the time."""
    hints = typing.get_type_hints(kind)
    return tuple(
        (
            item.name,
            hints[item.name],
            item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING,
        )
        for item in dataclasses.fields(kind)
    )
