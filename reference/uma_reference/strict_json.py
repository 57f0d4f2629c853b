"""Reading JSON strictly: nothing that could mean two things, or could not be written again."""

import json
import math
from collections.abc import Mapping
from typing import cast

_DEEPEST = 100


class BadJson(ValueError):  # noqa: N818 - the name of what it is
    """A body is no JSON document that can be kept; the message says why, and quotes nothing."""


def parse(body: bytes) -> object:
    """Parse a JSON body; raise `BadJson` also for a member that stands there twice."""
    try:
        value: object = json.loads(
            body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse
        )
    except (ValueError, RecursionError):
        raise BadJson("the body is no valid JSON document") from None
    _require_writable(value)
    return value


def _require_writable(value: object) -> None:
    """Refuse what could be read and never be written again: it is kept, and shown later."""
    pending: list[tuple[object, int]] = [(value, 0)]
    while pending:
        item, depth = pending.pop()
        if depth > _DEEPEST:
            raise BadJson("the document is nested too deeply")
        if isinstance(item, float) and not math.isfinite(item):
            raise BadJson("a number in the document is too large")
        if isinstance(item, str) and not _is_text(item):
            raise BadJson("a string in the document is no Unicode text")
        if isinstance(item, list):
            pending.extend((element, depth + 1) for element in cast("list[object]", item))
        elif isinstance(item, dict):
            for name, member in cast("Mapping[str, object]", item).items():
                pending.extend(((name, depth + 1), (member, depth + 1)))


def _is_text(value: str) -> bool:
    """Tell whether a string can be written as UTF-8; half a surrogate pair cannot."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is repeated")
    return found


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is no JSON value")
