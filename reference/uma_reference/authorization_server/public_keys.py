"""Public keys of clients, as they are configured or registered (RFC 7517)."""

from collections.abc import Mapping
from typing import cast

import jwt
from cryptography.exceptions import UnsupportedAlgorithm

from uma_reference.authorization_server.documents import elements_of

# RFC 7518: private and symmetric keys have one of these.
_SECRET_MEMBERS = frozenset({"d", "k", "p", "q", "dp", "dq", "qi", "oth"})


def public_keys(value: object) -> Mapping[str, object]:
    """Return a JSON Web Key Set that can be used; raise `ValueError` for any other value.

    A private key is refused, as it is private no more.
    """
    if not isinstance(value, dict):
        raise ValueError("they are no JSON object")  # noqa: TRY004 - one error for all
    found = cast("Mapping[str, object]", value)
    listed = elements_of(found.get("keys")) or ()
    for item in listed:
        if not isinstance(item, dict) or _SECRET_MEMBERS & item.keys():
            raise ValueError("a key is no public key")
    try:
        usable = jwt.PyJWKSet.from_dict(dict(found)).keys
    except (jwt.PyJWTError, UnsupportedAlgorithm, TypeError, AttributeError, KeyError):
        raise ValueError("the keys cannot be read") from None
    if not usable:
        raise ValueError("there is no key")
    return found
