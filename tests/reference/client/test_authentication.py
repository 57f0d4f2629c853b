"""How the client authenticates, as seen by the server."""

import base64
from urllib.parse import parse_qs, unquote_plus

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from uma_reference.client import Credentials
from uma_reference.client.authentication import InvalidKey, authenticated, check_key
from uma_reference.client.messages import HttpRequest

TOKEN = "https://as.example/token"


def signed_in(credentials: Credentials) -> tuple[HttpRequest, dict[str, list[str]]]:
    request = authenticated(TOKEN, {"grant_type": "x"}, credentials, TOKEN, 1000, "fresh")
    return request, parse_qs(request.body.decode())


def pem(key: PrivateKeyTypes) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def test_basic_encodes_name_and_secret_before_joining_them() -> None:
    request, form = signed_in(Credentials("a:b c", "client_secret_basic", "p%:ü"))
    (value,) = [value for name, value in request.headers if name == "Authorization"]
    name, _, secret = base64.b64decode(value.removeprefix("Basic ")).decode().partition(":")
    assert (unquote_plus(name), unquote_plus(secret)) == ("a:b c", "p%:ü")
    assert form == {"grant_type": ["x"]}


def test_post_and_none_name_the_client_in_the_form() -> None:
    _, post = signed_in(Credentials("c", "client_secret_post", "s"))
    request, public = signed_in(Credentials("c"))
    assert (post["client_id"], post["client_secret"]) == (["c"], ["s"])
    assert public == {"grant_type": ["x"], "client_id": ["c"]}
    assert all(name != "Authorization" for name, _ in request.headers)


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ec.generate_private_key(ec.SECP256R1()), "ES256"),
        (ec.generate_private_key(ec.SECP384R1()), "ES384"),
        (rsa.generate_private_key(65537, 2048), "RS256"),
        (ed25519.Ed25519PrivateKey.generate(), "EdDSA"),
    ],
    ids=["p256", "p384", "rsa", "ed25519"],
)
def test_an_assertion_is_signed_for_this_endpoint(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey,
    algorithm: str,
) -> None:
    _, form = signed_in(Credentials("c", "private_key_jwt", key=pem(key), key_id="k1"))
    (assertion,) = form["client_assertion"]
    claims = jwt.decode(
        assertion,
        key.public_key(),
        algorithms=[algorithm],
        audience=TOKEN,
        options={"verify_exp": False, "verify_iat": False},
    )
    assert (claims["iss"], claims["sub"], claims["jti"]) == ("c", "c", "fresh")
    assert claims["exp"] - claims["iat"] <= 60
    assert jwt.get_unverified_header(assertion)["kid"] == "k1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "canary",
        pem(ec.generate_private_key(ec.SECP256K1())),
        pem(x25519.X25519PrivateKey.generate()),
    ],
    ids=["empty", "junk", "curve", "kind"],
)
def test_a_key_that_cannot_sign_is_refused(text: str) -> None:
    with pytest.raises(InvalidKey) as caught:
        check_key(text)
    assert "canary" not in str(caught.value)


def test_secrets_are_in_no_representation() -> None:
    request, _ = signed_in(Credentials("c", "client_secret_post", "canary"))
    assert "canary" not in repr(request) + repr(Credentials("c", secret="canary", key="canary"))
