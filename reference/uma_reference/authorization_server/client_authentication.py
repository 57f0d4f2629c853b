"""Who a client is: by secret, by a signed assertion, or by name alone if it is public.

RFC 6749 section 2.3, RFC 7523 section 3.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import jwt

from uma_reference.authorization_server.clients import (
    ALGORITHMS,
    KEY_METHOD,
    PUBLIC,
    SECRET_METHODS,
    Client,
)
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.documents import elements_of
from uma_reference.authorization_server.errors import WireError, invalid_client, invalid_request
from uma_reference.names import CLIENT_ASSERTION
from uma_reference.opaque import digest, same

_LONGEST_ASSERTION = 600
_SKEW = 60


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request says about its client: the pair of its header, if any, and its form."""

    basic: tuple[str, str] | None = field(repr=False)
    form: Mapping[str, str] = field(repr=False)


def authenticate(core: Core, given: Credentials) -> Client:
    """Return the client of a request; raise `invalid_client` for everybody else.

    Two ways at once are an `invalid_request` (RFC 6749 section 2.3).
    """
    asserted = not given.form.keys().isdisjoint({"client_assertion", "client_assertion_type"})
    ways = (given.basic is not None, asserted, "client_secret" in given.form)
    if sum(ways) > 1:
        raise invalid_request("the client is authenticated in more than one way")
    if given.basic is not None:
        named = given.form.get("client_id", given.basic[0])
        return _with_secret(core, *given.basic, named=named)
    if asserted:
        return _with_assertion(core, given.form)
    client_id = given.form.get("client_id", "")
    if "client_secret" in given.form:
        return _with_secret(core, client_id, given.form["client_secret"])
    found = core.client(client_id)
    if found is None or found.method != PUBLIC:
        raise invalid_client()
    return found


def _with_secret(core: Core, client_id: str, secret: str, named: str = "") -> Client:
    found = core.client(client_id)
    right = same(found.secret_digest if found else digest(""), digest(secret))
    if found is None or found.method not in SECRET_METHODS or not right:
        raise invalid_client()
    if named not in {"", client_id}:
        raise invalid_client()
    return found


def _with_assertion(core: Core, form: Mapping[str, str]) -> Client:
    if form.get("client_assertion_type") != CLIENT_ASSERTION:
        raise invalid_client()
    try:
        claims = _verified(core, form.get("client_assertion", ""))
    except (jwt.PyJWTError, ValueError, TypeError):
        raise invalid_client() from None
    client_id, now = str(claims["sub"]), core.clock.now()
    expires_at, jti = claims["exp"], claims["jti"]
    not_before = claims.get("nbf", now)
    if not isinstance(expires_at, int | float) or not isinstance(not_before, int | float):
        raise invalid_client()
    if not isinstance(jti, str) or not jti:
        raise invalid_client()
    # Nothing is in time by a NaN, which no comparison holds for.
    in_time = now - _SKEW < expires_at <= now + _LONGEST_ASSERTION and not_before <= now + _SKEW
    named = form.get("client_id", client_id) == client_id == claims["iss"]
    found = core.client(client_id)
    if found is None or not in_time or not named or not _for_us(core, claims["aud"]):
        raise invalid_client()
    used = core.store.count(
        f"assertion {digest(f'{client_id} {jti}')}", now, _LONGEST_ASSERTION * 2
    )
    if used > 1:
        raise invalid_client()
    return found


def _verified(core: Core, assertion: str) -> Mapping[str, object]:
    unverified = jwt.decode(assertion, options={"verify_signature": False})
    found = core.client(str(unverified.get("sub", "")))
    if found is None or found.method != KEY_METHOD or found.jwks is None:
        raise ValueError
    key_id = jwt.get_unverified_header(assertion).get("kid")
    for key in jwt.PyJWKSet.from_json(json.dumps(found.jwks)).keys:
        if key_id is None or key.key_id == key_id:
            # A key of another kind, or another key of the same kind, need not be the last.
            with suppress(jwt.InvalidSignatureError, jwt.InvalidKeyError, TypeError):
                return _decoded(assertion, key)
    raise ValueError


def _decoded(assertion: str, key: jwt.PyJWK) -> Mapping[str, object]:
    # Times are checked against the server's own clock afterwards.
    return jwt.decode(
        assertion,
        key.key,
        algorithms=list(ALGORITHMS),
        options={
            "require": ["iss", "sub", "aud", "exp", "jti"],
            "verify_aud": False,
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        },
    )


def _for_us(core: Core, audience: object) -> bool:
    audiences = elements_of(audience) or [audience]
    issuer = core.config.issuer
    return bool({issuer, f"{issuer}/token"} & {str(item) for item in audiences})


def require_grant(client: Client, grant: str) -> None:
    """Raise `unauthorized_client` for a grant that the client did not register for."""
    if not client.uses(grant):
        raise WireError(400, "unauthorized_client", "the client is not registered for this grant")
