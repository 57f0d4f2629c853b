"""What a person is told about herself, and how what is remembered about her is forgotten."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock, MemoryStore
from uma_reference.authorization_server.handles import PersistedClaims
from uma_reference.authorization_server.model import Claims

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

ISSUER = "https://as.example"
SignedIn = Callable[[str], Browser]


@pytest.fixture
def remember(store: MemoryStore, clock: AdjustableClock) -> Callable[..., None]:
    """Return what has claims remembered under a PCT."""

    def put(pct: str, client: str, sub: str, *, issuer: str = ISSUER, seconds: int = 1000) -> None:
        claims = Claims(issuer, {"sub": sub, "email": f"{pct}@example.org"})
        store.put_handle(PersistedClaims(pct, client, claims, clock.now() + seconds))

    return put


def test_a_person_sees_what_is_known_about_her(signed_in: SignedIn) -> None:
    page = signed_in("party").get("/me").text
    assert "<dd><bdi>Pat Party</bdi></dd>" in page
    assert "<dt><bdi>E-mail address</bdi></dt><dd><bdi>party@example.org</bdi></dd>" in page
    assert "<p>Nothing.</p>" in page
    assert "/my/resources" not in page


def test_an_owner_sees_her_own_page_too(alice: Browser) -> None:
    page = alice.get("/me").text
    assert '<a href="/me" aria-current="page">' in page
    assert '<a href="/my/resources">' in page


def test_what_is_remembered_is_shown_by_client_and_can_be_forgotten(
    server: httpx.Client,
    signed_in: SignedIn,
    remember: Callable[..., None],
    letter: str,
    ticket: Callable[..., str],
    redeem: Callable[..., httpx.Response],
) -> None:
    remember("one", "client", "party")
    remember("two", "client", "party", seconds=2000)
    remember("three", "other", "party")
    remember("four", "client", "bob")
    remember("five", "client", "party", issuer="https://identity.example")
    remember("six", "<b>", "party", seconds=-1)
    condition = {"claim": "sub", "values": ["party", "bob"]}
    policy = {"scopes": ["view"], "conditions": [condition]}
    server.post(
        f"/owner/resources/{letter}/policies", json=policy, auth=("alice", "alice-password")
    )

    def counts(pct: str, client: str = "client") -> bool:
        return redeem(ticket({letter: ["view"]}), client, pct=pct).status_code == 200

    assert [counts("one"), counts("two"), counts("four"), counts("three", "other")] == [True] * 4
    party = signed_in("party")
    page = party.get("/me").text
    assert re.findall(r"For <bdi>(.*?)</bdi>", page) == ["client", "other"]
    shown = {name for name in ("one", "two", "three", "four", "five", "six") if f"{name}@" in page}
    assert shown == {"one", "two", "three"}
    asked = party.get("/me/forget", client="client")
    assert "one@example.org" in asked.text
    assert counts("one")
    sent = party.send(asked, "/me/forget")
    assert sent.headers["location"] == "/me?done=forgotten"
    assert [counts(name) for name in ("one", "two", "four", "five")] == [False, False, True, True]
    assert counts("three", "other")
    assert re.findall(r"For <bdi>(.*?)</bdi>", party.follow(sent).text) == ["other"]


def test_nobody_forgets_what_is_not_hers(
    signed_in: SignedIn, remember: Callable[..., None], store: MemoryStore
) -> None:
    remember("four", "client", "bob")
    party = signed_in("party")
    assert party.get("/me/forget", client="client").status_code == 404
    assert party.get("/me/forget").status_code == 404
    token = party.get("/me").text.partition('name="form_token" value="')[2][:64]
    sent = {"form_token": token, "client": "client"}
    assert party.http.post("/me/forget", data=sent).status_code == 404
    assert len(store.persisted_of(ISSUER, "bob")) == 1
