"""Reading JSON bodies and forms strictly."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import cast
from urllib.parse import parse_qsl

from uma_reference.authorization_server.errors import invalid_request

_DEEPEST = 100


def read_json(body: bytes) -> object:
    """Parse a JSON body; raise `invalid_request` also for a member that stands there twice."""
    try:
        value: object = json.loads(
            body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse
        )
    except (ValueError, RecursionError):
        raise invalid_request("the body is no valid JSON document") from None
    _require_writable(value)
    return value


def _require_writable(value: object) -> None:
    """Refuse what could be read and never be written again: it is kept, and shown later."""
    pending: list[tuple[object, int]] = [(value, 0)]
    while pending:
        item, depth = pending.pop()
        if depth > _DEEPEST:
            raise invalid_request("the document is nested too deeply")
        if isinstance(item, float) and not math.isfinite(item):
            raise invalid_request("a number in the document is too large")
        if isinstance(item, str) and not _is_text(item):
            raise invalid_request("a string in the document is no Unicode text")
        elements = elements_of(item)
        if elements is not None:
            pending.extend((element, depth + 1) for element in elements)
        elif isinstance(item, dict):
            for name, member in members_of(cast("object", item), "it").items():
                pending.extend(((name, depth + 1), (member, depth + 1)))


def _is_text(value: str) -> bool:
    """Tell whether a string can be written as UTF-8; half a surrogate pair cannot."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def read_form(body: bytes) -> dict[str, str]:
    """Parse a form; raise `invalid_request` for a parameter that stands there twice."""
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise invalid_request("the body is no valid form") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise invalid_request("a parameter is repeated")
    return {name: value for name, value in form.items() if value}


def members_of(value: object, what: str) -> Mapping[str, object]:
    """Return the members of a JSON object, or raise `invalid_request`."""
    if not isinstance(value, dict):
        raise invalid_request(f"{what} has to be a JSON object")
    return cast("Mapping[str, object]", value)


def elements_of(value: object) -> Sequence[object] | None:
    """Return the elements of a JSON array, or `None` for anything else."""
    return cast("Sequence[object]", value) if isinstance(value, list) else None


def strings_of(value: object, what: str) -> tuple[str, ...]:
    """Return the strings of a JSON array, or raise `invalid_request`."""
    elements = elements_of(value)
    if elements is None or not all(isinstance(item, str) for item in elements):
        raise invalid_request(f"{what} has to be an array of strings")
    return tuple(str(item) for item in elements)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is repeated")
    return found


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is no JSON value")
