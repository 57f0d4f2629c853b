"""Optional features: declared, discovered, absent, ruled out."""

import json

import pytest

from uma_conformance.features import Standing, standing
from uma_conformance.trace import Evidence, Exchange, Request, Response


def answer(endpoint: str, body: object, status: int = 200, sent: str = "") -> Evidence:
    headers = (("content-type", "application/json"),)
    exchange = Exchange(
        number=1,
        probe="p",
        label="l",
        purpose="",
        sender="client",
        receiver="authorization server",
        endpoint=endpoint,
        request=Request("POST", "https://as.example/", (), sent),
        response=Response(status, headers, json.dumps(body)),
    )
    return Evidence((exchange,))


SIGNS = [
    ("need_info", answer("token", {"error": "need_info"}, 403)),
    ("request_submitted", answer("token", {"error": "request_submitted"}, 403)),
    ("required-claims", answer("token", {"error": "need_info", "required_claims": []}, 403)),
    ("interactive-claims", answer("token", {"error": "need_info", "redirect_user": "x"}, 403)),
    ("interactive-claims", answer("discovery", {"claims_interaction_endpoint": "x"})),
    ("introspection", answer("discovery", {"introspection_endpoint": "x"})),
    ("revocation", answer("discovery", {"revocation_endpoint": "x"})),
    ("dynamic-registration", answer("discovery", {"registration_endpoint": "x"})),
    ("uma-profiles", answer("discovery", {"uma_profiles_supported": []})),
    ("pct", answer("token", {"access_token": "x", "pct": "y"})),
    ("refresh", answer("token", {"access_token": "x", "refresh_token": "y"})),
    ("rpt-upgrade", answer("token", {"access_token": "x", "upgraded": True})),
    ("claims-pushing", answer("token", {"access_token": "x"}, sent="claim_token=abc")),
    ("user-access-policy-uri", answer("resource registration", {"user_access_policy_uri": "x"})),
]
SILENCE = Evidence()


@pytest.mark.parametrize(("feature", "shown"), SIGNS)
def test_a_feature_is_discovered_by_its_sign(feature: str, shown: Evidence) -> None:
    assert standing([feature], {}, shown) == {feature: Standing.DISCOVERED}
    assert standing([feature], {}, SILENCE) == {feature: Standing.NOT_DECLARED}


@pytest.mark.parametrize(("feature", "shown"), SIGNS)
def test_what_is_declared_has_to_show(feature: str, shown: Evidence) -> None:
    assert standing([feature], {feature: True}, shown) == {feature: Standing.DECLARED}
    assert standing([feature], {feature: True}, SILENCE) == {feature: Standing.ABSENT}


@pytest.mark.parametrize(("feature", "shown"), SIGNS)
def test_what_is_ruled_out_stays_ruled_out(feature: str, shown: Evidence) -> None:
    assert standing([feature], {feature: False}, shown) == {feature: Standing.NOT_DECLARED}


def test_a_feature_without_a_sign_is_taken_at_its_word() -> None:
    found = standing(["client-scopes"], {"client-scopes": True}, SILENCE)
    assert found == {"client-scopes": Standing.DECLARED}


def test_upgraded_false_is_no_upgrade() -> None:
    shown = answer("token", {"access_token": "x", "upgraded": False})
    assert standing(["rpt-upgrade"], {}, shown) == {"rpt-upgrade": Standing.NOT_DECLARED}
