"""Which addresses the client goes to: https alone, and with credentials nowhere else."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from uma_reference.client import (
    ClaimToken,
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


def test_a_redirection_on_the_same_server_keeps_the_rpt(world: World, make_client: Make) -> None:
    world.resource = lambda request: (
        httpx.Response(302, headers={"location": "/elsewhere"})
        if request.url.path == "/photo"
        else httpx.Response(200, content=b"there")
    )
    assert world.got(make_client(world.wallet(world.held())).get(PHOTO)) == b"there"
    assert world.sent_rpts() == ["Bearer rpt-old"] * 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirection_elsewhere_gets_no_credentials(
    world: World, make_client: Make, status: int
) -> None:
    place = {"location": "https://evil.example/steal"}
    world.resource = lambda _: httpx.Response(status, headers=place)
    client = make_client(world.wallet(world.held()))
    client.get(PHOTO, headers=(("Cookie", "a=b"),))
    evil = world.requests[-1]
    assert evil.url.host == "evil.example"
    assert "authorization" not in evil.headers
    assert "cookie" not in evil.headers


@pytest.mark.parametrize(
    "place", ["http://rs.example/x", "ftp://rs.example", "https://[", "/photo"]
)
def test_a_bad_or_endless_redirection_ends_the_flow(
    world: World, make_client: Make, place: str
) -> None:
    world.resource = lambda _: httpx.Response(302, headers={"location": place})
    outcome = make_client().get(PHOTO)
    assert isinstance(outcome, Refused)
    assert outcome.error == "invalid_redirect"
    assert all(item.url.scheme == "https" for item in world.requests)


@pytest.mark.parametrize("url", ["http://rs.example/", "rs.example", "https://a:b@rs.example/", ""])
def test_a_resource_that_is_not_under_https_is_not_asked_for(
    world: World, make_client: Make, url: str
) -> None:
    outcome = make_client().get(url)
    assert isinstance(outcome, Refused)
    assert outcome.error == "invalid_url"
    assert not world.requests


def test_only_known_resource_servers_are_asked(world: World, make_client: Make) -> None:
    client = make_client(options=Options(resource_servers=("https://rs.example:443",)))
    world.grant()
    assert world.got(client.get(PHOTO))
    asked = len(world.requests)
    for url in ("https://other.example/", "https://rs.example:8443/photo"):
        outcome = client.get(url)
        assert isinstance(outcome, Refused)
        assert outcome.error == "unknown_server"
    assert len(world.requests) == asked


def test_a_known_resource_server_cannot_lead_to_an_unknown_one(
    world: World, make_client: Make
) -> None:
    world.resource = lambda request: (
        httpx.Response(302, headers={"location": "https://other.example/"})
        if request.url.path == "/elsewhere"
        else httpx.Response(302, headers={"location": "/elsewhere"})
    )
    client = make_client(options=Options(resource_servers=("https://rs.example:443",)))
    outcome = client.get(PHOTO)
    assert isinstance(outcome, Refused)
    assert outcome.error == "unknown_server"
    assert {item.url.host for item in world.requests} == {"rs.example"}
