"""Between dataclasses of this package and JSON documents, for sessions and files."""

import base64
import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar, cast

Kind = TypeVar("Kind")
_PLAIN = ((str, "a string"), (int, "a whole number"), (bool, "true or false"))


class InvalidDocument(ValueError):  # noqa: N818 - the name of what it is
    """A document does not hold what it should; the message names the member."""


def to_document(value: object) -> object:
    """Return a frozen dataclass as JSON values; bytes become base64."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: to_document(getattr(value, item.name)) for item in dataclasses.fields(value)
        }
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, tuple):
        return [to_document(item) for item in cast("tuple[object, ...]", value)]
    return value


def from_document(kind: type[Kind], document: object, where: str = "") -> Kind:
    """Read what `to_document` wrote; raise `InvalidDocument`. Members not known are ignored."""
    return cast("Kind", _read(kind, document, where or kind.__name__))


def _read(kind: object, value: object, where: str) -> object:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        return None if value is None else _read(arguments[0], value, where)
    if origin is tuple:
        return _tuple(arguments, value, where)
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


def _record(kind: type, value: object, where: str) -> object:
    if not isinstance(value, dict):
        raise InvalidDocument(f"{where}: it has to be an object")
    members = cast("Mapping[str, object]", value)
    hints = typing.get_type_hints(kind)
    given: dict[str, object] = {}
    for item in dataclasses.fields(kind):
        if item.name in members:
            given[item.name] = _read(hints[item.name], members[item.name], f"{where}.{item.name}")
        elif item.default is dataclasses.MISSING:
            raise InvalidDocument(f"{where}.{item.name}: it is missing")
    return kind(**given)
