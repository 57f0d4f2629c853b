"""A server with clients of every kind, and one that lets more register."""

import json
from collections.abc import Callable
from typing import cast

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt import api_jws
from jwt.algorithms import ECAlgorithm

from uma_reference.authorization_server import AdjustableClock

Document = dict[str, object]
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture(scope="session")
def client_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public(key: ec.EllipticCurvePrivateKey, kid: str) -> Document:
    return {**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid}


@pytest.fixture
def public_jwk() -> Callable[[ec.EllipticCurvePrivateKey, str], Document]:
    return public


@pytest.fixture
def document(document: Document, client_key: ec.EllipticCurvePrivateKey) -> Document:
    more: list[object] = [
        {
            "id": "signer",
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": {"keys": [public(client_key, "1")]},
        },
        {"id": "public", "token_endpoint_auth_method": "none"},
        {
            "id": "post",
            "secret": "a b:%&+\u00e9",
            "token_endpoint_auth_method": "client_secret_post",
        },
    ]
    return {
        **document,
        "clients": [*cast("list[object]", document["clients"]), *more],
        "features": ["dynamic-registration", "pct", "refresh", "revocation"],
        "limits": {"registrations_per_hour": 5},
    }


@pytest.fixture
def assertion(
    client_key: ec.EllipticCurvePrivateKey, clock: AdjustableClock
) -> Callable[..., dict[str, str]]:
    """Return a function that makes the parameters by which a client says who it is."""
    made: list[object] = []

    def make(
        key: object = client_key,
        header: Document | None = None,
        alg: str = "ES256",
        **claims: object,
    ) -> dict[str, str]:
        now = clock.now()
        made.append(None)
        standard: Document = {
            "iss": "signer",
            "sub": "signer",
            "aud": "https://as.example/token",
            "iat": now,
            "exp": now + 60,
            "jti": f"number {len(made)}",
        }
        kept = {name: value for name, value in {**standard, **claims}.items() if value is not None}
        # Unlike `jwt.encode` this signs anything, sensible or not.
        signed = api_jws.encode(
            json.dumps(kept).encode(),
            cast("ec.EllipticCurvePrivateKey", key),
            alg,
            {"kid": "1"} if header is None else header,
        )
        return {"client_assertion": signed, "client_assertion_type": ASSERTION}

    return make


@pytest.fixture
def login(server: httpx.Client) -> Callable[..., httpx.Response]:
    """Return a function that has a client authenticate, for nothing but a plain token."""

    def post(auth: tuple[str, str] | None = None, **form: str) -> httpx.Response:
        sent = {"grant_type": "client_credentials", **form}
        return server.post("/token", data=sent, auth=auth or httpx.USE_CLIENT_DEFAULT)

    return post


@pytest.fixture
def registered(server: httpx.Client) -> Callable[..., httpx.Response]:
    """Return a function that sends client metadata to the registration endpoint."""

    def post(**metadata: object) -> httpx.Response:
        return server.post("/register", json=metadata)

    return post
