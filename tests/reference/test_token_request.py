"""The form of a token request, and the client behind it (RFC 6749 sections 2.3, 3.2, 5.2)."""

import base64
from collections.abc import Callable
from urllib.parse import quote_plus

import httpx
import pytest

from uma_reference.authorization_server import MemoryStore
from uma_reference.authorization_server.model import Domain, Ticket

FORM = "application/x-www-form-urlencoded"
CREDENTIALS = {"grant_type": "client_credentials"}
AUTH = ("client", "client-secret")
STRANGE_ID, STRANGE_SECRET = "a client: 100%+", "s:e c%r+et"


def basic(text: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}


def refused(answer: httpx.Response) -> bool:
    challenged = answer.headers.get("www-authenticate", "").startswith("Basic ")
    return challenged and (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.fixture
def document(document: dict[str, object]) -> dict[str, object]:
    strange: dict[str, object] = {"id": STRANGE_ID, "secret": STRANGE_SECRET}
    return {**document, "clients": [strange, {"id": AUTH[0], "secret": AUTH[1]}]}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("client:wrong"),
        basic("unknown:client-secret"),
        basic("client:"),
        basic(":"),
        basic(""),
        basic("client"),
        {"Authorization": "Basic"},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic /w=="},
        {"Authorization": "Bearer client-secret"},
    ],
)
def test_a_client_that_does_not_authenticate_is_refused(
    server: httpx.Client, headers: dict[str, str]
) -> None:
    assert refused(server.post("/token", data=CREDENTIALS, headers=headers))


@pytest.mark.parametrize(
    "parameters",
    [
        {"client_id": "client"},
        {"client_secret": "client-secret"},
        {"client_id": "client", "client_secret": "wrong"},
        {"client_id": "client", "client_secret": ""},
        {"client_id": "", "client_secret": ""},
        {"client_id": "unknown", "client_secret": "client-secret"},
    ],
)
def test_wrong_credentials_in_the_form_are_refused(
    server: httpx.Client, parameters: dict[str, str]
) -> None:
    assert refused(server.post("/token", data={**CREDENTIALS, **parameters}))


def test_a_wrong_secret_leaves_the_ticket_alone(
    server: httpx.Client, store: MemoryStore, redeem: Callable[..., httpx.Response]
) -> None:
    store.put_ticket(Ticket("kept", Domain("alice", "rs"), (), 0))
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:uma-ticket", "ticket": "kept"}
    assert refused(server.post("/token", data=form, auth=("client", "wrong")))
    assert redeem("unknown").json()["error"] == "invalid_grant"
    assert store.take_ticket("kept") is not None


def test_credentials_may_stand_in_the_form(server: httpx.Client) -> None:
    form = {**CREDENTIALS, "client_id": AUTH[0], "client_secret": AUTH[1]}
    assert server.post("/token", data=form).status_code == 200


def test_credentials_in_the_header_are_form_encoded(server: httpx.Client) -> None:
    pair = f"{quote_plus(STRANGE_ID)}:{quote_plus(STRANGE_SECRET)}"
    assert server.post("/token", data=CREDENTIALS, headers=basic(pair)).status_code == 200


def test_the_name_of_the_scheme_has_no_case(server: httpx.Client) -> None:
    value = basic(":".join(AUTH))["Authorization"].replace("Basic", "bASIC")
    answer = server.post("/token", data=CREDENTIALS, headers={"Authorization": value})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"scope": "x"}, "invalid_request"),
        ({"grant_type": ""}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:uma-ticket"}, "invalid_request"),
    ],
)
def test_an_incomplete_or_unknown_grant_is_refused(
    server: httpx.Client, form: dict[str, str], error: str
) -> None:
    answer = server.post("/token", data=form, auth=AUTH)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.parametrize(
    "body",
    [
        b"grant_type=client_credentials&grant_type=client_credentials",
        b"grant_type=client_credentials&scope=a&scope=",
        b"grant_type=client_credentials&x=\xff",
        b"grant_type=client_credentials" + b"&a=1" * 200,
    ],
    ids=["repeated", "repeated without value", "not UTF-8", "too many"],
)
def test_a_malformed_form_is_refused(server: httpx.Client, body: bytes) -> None:
    answer = server.post("/token", content=body, headers={"Content-Type": FORM}, auth=AUTH)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("media_type", ["", "application/json", "multipart/form-data"])
def test_the_body_has_to_be_declared_as_a_form(server: httpx.Client, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    answer = server.post(
        "/token", content=b"grant_type=client_credentials", headers=headers, auth=AUTH
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_parameters_of_the_address_do_not_count(server: httpx.Client) -> None:
    answer = server.post("/token", params=CREDENTIALS, data={"x": "y"}, auth=AUTH)
    assert answer.json()["error"] == "invalid_request"


def test_a_body_beyond_the_limit_is_refused(server: httpx.Client) -> None:
    answer = server.post("/token", data={**CREDENTIALS, "x": "y" * 65536}, auth=AUTH)
    assert answer.status_code == 413


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_refused(server: httpx.Client, method: str) -> None:
    assert server.request(method, "/token", auth=AUTH).status_code == 405
