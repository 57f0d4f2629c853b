"""Secrets are replaced by pseudonyms wherever and however they stand."""

import base64
import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uma_conformance.redaction import Redactor
from uma_conformance.trace import Request, Response

SECRET = "s3cr3t/value+with=odd&characters"
JSON_TYPE = (("content-type", "application/json"),)
FORM_TYPE = (("content-type", "application/x-www-form-urlencoded"),)


@pytest.fixture
def redactor() -> Redactor:
    """Return a redactor with a fixed key."""
    return Redactor(b"k" * 32)


def test_equal_secrets_have_equal_pseudonyms(redactor: Redactor) -> None:
    """Equality of two secrets still shows, and their kind with it."""
    first = redactor.learn("ticket", SECRET)
    assert redactor.learn("token", SECRET) == first
    assert first.startswith("ticket:")
    assert redactor.learn("ticket", SECRET + "x") != first


def test_another_run_has_other_pseudonyms(redactor: Redactor) -> None:
    """Pseudonyms of two runs cannot be linked."""
    assert Redactor(b"x" * 32).learn("ticket", SECRET) != redactor.learn("ticket", SECRET)


@pytest.mark.parametrize(
    "member",
    ["ticket", "access_token", "pct", "refresh_token", "id_token", "client_secret", "Ticket"],
)
def test_secret_members_of_json(redactor: Redactor, member: str) -> None:
    """A secret member of a JSON body is replaced, also when its name is oddly written."""
    body = json.dumps({"nested": [{member: SECRET}], "other": "stays"})
    clean = redactor.response(Response(200, JSON_TYPE, body)).body
    assert SECRET not in clean
    assert json.loads(clean)["other"] == "stays"


def test_short_secrets_next_to_their_name(redactor: Redactor) -> None:
    """A short secret is replaced beside its name only, so that ordinary words survive."""
    body = '{"ticket":"view","resource_scopes":["view"]}'
    clean = json.loads(redactor.response(Response(200, JSON_TYPE, body)).body)
    assert clean["resource_scopes"] == ["view"]
    assert clean["ticket"] != "view"


def test_secrets_in_bodies_that_are_no_json(redactor: Redactor) -> None:
    """A truncated document does not let its secrets through."""
    body = '{"access_token": "abcdefghijkl", "expires_in": 3'
    assert "abcdefghijkl" not in redactor.response(Response(200, JSON_TYPE, body)).body


def test_form_parameters_and_basic_credentials(redactor: Redactor) -> None:
    """Secrets of a form and of client authentication are replaced, the rest stays."""
    basic = base64.b64encode(b"app:client-secret-value").decode()
    request = Request(
        "POST",
        "https://as.example/token",
        (("authorization", f"Basic {basic}"), *FORM_TYPE),
        urlencode({"grant_type": "x", "ticket": SECRET, "scope": "view"}),
    )
    clean = redactor.request(request)
    text = repr(clean)
    assert basic not in text
    assert quote(SECRET, safe="") not in text
    assert "scope=view" in clean.body
    assert "client-secret-value" not in redactor.text("leaked client-secret-value")


def test_urls_cookies_and_challenges(redactor: Redactor) -> None:
    """Tickets in a redirect or a challenge and the values of cookies are replaced."""
    headers = (
        ("Location", f"https://client.example/cb?state=1&ticket={quote(SECRET, safe='')}"),
        ("Set-Cookie", "session=abcdefgh1234; HttpOnly"),
        ("WWW-Authenticate", 'UMA as_uri="https://as.example", ticket="ticket-in-challenge"'),
    )
    text = repr(redactor.response(Response(302, headers)))
    assert quote(SECRET, safe="") not in text
    assert "abcdefgh1234" not in text
    assert "ticket-in-challenge" not in text
    assert "HttpOnly" in text


def test_error_codes_stay(redactor: Redactor) -> None:
    """An error code named `code` in JSON is no secret."""
    body = '{"code":"invalid_scope"}'
    assert redactor.response(Response(400, JSON_TYPE, body)).body == body


@given(st.text(min_size=8, max_size=40))
def test_a_learnt_secret_never_survives(secret: str) -> None:
    """Whatever a secret looks like, JSON and form bodies that hold it are cleaned."""
    redactor = Redactor(b"k" * 32)
    redactor.learn("ticket", secret)
    document = json.dumps({"message": f"<{secret}>"})
    clean = json.loads(redactor.response(Response(200, JSON_TYPE, document)).body)
    assert secret not in clean["message"].replace("ticket:", "")
