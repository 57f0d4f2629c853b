"""The challenge of a resource server: `WWW-Authenticate: UMA` (Grant 3.2.1, RFC 9110 11.6.1)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = re.compile(rf'({_NAME})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|({_NAME}))', re.DOTALL)
_SCHEME = re.compile(rf"({_NAME})(?:[ \t]+([A-Za-z0-9._~+/-]+=*)(?=[ \t]*(?:,|$)))?")
_SEPARATORS = re.compile(r"[ \t,]*")
_LONGEST = 16_384


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge: its scheme and its parameters, both named in lower case."""

    scheme: str
    parameters: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class UmaChallenge:
    """What a resource server tells the client: the server to go to, and a permission ticket."""

    as_uri: str
    ticket: str = field(repr=False)


def parse_challenges(values: Iterable[str]) -> tuple[Challenge, ...]:
    """Read all challenges of `WWW-Authenticate` headers; what cannot be read is left out."""
    found: list[Challenge] = []
    for value in values:
        found.extend(_challenges_of(value[:_LONGEST]))
    return tuple(found)


def uma_challenge(values: Iterable[str]) -> UmaChallenge | None:
    """Return the first UMA challenge that names a server and a ticket (Grant 3.2.1)."""
    for item in parse_challenges(values):
        uri, ticket = item.parameters.get("as_uri", ""), item.parameters.get("ticket", "")
        if item.scheme == "uma" and uri and ticket:
            return UmaChallenge(uri, ticket)
    return None


def _challenges_of(value: str) -> list[Challenge]:
    found: list[tuple[str, dict[str, str]]] = []
    position = 0
    while position < len(value):
        position = _after(_SEPARATORS, value, position)
        parameter = _PARAMETER.match(value, position)
        if parameter and found:
            name, quoted, plain = parameter.groups()
            text = re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) if plain is None else plain
            found[-1][1].setdefault(name.lower(), text)
            position = parameter.end()
            continue
        scheme = _SCHEME.match(value, position)
        if scheme is None:
            break
        found.append((scheme.group(1).lower(), {}))
        position = scheme.end()
    return [Challenge(scheme, parameters) for scheme, parameters in found]


def _after(pattern: "re.Pattern[str]", value: str, position: int) -> int:
    match = pattern.match(value, position)
    return match.end() if match else position
