"""The browser of a requesting party: its cookies, and what a page of an attacker can do with it."""

import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager

import httpx

from uma_conformance.actors.actor import Journal
from uma_conformance.actors.user_agent import ATTACKER, UserAgent
from uma_conformance.redaction import Redactor
from uma_conformance.wire import Limits, Wire

ORIGIN = "https://as.example"
Handler = Callable[[httpx.Request], httpx.Response]


@contextmanager
def journal(handler: Handler) -> Generator[Journal]:
    """Yield a journal whose messages are answered by a function."""
    transport = httpx.MockTransport(handler)
    wire = Wire(
        Redactor(b"k" * 32), Limits(), verify=ssl.create_default_context(), transport=transport
    )
    try:
        yield Journal(wire, "probe")
    finally:
        wire.close()


class Keeper:
    """Gives cookies out and keeps what comes with each request."""

    def __init__(self, *cookies: str) -> None:
        self.cookies = cookies
        self.heard: list[httpx.Headers] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer any request with a page."""
        self.heard.append(request.headers)
        given = [("set-cookie", cookie) for cookie in self.cookies]
        return httpx.Response(200, headers=given, text="page")


def test_browsers_share_no_cookies() -> None:
    keeper = Keeper("session=one; Path=/")
    with journal(keeper) as shared:
        UserAgent(shared, ORIGIN).get(f"{ORIGIN}/claims")
        UserAgent(shared, ORIGIN).get(f"{ORIGIN}/claims")
    assert [headers.get("cookie") for headers in keeper.heard] == [None, None]


def test_cookies_come_back_until_they_are_taken_away() -> None:
    keeper = Keeper("session=one; SameSite=Strict; Path=/")
    with journal(keeper) as notes:
        agent = UserAgent(notes, ORIGIN)
        agent.get(f"{ORIGIN}/claims")
        agent.submit(f"{ORIGIN}/claims", {"decision": "continue"})
        keeper.cookies = ("session=; Max-Age=0",)
        agent.get(f"{ORIGIN}/claims")
        agent.get(f"{ORIGIN}/claims")
    assert [headers.get("cookie") for headers in keeper.heard] == [
        None,
        "session=one",
        "session=one",
        None,
    ]
    assert keeper.heard[1]["origin"] == ORIGIN


def test_other_sites_get_only_the_cookies_that_browsers_send() -> None:
    keeper = Keeper("a=1; SameSite=Strict", "b=2; SameSite=Lax", "c=3; SameSite=None", "d=4")
    with journal(keeper) as notes:
        agent = UserAgent(notes, ORIGIN)
        agent.get(f"{ORIGIN}/claims")
        agent.lured(f"{ORIGIN}/claims", None)
        agent.lured(f"{ORIGIN}/claims", {"decision": "continue"})
    _, loaded, sent = keeper.heard
    assert loaded["cookie"] == "b=2; c=3; d=4"
    assert sent["cookie"] == "c=3; d=4"
    assert (sent["origin"], sent["sec-fetch-site"]) == (ATTACKER, "cross-site")


def test_redirections_are_followed_within_the_target_alone() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        away = "https://app.example/claims?ticket=t"
        place = away if request.url.path == "/two" else "/two"
        return httpx.Response(303, headers={"location": place})

    with journal(answer) as notes:
        agent = UserAgent(notes, ORIGIN)
        end = agent.get(f"{ORIGIN}/one", "first")
    assert end.redirect == "https://app.example/claims?ticket=t"
    assert agent.latest is end
    assert list(notes.steps) == ["first", "setup-2"]


def test_circles_end() -> None:
    with journal(lambda _: httpx.Response(302, headers={"location": "/claims"})) as notes:
        end = UserAgent(notes, ORIGIN).get(f"{ORIGIN}/claims")
    assert end.redirect == f"{ORIGIN}/claims"
    assert len(notes.steps) < 20
