"""Claims of several issuers in one authorization process (Grant 3.3.1, 3.3.4)."""

import json
from collections.abc import Callable

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

Make = Callable[..., str]
PROVIDER = "https://identity.example"
COLLEAGUE = "https://colleague.example"


@pytest.fixture(scope="module")
def colleague_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def document(
    document: dict[str, object], colleague_key: ec.EllipticCurvePrivateKey
) -> dict[str, object]:
    public = {**json.loads(ECAlgorithm.to_jwk(colleague_key.public_key())), "kid": "colleague"}
    colleague = {"issuer": COLLEAGUE, "jwks": {"keys": [public]}}
    trusted = document["trusted_issuers"]
    assert isinstance(trusted, list)
    return {**document, "trusted_issuers": [*trusted, colleague]}


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
