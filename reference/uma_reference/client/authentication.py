"""How the client authenticates at an authorization server (RFC 6749 2.3, RFC 7523)."""

import base64
from collections.abc import Mapping
from urllib.parse import quote_plus, urlencode

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from uma_reference.client.holdings import Credentials
from uma_reference.client.messages import HttpRequest

METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt", "none")
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS = 60
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


class InvalidKey(ValueError):  # noqa: N818 - the name of what it is
    """A client's private key cannot be used; the message says why."""


def authenticated(  # noqa: PLR0913 - a signed request has these parts
    url: str, form: Mapping[str, str], credentials: Credentials, audience: str, now: int, fresh: str
) -> HttpRequest:
    """Return the request of a form with the client's credentials; raise `InvalidKey`.

    `fresh` is a random value for the assertion's `jti`; `audience` is the token endpoint.
    """
    members = dict(form)
    headers = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Accept", "application/json"),
    ]
    match credentials.method:
        case "client_secret_basic":
            pair = f"{quote_plus(credentials.client_id)}:{quote_plus(credentials.secret)}"
            headers.append(("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"))
        case "client_secret_post":
            members |= {"client_id": credentials.client_id, "client_secret": credentials.secret}
        case "private_key_jwt":
            members["client_id"] = credentials.client_id
            members["client_assertion_type"] = _ASSERTION
            members["client_assertion"] = _assertion(credentials, audience, now, fresh)
        case _:
            members["client_id"] = credentials.client_id
    return HttpRequest("POST", url, tuple(headers), urlencode(members).encode())


def check_key(text: str) -> None:
    """Raise `InvalidKey` unless a PEM text holds a private key that can sign."""
    _algorithm_of(_key(text))


def _assertion(credentials: Credentials, audience: str, now: int, fresh: str) -> str:
    key = _key(credentials.key)
    payload = {
        "iss": credentials.client_id,
        "sub": credentials.client_id,
        "aud": audience,
        "jti": fresh,
        "iat": now,
        "exp": now + _ASSERTION_SECONDS,
    }
    headers = {"kid": credentials.key_id} if credentials.key_id else None
    return jwt.encode(payload, key, algorithm=_algorithm_of(key), headers=headers)


def _key(text: str) -> _Key:
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InvalidKey("it has to be a private key in PEM form without a password") from None
    if not isinstance(key, _Key):
        raise InvalidKey("it has to be an RSA, EC or Ed25519 key")
    return key


def _algorithm_of(key: _Key) -> str:
    if isinstance(key, rsa.RSAPrivateKey):
        return "RS256"
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "EdDSA"
    algorithm = _CURVES.get(key.curve.name)
    if algorithm is None:
        raise InvalidKey("it has to be on the curve P-256, P-384 or P-521")
    return algorithm
