"""Pushed claims: which ID Tokens count (Grant 3.3.1, 5.7)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from uma_reference.authorization_server import AdjustableClock

Make = Callable[..., str]
Redeem = Callable[..., httpx.Response]
ClaimToken = Callable[..., dict[str, str]]
Push = Callable[[dict[str, str]], httpx.Response]
COLLEAGUE = "https://colleague.example"
PROVIDER = "https://identity.example"


@pytest.fixture(scope="session")
def colleague_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def document(
    document: dict[str, object], colleague_key: ec.EllipticCurvePrivateKey
) -> dict[str, object]:
    """Return the configuration with a second trusted issuer."""
    public = {**json.loads(ECAlgorithm.to_jwk(colleague_key.public_key())), "kid": "colleague"}
    colleague = {"issuer": COLLEAGUE, "jwks": {"keys": [public]}}
    trusted = document["trusted_issuers"]
    assert isinstance(trusted, list)
    return {**document, "trusted_issuers": [*trusted, colleague]}


@pytest.fixture
def push(register: Make, allow: Make, ticket: Make, redeem: Redeem) -> Push:
    """Return a function that asks for what doctors may do, with a claim token."""
    resource = register("view")
    allow(resource, "view", role="doctor")
    return lambda pushed: redeem(ticket({resource: ["view"]}), **pushed)


def refused(answer: httpx.Response) -> bool:
    """Tell whether a token did not count: its claims are still asked for."""
    return (answer.status_code, answer.json()["error"]) == (403, "need_info")


def segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def with_token(pushed: dict[str, str], token: str) -> dict[str, str]:
    return {**pushed, "claim_token": token}


@pytest.mark.parametrize("audience", ["client", ["x", "client"], "https://as.example"])
def test_a_token_for_the_client_or_the_server_counts(
    push: Push, id_token: ClaimToken, audience: object
) -> None:
    assert push(id_token(aud=audience)).status_code == 200


def test_a_token_of_each_trusted_issuer_counts(
    push: Push, id_token: ClaimToken, colleague_key: ec.EllipticCurvePrivateKey
) -> None:
    assert push(id_token(colleague_key, "colleague", iss=COLLEAGUE)).status_code == 200


def test_a_signature_by_another_key_does_not_count(push: Push, id_token: ClaimToken) -> None:
    assert refused(push(id_token(ec.generate_private_key(ec.SECP256R1()))))


def test_a_key_of_another_trusted_issuer_does_not_count(
    push: Push, id_token: ClaimToken, colleague_key: ec.EllipticCurvePrivateKey
) -> None:
    assert refused(push(id_token(colleague_key, "colleague")))
    assert refused(push(id_token(colleague_key, "key")))


def test_changed_claims_do_not_count(push: Push, id_token: ClaimToken) -> None:
    visitor = id_token(role="visitor")
    head, _, signature = visitor["claim_token"].split(".")
    claims = id_token()["claim_token"].split(".")[1]
    assert refused(push(with_token(visitor, f"{head}.{claims}.{signature}")))


def test_a_token_without_signature_does_not_count(push: Push, id_token: ClaimToken) -> None:
    pushed = id_token()
    _, claims, signature = pushed["claim_token"].split(".")
    for name in ("none", "None", "NONE"):
        head = segment({"alg": name, "kid": "key", "typ": "JWT"})
        assert refused(push(with_token(pushed, f"{head}.{claims}.")))
        assert refused(push(with_token(pushed, f"{head}.{claims}.{signature}")))


def test_the_public_key_is_no_shared_secret(
    push: Push, id_token: ClaimToken, provider_key: ec.EllipticCurvePrivateKey
) -> None:
    pushed = id_token()
    pem = provider_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signed = f"{segment({'alg': 'HS256', 'kid': 'key'})}.{pushed['claim_token'].split('.')[1]}"
    mac = hmac.digest(pem, signed.encode(), hashlib.sha256)
    signature = base64.urlsafe_b64encode(mac).decode().rstrip("=")
    assert refused(push(with_token(pushed, f"{signed}.{signature}")))


@pytest.mark.parametrize("audience", ["other", ["x", "y"], [], "", 5, None, {"client": True}])
def test_a_token_for_somebody_else_does_not_count(
    push: Push, id_token: ClaimToken, audience: object
) -> None:
    assert refused(push(id_token(aud=audience)))


@pytest.mark.parametrize("issuer", ["https://stranger.example", "", None, ["x"], 5, COLLEAGUE])
def test_a_token_of_an_untrusted_issuer_does_not_count(
    push: Push, id_token: ClaimToken, issuer: object
) -> None:
    assert refused(push(id_token(iss=issuer)))


def test_an_unknown_key_does_not_count(push: Push, id_token: ClaimToken) -> None:
    assert refused(push(id_token(kid="unknown")))


def test_an_expired_token_does_not_count(
    push: Push, id_token: ClaimToken, clock: AdjustableClock
) -> None:
    assert refused(push(id_token(exp=clock.now())))
    kept = id_token(exp=clock.now() + 60)
    clock.advance(61)
    assert refused(push(kept))


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_a_token_that_is_not_valid_yet_does_not_count(
    push: Push, id_token: ClaimToken, clock: AdjustableClock, claim: str
) -> None:
    assert refused(push(id_token(**{claim: clock.now() + 120, "exp": clock.now() + 600})))


@pytest.mark.parametrize("claim", ["sub", "exp", "iat"])
def test_a_token_without_a_required_claim_does_not_count(
    push: Push, id_token: ClaimToken, claim: str
) -> None:
    assert refused(push(id_token(**{claim: None})))


@pytest.mark.parametrize("claim", ["exp", "iat", "nbf"])
@pytest.mark.parametrize("value", ["soon", True, [], {}])
def test_a_time_that_is_no_number_does_not_count(
    push: Push, id_token: ClaimToken, claim: str, value: object
) -> None:
    assert refused(push(id_token(**{claim: value})))


def test_a_token_that_expires_at_no_number_does_not_count(push: Push, id_token: ClaimToken) -> None:
    assert refused(push(id_token(exp=float("nan"))))


@pytest.mark.parametrize("token", ["x", "a.b", "a.b.c", "....", "e30.e30.", "\x00", "é.é.é"])
def test_what_is_no_token_does_not_count(push: Push, id_token: ClaimToken, token: str) -> None:
    assert refused(push(with_token(id_token(), token)))


@pytest.mark.parametrize("position", [0, 1])
def test_endless_nesting_does_not_count(push: Push, id_token: ClaimToken, position: int) -> None:
    parts = id_token()["claim_token"].split(".")
    parts[position] = base64.urlsafe_b64encode(b"[" * 30_000).decode().rstrip("=")
    assert refused(push(with_token(id_token(), ".".join(parts))))


def test_another_format_does_not_count(push: Push, id_token: ClaimToken) -> None:
    assert refused(push({**id_token(), "claim_token_format": "urn:x-unknown"}))


def test_the_error_does_not_repeat_what_was_pushed(push: Push, id_token: ClaimToken) -> None:
    pushed = id_token(iss="https://stranger.example", secret="hush")
    text = push(pushed).text
    assert not any(word in text for word in ("stranger", "hush", pushed["claim_token"]))


def test_claims_that_need_info_asked_for_lead_to_an_rpt(
    server: httpx.Client,
    register: Make,
    ticket: Make,
    redeem: Callable[..., httpx.Response],
    id_token: Callable[..., dict[str, str]],
    colleague_key: ec.EllipticCurvePrivateKey,
) -> None:
    resource = register("view")
    conditions = [
        {"claim": "role", "values": ["doctor"], "issuer": PROVIDER},
        {"claim": "team", "values": ["heart"], "issuer": COLLEAGUE},
    ]
    server.post(
        f"/owner/resources/{resource}/policies",
        json={"scopes": ["view"], "conditions": conditions},
        auth=("alice", "alice-password"),
    )
    first = redeem(ticket({resource: ["view"]}), **id_token()).json()
    assert [item["name"] for item in first["required_claims"]] == ["team"]
    asked_for = id_token(colleague_key, "colleague", iss=COLLEAGUE, team="heart", role=None)
    assert redeem(first["ticket"], **asked_for).status_code == 200
