"""HTTP messages as plain values, and how JSON in them is read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn, cast

Headers = tuple[tuple[str, str], ...]
_LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request that the client sends; headers and body may hold secrets."""

    method: str
    url: str
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer; `truncated` when it was longer than the client reads."""

    status: int
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    truncated: bool = False

    def header(self, name: str) -> tuple[str, ...]:
        """Return all values of a header."""
        return tuple(value for key, value in self.headers if key.lower() == name.lower())


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """What comes instead of an answer when a server cannot be reached."""

    why: str


def parse_object(body: bytes) -> Mapping[str, object] | None:
    """Return the JSON object of a body, or nothing when it holds something else."""
    try:
        value: object = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else None


def text_of(document: Mapping[str, object], name: str) -> str:
    """Return a member that is a string, or an empty one."""
    value = document.get(name)
    return value if isinstance(value, str) else ""


def texts_of(document: Mapping[str, object], name: str) -> tuple[str, ...]:
    """Return the strings of a member that is an array."""
    value = document.get(name)
    items = cast("list[object]", value) if isinstance(value, list) else []
    return tuple(item for item in items if isinstance(item, str))


def plain(text: str) -> str:
    """Return a server's text so that it can be shown: printable, and not long."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return shown if len(shown) <= _LONGEST_TEXT else f"{shown[:_LONGEST_TEXT]}…"


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
