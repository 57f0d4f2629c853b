"""What is known about a requesting party, in words for her and for the owners whom she asks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from uma_reference.authorization_server import words
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.documents import elements_of
from uma_reference.authorization_server.model import SELF_ASSERTED, Claims
from uma_reference.authorization_server.people import Person

# What tokens say about themselves tells nobody anything about a person.
_OF_TOKENS = frozenset(
    {
        *("acr", "amr", "at_hash", "aud", "auth_time", "azp", "c_hash", "exp", "iat", "iss", "jti"),
        *("nbf", "nonce", "s_hash", "sid"),
    }
)
_LABELS: Mapping[str, str] = {
    "sub": "Identifier",
    "name": "Name",
    "email": "E-mail address",
    "email_verified": "E-mail address verified",
    "phone_number": "Phone number",
    "role": "Role",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What one issuer says, as pairs of label and value; `verified` unless she said so herself."""

    by: str
    verified: bool
    pairs: tuple[tuple[str, str], ...]


def said(core: Core, claims: Claims) -> tuple[Said, ...]:
    """Return what each issuer says about a person."""
    return tuple(
        Said(
            _source(core, item.issuer),
            item.issuer != SELF_ASSERTED,
            pairs(item.values),
        )
        for item in claims.each
        if item.values
    )


def pairs(values: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return claims about a person as pairs of label and value."""
    return tuple(
        (_LABELS.get(name, name.replace("_", " ")), shown(value))
        for name, value in values.items()
        if name not in _OF_TOKENS
    )


def asker(core: Core, claims: Claims) -> words.Who | None:
    """Return who a requesting party is, by the first issuer that says so."""
    named = [Person("sub", issuer, subject) for issuer, subject in claims.identities]
    return words.who(core, named[0]) if named else None


def shown(value: object) -> str:
    """Return the value of a claim as people read it."""
    if isinstance(value, str):
        return value
    elements = elements_of(value)
    if elements is not None:
        return ", ".join(shown(item) for item in elements)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False)


def _source(core: Core, issuer: str) -> str:
    if issuer == SELF_ASSERTED:
        return "Stated by the person, and not verified"
    if issuer == core.config.issuer:
        return "Known to this server"
    return f"Verified by {issuer.removeprefix('https://')}"
