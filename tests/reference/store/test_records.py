"""Requests to owners, the audit, clients and counters, in every store."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from uma_reference.authorization_server import Store
from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.model import Claims, Domain, Permission
from uma_reference.authorization_server.records import (
    AccessRequest,
    Event,
    EventKind,
    Standing,
)

ALICE = Domain("alice", "rs")
BOB = Claims("https://idp.example", {"sub": "bob", "role": "doctor"})
ASKED = (Permission("photo", frozenset({"view", "print"})),)
REQUEST = AccessRequest("one", ALICE, "client", BOB, ASKED, 100)
KEYS: Mapping[str, object] = {"keys": [{"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}]}


def test_a_request_is_kept_as_it_was_submitted(store: Store, elsewhere: Store) -> None:
    assert store.submit(REQUEST) == REQUEST
    assert elsewhere.request("one") == REQUEST
    assert elsewhere.request("none") is None


def test_the_same_question_is_put_once(store: Store, elsewhere: Store) -> None:
    store.submit(REQUEST)
    # Neither when nor with which further claims somebody asks makes another question.
    more = replace(BOB, values={"sub": "bob", "role": "nurse"})
    again = replace(REQUEST, id="two", created_at=200, claims=more)
    assert elsewhere.submit(again) == REQUEST
    assert store.request("two") is None
    assert list(store.requests("alice")) == [REQUEST]


@pytest.mark.parametrize(
    "different",
    [
        replace(REQUEST, domain=Domain("alice", "rs2")),
        replace(REQUEST, client="other"),
        replace(REQUEST, claims=Claims("https://idp.example", {"sub": "carol"})),
        replace(REQUEST, claims=Claims("https://other.example", {"sub": "bob"})),
        replace(REQUEST, permissions=(Permission("photo", frozenset({"view"})),)),
        replace(REQUEST, permissions=(*ASKED, *ASKED)),
    ],
)
def test_another_question_is_another_request(store: Store, different: AccessRequest) -> None:
    store.submit(REQUEST)
    second = replace(different, id="two")
    assert store.submit(second) == second
    assert list(store.requests("alice")) == [REQUEST, second]


def test_a_request_is_decided_once(store: Store, elsewhere: Store) -> None:
    store.submit(REQUEST)
    decided = replace(REQUEST, standing=Standing.APPROVED, decided_at=150)
    assert store.decide("one", Standing.APPROVED, 150) == decided
    assert elsewhere.decide("one", Standing.DENIED, 160) is None
    assert elsewhere.decide("none", Standing.DENIED, 160) is None
    assert elsewhere.request("one") == decided


def test_after_a_decision_the_question_may_be_put_again(store: Store) -> None:
    store.submit(REQUEST)
    decided = store.decide("one", Standing.DENIED, 150)
    second = replace(REQUEST, id="two")
    assert store.submit(second) == second
    third = replace(REQUEST, id="three")
    assert store.submit(third) == second
    assert list(store.requests("alice")) == [decided, second]


def test_owners_see_their_own_requests_the_oldest_first(store: Store) -> None:
    bobs = replace(REQUEST, id="bobs", domain=Domain("bob", "rs"))
    others = [replace(REQUEST, id=name, client=name) for name in ("z", "a")]
    for item in (REQUEST, bobs, *others):
        store.submit(item)
    assert list(store.requests("alice")) == [REQUEST, *others]
    assert list(store.requests("bob")) == [bobs]
    assert not store.requests("carol")


def test_events_are_told_the_newest_first(store: Store) -> None:
    # The order is that of telling, also where clocks differ.
    told = [Event(9 - n, EventKind.GRANTED, "alice", "c", "p", ASKED, f"{n}") for n in range(5)]
    for item in told:
        store.append(item)
    store.append(Event(1, EventKind.OWNER_DENIED, "bob"))
    assert list(store.events("alice")) == told[::-1]
    assert list(store.events("alice", 2)) == [told[4], told[3]]
    assert not store.events("alice", 0)
    assert not store.events("alice", -1)
    assert not store.events("carol")


def test_the_same_event_can_happen_twice(store: Store) -> None:
    event = Event(1, EventKind.DENIED, "alice")
    store.append(event)
    store.append(event)
    assert list(store.events("alice")) == [event, event]


@pytest.mark.parametrize(
    "client",
    [
        Client("client"),
        Client("client", method="private_key_jwt", jwks=KEYS, grant_types=frozenset({"a", "b"})),
        Client(
            "client",
            "digest",
            frozenset({"download"}),
            ALICE,
            "rs",
            "A client",
            redirect_uris=("https://z", "https://a"),
            claims_redirect_uris=("https://c/claims",),
            grant_types=frozenset(),
            registered_at=7,
        ),
    ],
)
def test_a_client_is_kept_as_it_registered(store: Store, elsewhere: Store, client: Client) -> None:
    store.put_client(client)
    assert elsewhere.client("client") == client
    assert elsewhere.client("none") is None
    renamed = replace(client, name="renamed")
    elsewhere.put_client(renamed)
    assert store.client("client") == renamed


def test_a_counter_counts_until_its_time_is_over(store: Store, elsewhere: Store) -> None:
    def count(now: int) -> int:
        return store.count("key", now, 10)

    def counted(now: int) -> int:
        return elsewhere.counted("key", now)

    assert counted(100) == 0
    assert [count(100), count(105), count(109)] == [1, 2, 3]
    assert [counted(109), counted(110)] == [3, 0]
    # What counts is when it began, not when it last went on.
    assert [count(110), count(119), count(120)] == [1, 2, 1]


def test_counters_are_told_apart(store: Store) -> None:
    store.count("one", 1, 10)
    assert store.counted("two", 1) == 0
    assert store.count("two", 1, 10) == 1


def test_counters_that_are_over_are_swept_away(store: Store) -> None:
    store.count("old", 0, 10)
    store.count("new", 5, 10)
    store.sweep(12)
    # A time before its end would still see the old one.
    assert (store.counted("old", 9), store.counted("new", 9)) == (0, 1)
