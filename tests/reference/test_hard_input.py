"""Input that is hard to take: text beyond ASCII, half characters, endless numbers and nesting."""

from collections.abc import Callable

import httpx
import pytest

JSON = {"Content-Type": "application/json"}
ALICE = ("alice", "alice-password")


def test_a_client_secret_beyond_ascii_is_refused(server: httpx.Client) -> None:
    form = {"grant_type": "client_credentials", "client_id": "client", "client_secret": "é"}
    assert server.post("/token", data=form).status_code == 401


def test_a_client_secret_beyond_ascii_in_the_header_is_refused(server: httpx.Client) -> None:
    form = {"grant_type": "client_credentials"}
    assert server.post("/token", data=form, auth=("client", "%C3%A9")).status_code == 401


def test_a_password_beyond_ascii_is_refused(server: httpx.Client) -> None:
    answer = server.get("/owner/resources/x/policies", auth=("alice", "pässword"))
    assert answer.status_code == 401


class TestSecretsBeyondAscii:
    @pytest.fixture
    def document(self, document: dict[str, object]) -> dict[str, object]:
        owners = [{"id": "älice", "password": "pässword"}]
        return {**document, "owners": owners, "clients": [{"id": "client", "secret": "sécret"}]}

    def test_a_configured_owner_can_sign_in(self, server: httpx.Client) -> None:
        answer = server.get("/owner/resources/x/policies", auth=("älice", "pässword"))
        assert answer.status_code == 404

    def test_a_configured_client_can_authenticate(self, server: httpx.Client) -> None:
        form = {"grant_type": "client_credentials", "client_id": "client"}
        answer = server.post("/token", data={**form, "client_secret": "sécret"})
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "place"), [("POST", "/token"), ("GET", "/owner/resources/x/policies")]
)
def test_a_header_beyond_ascii_is_refused(server: httpx.Client, method: str, place: str) -> None:
    headers = [(b"Authorization", b"Basic \xe9")]
    data = {"grant_type": "client_credentials"} if method == "POST" else None
    assert server.request(method, place, data=data, headers=headers).status_code == 401


def survives(server: httpx.Client, pat: dict[str, str], body: bytes) -> bool:
    """Tell whether a description is refused, or kept and shown."""
    answer = server.post("/rreg", content=body, headers={**pat, **JSON})
    if answer.status_code == 400:
        return True
    return server.get(answer.headers["location"], headers=pat).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        rb'{"resource_scopes": [], "name": "\ud800"}',
        rb'{"resource_scopes": ["\udc00"]}',
        rb'{"resource_scopes": [], "\ud800": 1}',
        rb'{"resource_scopes": [], "x": {"y": ["\ud800"]}}',
    ],
)
def test_half_a_character_in_a_description_does_no_harm(
    server: httpx.Client, pat: dict[str, str], body: bytes
) -> None:
    assert survives(server, pat, body)


@pytest.mark.parametrize(
    "body",
    [
        rb'{"scopes": ["\ud800"], "anyone": true}',
        rb'{"scopes": ["view"], "conditions": [{"claim": "\ud800", "values": []}]}',
    ],
)
def test_half_a_character_in_a_policy_does_no_harm(
    server: httpx.Client, register: Callable[..., str], body: bytes
) -> None:
    place = f"/owner/resources/{register('view')}/policies"
    assert server.post(place, content=body, headers=JSON, auth=ALICE).status_code < 500
    assert server.get(place, auth=ALICE).status_code == 200


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"[1, {}, 9.9e400]"])
def test_a_number_beyond_all_floats_does_no_harm(
    server: httpx.Client, pat: dict[str, str], number: bytes
) -> None:
    assert survives(server, pat, b'{"resource_scopes": [], "x": ' + number + b"}")


def test_nesting_of_every_depth_is_refused_or_shown(
    server: httpx.Client, pat: dict[str, str]
) -> None:
    for depth in range(800, 1000):
        nested = b"[" * depth + b"]" * depth
        assert survives(server, pat, b'{"resource_scopes": [], "x": ' + nested + b"}")


def test_the_clock_does_not_move_out_of_time(server: httpx.Client) -> None:
    body = b'{"advance": ' + b"9" * 4300 + b"}"
    answer = server.post("/controls/clock", content=body, headers=JSON)
    assert answer.status_code < 500
    assert server.post("/controls/clock", json={"advance": 0}).status_code == 200
