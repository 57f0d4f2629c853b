"""Reading JSON bodies and forms strictly."""

from collections.abc import Mapping, Sequence
from typing import cast
from urllib.parse import parse_qsl

from uma_reference.authorization_server.errors import invalid_request
from uma_reference.strict_json import BadJson, parse


def read_json(body: bytes) -> object:
    """Parse a JSON body; raise `invalid_request` also for a member that stands there twice."""
    try:
        return parse(body)
    except BadJson as error:
        raise invalid_request(str(error)) from None


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
