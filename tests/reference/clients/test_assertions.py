"""Clients that sign who they are (private_key_jwt, RFC 7523 section 3)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import cast

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import RSAAlgorithm

from uma_reference.authorization_server import AdjustableClock, Config, ConfigError

Login = Callable[..., httpx.Response]
Assertion = Callable[..., dict[str, str]]
Document = dict[str, object]
PublicJwk = Callable[[ec.EllipticCurvePrivateKey, str], Document]


def refused(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"aud": "https://as.example"},
        {"aud": ["https://elsewhere.example", "https://as.example/token"]},
        {"iat": None},
        {"nbf": 0},
    ],
)
def test_a_signed_assertion_is_who_the_client_is(
    login: Login, assertion: Assertion, claims: Document
) -> None:
    assert login(**assertion(**claims)).status_code == 200
    assert login(client_id="signer", **assertion(**claims)).status_code == 200


def test_a_time_may_have_a_fraction(
    login: Login, assertion: Assertion, clock: AdjustableClock
) -> None:
    assert login(**assertion(exp=clock.now() + 30.5)).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://elsewhere.example/token"},
        {"aud": ["https://elsewhere.example"]},
        {"aud": []},
        {"aud": "https://as.example/"},
        {"aud": "https://as.example.evil.example"},
        {"aud": {"https://as.example": 1}},
        {"aud": None},
        {"iss": "client"},
        {"iss": ["signer"]},
        {"iss": None},
        {"sub": "client"},
        {"sub": "public"},
        {"sub": "nobody"},
        {"sub": ["signer"]},
        {"sub": None},
        {"iss": "client", "sub": "client"},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"exp": 10**400},
        {"nbf": "now"},
        {"nbf": float("nan")},
    ],
)
def test_an_assertion_with_something_else_in_it_is_refused(
    login: Login, assertion: Assertion, claims: Document
) -> None:
    assert refused(login(**assertion(**claims)))


@pytest.mark.parametrize(
    ("name", "ahead", "accepted"),
    [
        ("exp", -61, False),
        ("exp", -50, True),
        ("exp", 599, True),
        ("exp", 610, False),
        ("exp", 86_400, False),
        ("nbf", 50, True),
        ("nbf", 70, False),
    ],
)
def test_an_assertion_counts_for_a_short_while(
    login: Login,
    assertion: Assertion,
    clock: AdjustableClock,
    name: str,
    ahead: int,
    accepted: bool,  # noqa: FBT001 - a case of the table
) -> None:
    answer = login(**assertion(**{name: clock.now() + ahead}))
    assert answer.status_code == 200 if accepted else refused(answer)


def test_an_assertion_counts_once(
    login: Login, assertion: Assertion, clock: AdjustableClock
) -> None:
    sent = assertion(exp=clock.now() + 600)
    assert login(**sent).status_code == 200
    for seconds in (0, 60, 590):
        clock.advance(seconds)
        assert refused(login(**sent))


def test_its_number_counts_once_whatever_else_it_says(login: Login, assertion: Assertion) -> None:
    assert login(**assertion(jti="same")).status_code == 200
    assert refused(login(**assertion(jti="same", aud="https://as.example")))
    assert login(**assertion(jti="another")).status_code == 200


def test_a_refused_assertion_uses_no_number_up(login: Login, assertion: Assertion) -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())
    assert refused(login(**assertion(key=stranger, jti="same")))
    assert refused(login(**assertion(aud="https://elsewhere.example", jti="same")))
    assert login(**assertion(jti="same")).status_code == 200


def test_an_assertion_of_another_key_is_refused(login: Login, assertion: Assertion) -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())
    assert refused(login(**assertion(key=stranger)))


def test_no_key_that_comes_along_is_used(
    login: Login, assertion: Assertion, public_jwk: PublicJwk
) -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())
    header = {"kid": "1", "jwk": public_jwk(stranger, "1"), "jku": "https://evil.example/jwks"}
    assert refused(login(**assertion(key=stranger, header=header)))


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", ""])
def test_an_assertion_that_nobody_signed_is_refused(
    login: Login, assertion: Assertion, alg: str
) -> None:
    sent = assertion()
    claims = sent["client_assertion"].split(".")[1]
    for signature in ("", "x"):
        bare = f"{part({'alg': alg, 'kid': '1'})}.{claims}.{signature}"
        assert refused(login(**{**sent, "client_assertion": bare}))


def test_the_public_key_is_no_secret_to_sign_with(
    login: Login, assertion: Assertion, client_key: ec.EllipticCurvePrivateKey
) -> None:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    pem = client_key.public_key().public_bytes(serialization.Encoding.PEM, form)

    sent = assertion()
    claims = sent["client_assertion"].split(".")[1]
    signed = f"{part({'alg': 'HS256', 'kid': '1'})}.{claims}"
    mac = hmac.new(pem, signed.encode(), hashlib.sha256).digest()
    forged = f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
    assert refused(login(**{**sent, "client_assertion": forged}))


@pytest.mark.parametrize(
    "form",
    [
        {"client_assertion": ""},
        {"client_assertion": "x"},
        {"client_assertion": "x.y.z"},
        {"client_assertion": "\u00e9.\u00e9.\u00e9"},
        {"client_assertion": f"{part({'alg': 'ES256'})}.{part([])}.x"},
        {"client_assertion": f"{part([])}.{part({})}.x"},
        {"client_assertion_type": ""},
        {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"},
        {"client_id": "client"},
        {"client_id": "public"},
    ],
)
def test_parameters_that_do_not_fit_are_refused(
    login: Login, assertion: Assertion, form: dict[str, str]
) -> None:
    assert refused(login(**{**assertion(), **form}))


def test_a_changed_letter_is_noticed(login: Login, assertion: Assertion) -> None:
    sent = assertion()
    header, claims, signature = sent["client_assertion"].split(".")
    changed = json.loads(base64.urlsafe_b64decode(claims + "=="))
    for altered in (f"{header}.{part({**changed, 'x': 1})}.{signature}", f"{header}.{claims}."):
        assert refused(login(**{**sent, "client_assertion": altered}))
    assert login(**sent).status_code == 200


@pytest.fixture(scope="session")
def elder() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


class TestWithSeveralKeys:
    """A client that changes its keys has several for a while."""

    @pytest.fixture
    def document(
        self,
        document: Document,
        elder: rsa.RSAPrivateKey,
        client_key: ec.EllipticCurvePrivateKey,
        public_jwk: PublicJwk,
    ) -> Document:
        other = public_jwk(ec.generate_private_key(ec.SECP256R1()), "other")
        old = {**RSAAlgorithm.to_jwk(elder.public_key(), as_dict=True), "kid": "old"}
        keys = [old, other, public_jwk(client_key, "1")]
        signer: Document = {
            "id": "signer",
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": {"keys": keys},
        }
        rest = [
            item for item in cast("list[Document]", document["clients"]) if item["id"] != "signer"
        ]
        return {**document, "clients": [*rest, signer]}

    def test_each_can_sign(
        self, login: Login, assertion: Assertion, elder: rsa.RSAPrivateKey
    ) -> None:
        assert login(**assertion(header={"kid": "1"})).status_code == 200
        assert login(**assertion(key=elder, alg="RS256", header={"kid": "old"})).status_code == 200

    def test_none_has_to_be_named(
        self, login: Login, assertion: Assertion, elder: rsa.RSAPrivateKey
    ) -> None:
        assert login(**assertion(header={})).status_code == 200
        assert login(**assertion(key=elder, alg="PS256", header={})).status_code == 200

    @pytest.mark.parametrize("kid", ["old", "other", "unknown", ""])
    def test_a_key_that_is_named_wrong_is_refused(
        self, login: Login, assertion: Assertion, kid: str
    ) -> None:
        assert refused(login(**assertion(header={"kid": kid})))


@pytest.mark.parametrize(
    "jwks",
    [
        None,
        [],
        {},
        {"keys": []},
        {"keys": "x"},
        {"keys": [1]},
        {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]},
        {"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]},
        {"keys": [{"kty": "unknown"}]},
    ],
)
def test_the_configuration_needs_keys_that_can_be_used(jwks: object) -> None:
    client = {"id": "signer", "token_endpoint_auth_method": "private_key_jwt", "jwks": jwks}
    with pytest.raises(ConfigError, match=r"^clients\[0\]\.jwks: "):
        Config.from_document({"issuer": "https://as.example", "clients": [client]})
