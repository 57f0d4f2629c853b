"""How scopes, times, clients and people are put into words."""

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from uma_reference.authorization_server import MemoryStore
from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.model import Permission
from uma_reference.authorization_server.records import Event, EventKind
from uma_reference.authorization_server.words import scopes, until

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

ALICE = ("alice", "alice-password")
YEAR_10000 = 253_402_300_800


@pytest.mark.parametrize(
    ("scope", "word"),
    [
        ("view", "view"),
        ("read_values", "read values"),
        ("patient/*.read", "patient/*.read"),
        ("https://a.example/scopes/down-load", "down load"),
        ("https://a.example/scopes#share/", "share"),
        ("urn:example:scope:print", "print"),
        ("::", "::"),
        ("_", "_"),
        ("", ""),
    ],
)
def test_a_scope_is_told_in_a_word_or_two(scope: str, word: str) -> None:
    (found,) = scopes([scope])
    assert (found.word, found.full) == (word, scope)


def test_scopes_that_would_read_the_same_stay_as_they_are() -> None:
    found = scopes(["https://a/view", "view", "https://b/view", "edit"])
    assert [item.word for item in found] == ["edit", "https://a/view", "https://b/view", "view"]


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (0, ""),
        (86_400, "the end of 1 January 1970 (UTC)"),
        (86_401, "2 January 1970, 00:00 UTC"),
        (YEAR_10000 - 1, "31 December 9999, 23:59 UTC"),
    ],
)
def test_an_end_is_told_as_a_day_where_it_is_one(end: int, told: str) -> None:
    assert until(end) == told


@pytest.mark.parametrize("end", [YEAR_10000, 2**70, -1, True, 1.5, "1"])
def test_no_end_is_set_that_cannot_be_told(
    server: httpx.Client, alice: Browser, letter: str, end: object
) -> None:
    place = f"/owner/resources/{letter}/policies"
    policy = {"scopes": ["view"], "anyone": True, "expires_at": end}
    assert server.post(place, json=policy, auth=ALICE).status_code == 400
    last = {**policy, "expires_at": YEAR_10000 - 1}
    assert server.post(place, json=last, auth=ALICE).status_code == 201
    assert "until 31 December 9999, 23:59 UTC" in alice.get(f"/my/resources/{letter}").text


def test_a_client_that_registered_is_told_with_the_beginning_of_its_identifier(
    store: MemoryStore, alice: Browser
) -> None:
    store.put_client(Client("x" * 43, name="Viewer"))
    asked = (Permission("gone", frozenset({"view"})),)
    store.append(Event(1, EventKind.NEED_INFO, "alice", "x" * 43, "", asked))
    assert "Viewer (xxxxxxxx…)" in alice.get("/my/events").text


def test_an_account_that_is_gone_is_told_apart_from_those_that_are_here(
    server: httpx.Client, letter: str, alice: Browser, document: dict[str, object]
) -> None:
    condition = {"claim": "sub", "values": ["old", "party"], "issuer": document["issuer"]}
    place = f"/owner/resources/{letter}/policies"
    policy = {"scopes": ["view"], "conditions": [condition]}
    assert server.post(place, json=policy, auth=ALICE).status_code == 201
    text = alice.get(f"/my/resources/{letter}").text
    assert "<bdi>old</bdi></strong>" in text
    assert "(<bdi>nobody with this name has an account here</bdi>)" in text
    assert "(<bdi>party</bdi>)" in text
