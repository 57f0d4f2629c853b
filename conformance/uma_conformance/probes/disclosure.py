"""What a holder can read in an opaque value: claims of a requesting party (Grant 3.3.5)."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from uma_conformance.jsonvalue import array_of, object_of
from uma_conformance.trace import parse_json

_DEPTH = 3
_SHORTEST = 5
# More than this no client would want to keep, and nobody has to read.
_LONGEST = 16_384
# What a token says of itself is not what was claimed about a person.
_OF_THE_TOKEN = frozenset(
    {
        *("acr", "alg", "amr", "at_hash", "aud", "auth_time", "azp", "c_hash", "client_id", "exp"),
        *("iat", "iss", "jti", "kid", "nbf", "nonce", "scope", "session_state", "sid", "typ"),
    }
)


def readings(value: str, depth: int = _DEPTH) -> Iterator[str]:
    """Yield the ways to read a value: as it is, decoded, in its parts, each over again."""
    yield value
    if depth == 0:
        return
    found = {unquote(value), *_decoded(value)}
    for part in value.split("."):
        found |= {part, *_decoded(part)}
    for item in found - {value, ""}:
        yield from readings(item, depth - 1)


def _decoded(value: str) -> Iterator[str]:
    stripped = value.rstrip("=")
    if re.fullmatch(r"[\w+/-]{4,}", stripped, re.ASCII):
        padded = stripped.translate(str.maketrans("+/", "-_")) + "=" * (-len(stripped) % 4)
        try:
            yield base64.urlsafe_b64decode(padded).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return
    if re.fullmatch(r"([0-9a-fA-F]{2})+", value):
        yield bytes.fromhex(value).decode("utf-8", "replace")


def claims_in(token: str) -> Mapping[str, object]:
    """Return the claims of a JSON Web Token about a person; none for any other format."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    read = (object_of(parse_json(text)) for text in _decoded(parts[1]))
    return {
        name: value
        for members in read
        for name, value in members.items()
        if name not in _OF_THE_TOKEN
    }


def shown(value: str, told: Iterable[object]) -> int:
    """Return how many of the values that were told can be read in a value."""
    texts = [text.lower() for text in readings(value[:_LONGEST])]
    wanted = {item.lower() for item in told if isinstance(item, str) and len(item) >= _SHORTEST}
    return sum(any(item in text for text in texts) for item in wanted)


def members_read(value: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return which of these names a readable structure in a value has as members.

    `sub` may be a reference that means nothing to others, so it does not count by its name.
    """
    present = {name for text in readings(value[:_LONGEST]) for name in _names(parse_json(text))}
    return tuple(sorted(present & (set(names) - {"sub"})))


def _names(value: object) -> Iterator[str]:
    pending = [value]
    while pending:
        item = pending.pop()
        members = object_of(item)
        yield from members
        pending.extend((*array_of(item), *members.values()))
