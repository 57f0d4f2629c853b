"""Claims pushing: ID Tokens of trusted issuers as claim tokens (Grant 3.3.1, 5.7)."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

import httpx
import jwt

from uma_reference.authorization_server.config import TrustedIssuer
from uma_reference.authorization_server.documents import elements_of
from uma_reference.authorization_server.model import Claims
from uma_reference.names import ID_TOKEN_FORMAT

_ALGORITHMS = ("ES256", "ES384", "ES512", "EdDSA", "PS256", "RS256", "RS384", "RS512")
_REQUIRED = ("iss", "sub", "aud", "exp", "iat")
_FETCH_SECONDS = 5.0


class InvalidClaimToken(Exception):  # noqa: N818 - the name of what is found
    """A claim token that does not count; the message says why, without its content."""


class KeySource(Protocol):
    """Finds the keys of a trusted issuer."""

    def keys(self, issuer: TrustedIssuer) -> Mapping[str, object]:
        """Return the issuer's JSON Web Key Set; raise `InvalidClaimToken` when it has none."""
        ...


@dataclass(slots=True)
class FetchedKeys:
    """Takes keys from the configuration, or fetches them once from the issuer's `jwks_uri`."""

    _fetched: dict[str, Mapping[str, object]] = field(
        default_factory=dict[str, "Mapping[str, object]"]
    )

    def keys(self, issuer: TrustedIssuer) -> Mapping[str, object]:
        """Return the issuer's JSON Web Key Set; raise `InvalidClaimToken` when it has none."""
        if issuer.jwks is not None:
            return issuer.jwks
        if issuer.jwks_uri not in self._fetched:
            try:
                answer = httpx.get(issuer.jwks_uri, timeout=_FETCH_SECONDS)
                document: object = answer.raise_for_status().json()
            except (httpx.HTTPError, ValueError):
                raise InvalidClaimToken("the keys of its issuer cannot be fetched") from None
            if not isinstance(document, dict):
                raise InvalidClaimToken("the keys of its issuer cannot be read")
            self._fetched[issuer.jwks_uri] = cast("Mapping[str, object]", document)
        return self._fetched[issuer.jwks_uri]


@dataclass(frozen=True, slots=True)
class Presentation:
    """A claim token as a client pushes it, with what its verification depends on."""

    token: str = field(repr=False)
    format: str
    client_id: str
    audience: str
    now: int


def verify_claims(
    presented: Presentation, issuers: Sequence[TrustedIssuer], source: KeySource
) -> Claims:
    """Verify an ID Token and return its claims; raise `InvalidClaimToken` when it does not count.

    Its issuer has to be trusted and have signed it, its audience has to be the client that pushes
    it or this server, and it has to be in time.
    """
    if presented.format != ID_TOKEN_FORMAT:
        raise InvalidClaimToken("its format is not supported")
    try:
        claims = _decode(presented, issuers, source)
    except (jwt.PyJWTError, ValueError, TypeError):
        raise InvalidClaimToken("it is malformed, or its signature does not hold") from None
    audience = claims.get("aud")
    audiences = elements_of(audience) or [audience]
    if not {presented.client_id, presented.audience} & {str(item) for item in audiences}:
        raise InvalidClaimToken("it is meant for somebody else")
    if _seconds(claims, "exp") <= presented.now:
        raise InvalidClaimToken("it has expired")
    if max(_seconds(claims, "iat"), _seconds(claims, "nbf")) > presented.now + 60:
        raise InvalidClaimToken("it is not valid yet")
    return Claims(str(claims["iss"]), claims)


def _decode(
    presented: Presentation, issuers: Sequence[TrustedIssuer], source: KeySource
) -> Mapping[str, object]:
    unverified = jwt.decode(presented.token, options={"verify_signature": False})
    issuer = next((item for item in issuers if item.issuer == unverified.get("iss")), None)
    if issuer is None:
        raise InvalidClaimToken("its issuer is not trusted")
    key_id = jwt.get_unverified_header(presented.token).get("kid")
    keys = jwt.PyJWKSet.from_json(json.dumps(source.keys(issuer))).keys
    fitting = [key for key in keys if key_id is None or key.key_id == key_id]
    if not fitting:
        raise InvalidClaimToken("it is signed with an unknown key")
    # Times are checked against the server's own clock afterwards.
    return jwt.decode(
        presented.token,
        fitting[0].key,
        algorithms=list(_ALGORITHMS),
        options={
            "require": list(_REQUIRED),
            "verify_aud": False,
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        },
    )


def _seconds(claims: Mapping[str, object], name: str) -> float:
    value = claims.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidClaimToken(f"its {name} is no time")
    # A comparison with NaN is never true, so that such a token would never expire.
    if not math.isfinite(value):
        raise InvalidClaimToken(f"its {name} is no time")
    return value
