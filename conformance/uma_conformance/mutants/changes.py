"""What can be changed in a recorded answer: a status, a header, a member, the body."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from uma_conformance.jsonvalue import array_of, is_array, object_of
from uma_conformance.trace import NOT_JSON, Exchange, Response

_OTHER_STATUS = {True: (204, 400, 500), False: (200, 400, 403, 500)}
_LONGEST_ARRAY = 2


@dataclass(frozen=True, slots=True)
class Changed:
    """An answer with one thing changed; `place` says where and `change` how."""

    exchange: Exchange
    place: str
    change: str


def changes_of(exchange: Exchange) -> Iterator[Changed]:
    """Yield an answered exchange with each thing changed that can be."""
    response = exchange.response
    if response is None:
        return
    for status in _OTHER_STATUS[exchange.succeeded]:
        if status != response.status:
            yield _changed(
                exchange, replace(response, status=status), "status", f"{status} in place of"
            )
    yield from _headers(exchange, response)
    yield from _redirect(exchange, response)
    if response.body:
        yield _changed(exchange, replace(response, body=""), "body", "drop")
        half = response.body[: len(response.body) // 2]
        yield _changed(exchange, replace(response, body=half), "body", "cut")
    if exchange.json is not NOT_JSON:
        for place, change, value in _values(exchange.json, ""):
            yield _changed(exchange, replace(response, body=json.dumps(value)), place, change)
        yield from _repeated(exchange, response)


def _changed(exchange: Exchange, response: Response, place: str, change: str) -> Changed:
    return Changed(replace(exchange, response=response), place, change)


def _headers(exchange: Exchange, response: Response) -> Iterator[Changed]:
    for number, (name, value) in enumerate(response.headers):
        before, after = response.headers[:number], response.headers[number + 1 :]
        place = f"header {name.lower()}"
        yield _changed(exchange, replace(response, headers=(*before, *after)), place, "drop")
        other = (*before, (name, f"{value}-x"), *after)
        yield _changed(exchange, replace(response, headers=other), place, "alter")


def _redirect(exchange: Exchange, response: Response) -> Iterator[Changed]:
    """Yield changes of the parameters with which somebody is sent away."""
    location = next((v for k, v in response.headers if k.lower() == "location"), "")
    if not location or not 300 <= response.status < 400:
        return
    parts = urlsplit(location)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    for number, (name, value) in enumerate(pairs):
        before, after = pairs[:number], pairs[number + 1 :]
        for change, other in (
            ("drop", [*before, *after]),
            ("alter", [*before, (name, f"{value}x"), *after]),
            ("repeat", [*before, (name, value), (name, value), *after]),
        ):
            changed = urlunsplit(parts._replace(query=urlencode(other)))
            headers = tuple(
                (k, changed if k.lower() == "location" else v) for k, v in response.headers
            )
            place = f"parameter {name}"
            yield _changed(exchange, replace(response, headers=headers), place, change)


def _values(value: object, place: str) -> Iterator[tuple[str, str, object]]:
    """Yield every JSON value that differs from one in one place, with where and how."""
    members = object_of(value)
    for name, member in members.items():
        here = f"{place}/{name}"
        yield here, "drop", {key: item for key, item in members.items() if key != name}
        for change, other in _others(member):
            yield here, change, {**members, name: other}
        for inner, change, other in _values(member, here):
            yield inner, change, {**members, name: other}
    if is_array(value):
        items = list(array_of(value))
        if items:
            yield f"{place}[]", "empty", []
        for number, item in enumerate(items[:_LONGEST_ARRAY]):
            here = f"{place}[{number}]"
            yield here, "drop", [*items[:number], *items[number + 1 :]]
            for change, other in _others(item):
                yield here, change, [*items[:number], other, *items[number + 1 :]]
            for inner, change, other in _values(item, here):
                yield inner, change, [*items[:number], other, *items[number + 1 :]]


def _others(value: object) -> Sequence[tuple[str, object]]:
    """Return values of another type, and another value of the same type."""
    match value:
        case bool():
            return [("retype", str(value).lower()), ("alter", not value)]
        case str():
            return [("retype", 7), ("alter", f"{value}x"), ("empty", "")]
        case int() | float():
            return [("retype", str(value)), ("alter", -value - 1)]
        case None:
            return [("retype", "null")]
        case _:
            wrapped: object = {"0": value} if is_array(value) else [value]
            return [("retype", wrapped), ("retype to a string", json.dumps(value))]


def _repeated(exchange: Exchange, response: Response) -> Iterator[Changed]:
    """Yield bodies in which a member stands twice."""
    members = object_of(exchange.json)
    for name, value in members.items():
        pairs = [*members.items(), (name, value)]
        body = ", ".join(f"{json.dumps(key)}: {json.dumps(item)}" for key, item in pairs)
        yield _changed(exchange, replace(response, body=f"{{{body}}}"), f"/{name}", "repeat")
