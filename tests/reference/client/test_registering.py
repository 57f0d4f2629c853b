"""Who the client is at a server: registered there, or given beforehand (RFC 7591)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from uma_reference.client import (
    ClaimToken,
    Credentials,
    MemoryWallet,
    Options,
    Refused,
    UmaClient,
)

if TYPE_CHECKING:
    from tests.conftest import World
else:
    World = Any

AS = "https://as.example"
PHOTO = "https://rs.example/photo"
ID_TOKEN = ClaimToken("eyJ.eyJ.sig")
HINTS = [{"name": "email", "claim_token_format": [ID_TOKEN.format]}]
Make = Callable[..., UmaClient]


def test_the_client_registers_once(world: World, make_client: Make) -> None:
    world.metadata["registration_endpoint"] = f"{AS}/register"
    wallet = MemoryWallet()
    options = Options(claims_redirect_uri="https://client.example/returned")
    for number in (1, 2):
        world.grant(f"rpt-{number}")
        world.good.clear()
        assert world.got(make_client(wallet, options, registered=True).get(PHOTO))
    posts = [item for item in world.requests if item.url.path == "/register"]
    assert len(posts) == 1
    assert b'"claims_redirect_uris": ["https://client.example/returned"]' in posts[0].content
    tokens = [item for item in world.requests if item.url.path == "/token"]
    assert all(item.headers["authorization"].startswith("Basic ") for item in tokens)


def test_a_registration_for_another_return_is_made_anew(world: World, make_client: Make) -> None:
    world.metadata["registration_endpoint"] = f"{AS}/register"
    wallet = MemoryWallet()
    for port in (1, 2):
        world.grant(f"rpt-{port}")
        world.good.clear()
        options = Options(claims_redirect_uri=f"http://127.0.0.1:{port}/returned")
        assert world.got(make_client(wallet, options, registered=True).get(PHOTO))
    assert len([item for item in world.requests if item.url.path == "/register"]) == 2
    assert len(wallet.read().clients) == 1


@pytest.mark.parametrize(
    "answer",
    [
        (400, {"error": "invalid_client_metadata"}),
        (201, {}),
        (201, {"client_id": "x", "token_endpoint_auth_method": "client_secret_basic"}),
        (201, {"client_id": "x", "token_endpoint_auth_method": "magic"}),
    ],
)
def test_a_registration_that_fails_is_told(
    world: World, make_client: Make, answer: tuple[int, dict[str, object]]
) -> None:
    world.metadata["registration_endpoint"] = f"{AS}/register"
    world.registration = answer
    outcome = make_client(registered=True).get(PHOTO)
    assert isinstance(outcome, Refused)
    assert outcome.error == "no_client"


def test_without_registration_a_client_id_is_asked_for(world: World, make_client: Make) -> None:
    outcome = make_client(registered=True).get(PHOTO)
    assert isinstance(outcome, Refused)
    assert "client_id" in outcome.why
    assert not world.forms()


def test_credentials_for_one_server_go_to_no_other(world: World, make_client: Make) -> None:
    mine = Credentials("client", "client_secret_post", "canary", issuer="https://mine.example")
    outcome = make_client(credentials=mine).get(PHOTO)
    assert isinstance(outcome, Refused)
    assert outcome.error == "no_client"
    assert not world.forms()
