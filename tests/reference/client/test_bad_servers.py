"""Servers that answer with nonsense, lie about themselves, or do not answer."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from uma_reference.client import (
    Credentials,
    HttpxSender,
    MemoryWallet,
    Options,
    Refused,
    UmaClient,
)
from uma_reference.client.answers import Granted, Unusable, read_token_answer
from uma_reference.client.messages import HttpAnswer

if TYPE_CHECKING:
    from tests.conftest import World
else:
    World = Any

AS = "https://as.example"
PHOTO = "https://rs.example/photo"
NO_HINT: dict[str, object] = {}
Make = Callable[..., UmaClient]


def refused(outcome: object) -> Refused:
    assert isinstance(outcome, Refused), outcome
    return outcome


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://evil.example"},
        {"issuer": f"{AS}/"},
        {"issuer": None},
        {"token_endpoint": "http://as.example/token"},
        {"token_endpoint": "/token"},
        {"token_endpoint": None},
        {"token_endpoint": "https://[broken"},
        {"claims_interaction_endpoint": "http://as.example/claims"},
    ],
)
def test_discovery_that_cannot_be_trusted_ends_the_flow(
    world: World, make_client: Make, change: dict[str, object]
) -> None:
    world.metadata |= change
    assert refused(make_client().get(PHOTO)).error == "invalid_discovery"
    assert not world.forms()


@pytest.mark.parametrize(
    "as_uri",
    [
        "http://as.example",
        "as.example",
        f"{AS}?a=b",
        f"{AS}#x",
        "https://u:p@as.example",
        "https://[",
    ],
)
def test_a_challenge_with_a_bad_as_uri_is_not_followed(
    world: World, make_client: Make, as_uri: str
) -> None:
    value = f'UMA as_uri="{as_uri}", ticket="t-1"'
    world.resource = lambda _: httpx.Response(401, headers={"www-authenticate": value})
    assert refused(make_client().get(PHOTO)).error == "invalid_challenge"
    assert len(world.requests) == 1


def test_plain_http_on_loopback_needs_a_word_of_the_user() -> None:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200)

    for options in (Options(), Options(http_on_loopback=True)):
        sender = HttpxSender(transport=httpx.MockTransport(handle))
        UmaClient(sender, options=options).get("http://127.0.0.1:8080/x")
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"[]"),
        (200, b"\xff\xfe{"),
        (200, b"[" * 100_000),
        (200, b"{}"),
        (200, b'{"access_token": 7, "token_type": "Bearer"}'),
        (200, b'{"access_token": "a\\r\\nX: y", "token_type": "Bearer"}'),
        (200, b'{"access_token": "a b", "token_type": "Bearer"}'),
        (200, b'{"access_token": "a"}'),
        (200, b'{"access_token": "a", "token_type": "mac"}'),
        (200, b'{"access_token": "a", "token_type": "Bearer", "expires_in": NaN}'),
        (403, b'{"error": "need_info"}'),
        (403, b'{"error": "request_submitted", "ticket": 5}'),
        (403, b'{"error": 5}'),
        (500, b"<html>"),
        (302, b""),
    ],
)
def test_a_token_answer_that_makes_no_sense_is_unusable(status: int, body: bytes) -> None:
    assert isinstance(read_token_answer(HttpAnswer(status, body=body)), Unusable)


def test_the_type_bearer_may_be_written_in_any_case() -> None:
    body = b'{"access_token": "a", "token_type": "bEARER", "expires_in": 1e400, "more": 1}'
    assert read_token_answer(HttpAnswer(200, body=body)) == Granted("a")


def test_members_are_read_case_sensitively() -> None:
    body = b'{"Access_Token": "a", "token_type": "Bearer"}'
    assert isinstance(read_token_answer(HttpAnswer(200, body=body)), Unusable)


@pytest.mark.parametrize("error", ["need_info", "request_submitted"])
def test_a_ticket_that_was_used_is_not_used_again(
    world: World, make_client: Make, error: str
) -> None:
    world.fail(error, 403, ticket="ticket-000001", required_claims=[NO_HINT])
    assert refused(make_client().get(PHOTO)).error == "ticket_reused"


def test_a_resource_server_that_repeats_its_ticket_is_left(world: World, make_client: Make) -> None:
    value = f'UMA as_uri="{AS}", ticket="always"'
    world.resource = lambda _: httpx.Response(401, headers={"www-authenticate": value})
    world.grant()
    assert refused(make_client().get(PHOTO)).error == "ticket_reused"
    assert len(world.forms()) == 1


class Endless(httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b"x" * 65536


@pytest.mark.parametrize("path", ["/photo", "/token", "/.well-known/uma2-configuration"])
def test_an_endless_answer_is_not_read_to_its_end(world: World, path: str) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == path:
            return httpx.Response(200, stream=Endless())
        return world.handle(request)

    sender = HttpxSender(transport=httpx.MockTransport(handle))
    client = _as_client(sender)
    assert refused(client.get(PHOTO)).error in {"too_large", "invalid_answer", "invalid_discovery"}


def _as_client(sender: HttpxSender) -> UmaClient:
    return UmaClient(sender, credentials=Credentials("client"), resource_bytes=100_000)


@pytest.mark.parametrize("path", ["/photo", "/token", "/.well-known/uma2-configuration"])
@pytest.mark.parametrize(
    "error", [httpx.ConnectError("x"), httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x")]
)
def test_a_server_that_does_not_answer_may_be_asked_later(
    world: World, path: str, error: Exception
) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == path:
            raise error
        return world.handle(request)

    outcome = refused(_as_client(HttpxSender(transport=httpx.MockTransport(handle))).get(PHOTO))
    assert (outcome.error, outcome.passing) == ("unreachable", True)


def test_an_answer_that_trickles_in_is_given_up(world: World) -> None:
    sender = HttpxSender(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=Endless())),
        seconds=0.01,
    )
    client = UmaClient(sender, wallet=MemoryWallet(), clock=lambda: world.now)
    assert refused(client.get(PHOTO)).error == "unreachable"


def test_cookies_are_not_kept(world: World, make_client: Make) -> None:
    cookie = {"set-cookie": "party=alice; Path=/"}
    world.resource = lambda _: httpx.Response(200, headers=cookie)
    client = make_client()
    client.get(PHOTO)
    client.get(PHOTO)
    assert all("cookie" not in item.headers for item in world.requests)
