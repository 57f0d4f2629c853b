"""RPTs that are JWTs, validated without asking the authorization server (RFC 9068)."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import cast

import jwt

from uma_reference.client.messages import HttpRequest, NoAnswer, parse_object
from uma_reference.client.transport import Sender
from uma_reference.clock import Clock
from uma_reference.resource_server.discovery import LIMIT_BYTES, Discovery
from uma_reference.resource_server.errors import Unavailable
from uma_reference.resource_server.validation import Validated, Validator

_ALGORITHMS = (
    *("ES256", "ES384", "ES512", "EdDSA"),
    *("PS256", "PS384", "PS512", "RS256", "RS384", "RS512"),
)
_TYPES = frozenset({"at+jwt", "application/at+jwt"})
_REQUIRED = ("iss", "exp", "aud", "sub", "client_id", "iat", "jti")
_KEPT_SECONDS = 3600
_PAUSE_SECONDS = 30
_INACTIVE = Validated({"active": False})
Keys = Mapping[str, jwt.PyJWK]


class LocalValidation:
    """Validates JWTs of the type `at+jwt`; asks about other RPTs, and those without permissions.

    The claim `permissions` has the form that it has in introspection. Revocation, and policies that
    end, show only when the JWT's own time is over.
    """

    def __init__(
        self, keys: "KeySet", issuer: str, audiences: Sequence[str], inner: Validator
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audiences = audiences
        self._inner = inner

    def state(self, owner: str, rpt: str, *, anew: bool = False) -> Validated:
        """Return what the claims say; raise `Unavailable` when there is no key to check with."""
        header = _header(rpt)
        if header is None:
            return self._inner.state(owner, rpt, anew=anew)
        key = self._keys.key(header.get("kid"))
        if key is None:
            return _INACTIVE
        try:
            # Times are left to those who enforce; they have the clock.
            claims: Mapping[str, object] = jwt.decode(
                rpt,
                key,
                algorithms=list(_ALGORITHMS),
                audience=list(self._audiences),
                issuer=self._issuer,
                options={
                    "require": list(_REQUIRED),
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.InvalidTokenError, ValueError, TypeError):
            return _INACTIVE
        if "permissions" not in claims:
            return self._inner.state(owner, rpt, anew=anew)
        return Validated({**claims, "active": True})


class KeySet:
    """The signing keys behind `jwks_uri`, fetched again when one is missing, but not too often."""

    def __init__(self, discovery: Discovery, sender: Sender, clock: Clock) -> None:
        self._discovery = discovery
        self._sender = sender
        self._clock = clock
        self._kept: tuple[int, Keys] | None = None

    def key(self, kid: object) -> jwt.PyJWK | None:
        """Return the key of an identifier; without one, the only key there is."""
        now, kept = self._clock.now(), self._kept
        found = _found(kept[1], kid) if kept is not None else None
        if kept is None or now >= kept[0] + (_KEPT_SECONDS if found else _PAUSE_SECONDS):
            self._kept = kept = (now, self._fetch())
            found = _found(kept[1], kid)
        return found

    def _fetch(self) -> Keys:
        url = self._discovery.endpoints().jwks_uri
        if not url:
            raise Unavailable("the authorization server has no jwks_uri")
        answer = self._sender.send(HttpRequest("GET", url), LIMIT_BYTES)
        if isinstance(answer, NoAnswer) or answer.status != 200:
            raise Unavailable("the authorization server's keys cannot be fetched")
        listed = (parse_object(answer.body) or {}).get("keys")
        found: dict[str, jwt.PyJWK] = {}
        for item in cast("list[object]", listed) if isinstance(listed, list) else []:
            key = _usable(item)
            if key is not None:
                found[key.key_id or ""] = key
        return found


def _found(keys: Keys, kid: object) -> jwt.PyJWK | None:
    if kid is None:
        return next(iter(keys.values())) if len(keys) == 1 else None
    return keys.get(kid) if isinstance(kid, str) else None


def _usable(item: object) -> jwt.PyJWK | None:
    if not isinstance(item, dict):
        return None
    members = cast("dict[str, object]", item)
    if members.get("use", "sig") != "sig" or members.get("kty") not in {"RSA", "EC", "OKP"}:
        return None
    try:
        return jwt.PyJWK(members)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None


def _header(rpt: str) -> Mapping[str, object] | None:
    """Return the header of a JWT access token, nothing for any other token."""
    if rpt.count(".") != 2:
        return None
    try:
        text = rpt.partition(".")[0]
        header: object = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        return None
    if not isinstance(header, dict):
        return None
    members = cast("Mapping[str, object]", header)
    kind = members.get("typ")
    return members if isinstance(kind, str) and kind.lower() in _TYPES else None
