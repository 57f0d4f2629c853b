"""Whether an answer can be read at all, and means one thing only.

What cannot be read shows nothing, neither that a rule is kept nor that something is not there. So a
check that looked at such an answer has nothing to pass a row by.

RFC 8259 section 4 says of names that stand twice in an object that they should not, and that what
receivers make of them cannot be predicted. With the same value each time every reader reads the
same: that is only remarked on. With different values a server may say one thing to one reader and
something else to another: nothing rests on such an answer. Answers of the token endpoint are a
matter of their own: RFC 6749 section 3.2 forbids parameters that stand twice (see G-3.3.5-02).
"""

import json
from collections.abc import Sequence

from uma_conformance.jsonvalue import array_of, is_array, object_of
from uma_conformance.trace import NOT_JSON, Exchange

# Endpoints whose answers are JSON: the good ones, and, where the specifications say so, errors.
_GOOD = frozenset(
    {"discovery", "resource registration", "permission", "introspection", "client registration"}
)
_ALL, _REFUSED = "token", "permission"
# What a browser, a proxy or a server says that does not get as far as the endpoint.
_BEFORE = frozenset({401, 403, 405})


def illegible(exchange: Exchange) -> str:
    """Say why an answer that has to be JSON cannot be read; empty if it can, or need not be."""
    if not _is_json(exchange):
        return ""
    if exchange.response is not None and exchange.response.truncated:
        return "it is longer than the limit of the run"
    if exchange.json is NOT_JSON:
        return "it is no JSON"
    lists = is_array(exchange.json) and exchange.endpoint == "resource registration"
    if not isinstance(exchange.json, dict) and not lists:
        return "it is no JSON object"
    if exchange.endpoint == _ALL and not (exchange.error or "access_token" in exchange.members):
        return "it is neither a token nor an error with its code"
    unclear = [name for name, same in _repeated(exchange) if not same]
    return f"{', '.join(unclear)} stands in it twice, with different values" if unclear else ""


def repeated(exchange: Exchange) -> Sequence[str]:
    """Return the names that stand twice in one object of an answer that is JSON."""
    return [name for name, _ in _repeated(exchange)] if _is_json(exchange) else []


def _is_json(exchange: Exchange) -> bool:
    status, endpoint = exchange.status, exchange.endpoint
    if exchange.succeeded:
        empty = status == 204 or exchange.request.method == "DELETE"
        return endpoint == _ALL or (endpoint in _GOOD and not empty)
    if endpoint == _REFUSED:
        return 400 <= status < 500 and status not in _BEFORE
    return endpoint == _ALL and exchange.answered


def _repeated(exchange: Exchange) -> Sequence[tuple[str, bool]]:
    """Return each name that stands twice, and whether its values are the same."""
    body = exchange.response.body if exchange.response else ""
    found: dict[str, bool] = {}

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        whole: dict[str, object] = {}
        for name, value in pairs:
            if name in whole:
                found[name] = found.get(name, True) and _same(whole[name], value)
            whole[name] = value
        return whole

    try:
        json.loads(body, object_pairs_hook=members)
    except (ValueError, RecursionError):
        return ()
    return tuple(found.items())


def _same(one: object, other: object) -> bool:
    """Compare as JSON: true is not 1."""
    if is_array(one) and is_array(other):
        pairs = list(zip(array_of(one), array_of(other), strict=False))
        return len(array_of(one)) == len(array_of(other)) and all(_same(a, b) for a, b in pairs)
    first, second = object_of(one), object_of(other)
    if first and second:
        return first.keys() == second.keys() and all(_same(first[k], second[k]) for k in first)
    return type(one) is type(other) and one == other
