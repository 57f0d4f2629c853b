"""Tickets, tokens and handles, in every store."""

from dataclasses import replace

import pytest

from uma_reference.authorization_server import Store
from uma_reference.authorization_server.handles import (
    AuthorizationCode,
    BrowserSession,
    Gathering,
    Handle,
    PersistedClaims,
    RefreshToken,
)
from uma_reference.authorization_server.model import (
    AccessToken,
    Claims,
    Domain,
    Permission,
    Ticket,
)

ALICE = Domain("alice", "rs")
WANTED = (
    Permission("photo", frozenset({"view", "print"})),
    Permission("b", frozenset(), 99, frozenset({"p", "q"})),
)
PARTY = Claims("https://idp.example", {"sub": "bob", "roles": ["a", "b"], "age": 7})
BOTH = Claims("https://other.example", {"sub": "b"}, (PARTY,))
TICKET = Ticket("ticket", ALICE, WANTED, 300, "client", BOTH, "request", persist=False)
TOKEN = AccessToken("token", "client", ALICE, 1, 300, permissions=WANTED, party="x", grant="g")
PAT = AccessToken("pat", "rs", ALICE, 1, 300, scope=frozenset({"uma_protection"}))
PLAIN = AccessToken("plain", "rs", None, 1, 300)
HANDLES: tuple[Handle, ...] = (
    RefreshToken("value", "client", ALICE, WANTED, 300, "g", "party", frozenset({"s"})),
    RefreshToken("value", "client", ALICE, None, 300, "g"),
    PersistedClaims("value", "client", BOTH, 300),
    AuthorizationCode("value", "c", ALICE, frozenset({"s"}), "https://c", True, "ch", 300, "g"),  # noqa: FBT003 - as it is in the class
    BrowserSession("value", "alice", 1, 300),
    Gathering("value", "c", replace(TICKET, value=""), "https://c", "", False, 300),  # noqa: FBT003 - as it is in the class
)
KINDS = [type(item).__name__ for item in HANDLES]


def test_a_ticket_is_kept_as_it_was_issued(store: Store) -> None:
    store.put_ticket(TICKET)
    assert store.take_ticket("ticket") == TICKET


def test_a_ticket_is_taken_once(store: Store, elsewhere: Store) -> None:
    store.put_ticket(TICKET)
    assert elsewhere.take_ticket("ticket") is not None
    assert store.take_ticket("ticket") is None
    assert store.take_ticket("") is None


@pytest.mark.parametrize("token", [TOKEN, PAT, PLAIN], ids=["rpt", "pat", "plain"])
def test_a_token_is_kept_as_it_was_issued(
    store: Store, elsewhere: Store, token: AccessToken
) -> None:
    store.put_token(token)
    assert elsewhere.token(token.value) == token
    assert elsewhere.token(token.value) == token


def test_a_dropped_token_is_gone(store: Store) -> None:
    store.put_token(TOKEN)
    store.put_token(PAT)
    store.drop_token("token")
    store.drop_token("none")
    assert store.token("token") is None
    assert store.token("pat") == PAT


@pytest.mark.parametrize("handle", HANDLES, ids=KINDS)
def test_a_handle_is_kept_as_it_was_issued(store: Store, elsewhere: Store, handle: Handle) -> None:
    store.put_handle(handle)
    assert elsewhere.handle(type(handle), "value") == handle
    assert elsewhere.take_handle(type(handle), "value") == handle
    assert store.handle(type(handle), "value") is None
    assert store.take_handle(type(handle), "value") is None


def test_a_ticket_in_a_handle_comes_back_without_its_value(store: Store) -> None:
    handle = Gathering("value", "c", TICKET, "https://c", "", state_given=False, expires_at=300)
    store.put_handle(handle)
    found = store.handle(Gathering, "value")
    assert found == replace(handle, ticket=replace(TICKET, value=""))


def test_kinds_do_not_stand_for_each_other(store: Store) -> None:
    for item in HANDLES:
        store.put_handle(item)
    store.put_ticket(replace(TICKET, value="value"))
    assert store.token("value") is None
    assert store.take_handle(BrowserSession, "value") is not None
    assert store.handle(PersistedClaims, "value") is not None
    assert store.take_ticket("value") is not None
    assert store.take_handle(RefreshToken, "value") is not None


def test_a_handle_replaces_the_one_with_the_same_value(store: Store) -> None:
    session = BrowserSession("value", "alice", 1, 300)
    later = replace(session, expires_at=900)
    store.put_handle(session)
    store.put_handle(later)
    assert store.handle(BrowserSession, "value") == later
    store.sweep(500)
    assert store.take_handle(BrowserSession, "value") == later
    assert store.handle(BrowserSession, "value") is None


def test_a_grant_ends_as_a_whole(store: Store, elsewhere: Store) -> None:
    for item in HANDLES:
        store.put_handle(item)
    store.put_token(TOKEN)
    store.put_token(PAT)
    store.put_token(replace(TOKEN, value="foreign", grant="h"))
    elsewhere.end_grant("g")
    assert store.token("token") is None
    assert store.handle(RefreshToken, "value") is None
    assert store.handle(AuthorizationCode, "value") is None
    assert store.token("foreign") is not None
    assert store.handle(BrowserSession, "value") is not None


def test_an_empty_grant_is_none(store: Store) -> None:
    store.put_token(PAT)
    store.end_grant("")
    assert store.token("pat") == PAT


def test_a_handle_that_changed_its_grant_ends_with_the_new_one(store: Store) -> None:
    refresh = RefreshToken("value", "client", ALICE, None, 300, "g")
    moved = replace(refresh, grant="h")
    store.put_handle(refresh)
    store.put_handle(moved)
    store.end_grant("g")
    assert store.handle(RefreshToken, "value") == moved
    store.end_grant("h")
    assert store.handle(RefreshToken, "value") is None


def test_what_ended_is_swept_away(store: Store) -> None:
    for end in (10, 20, 30):
        name = f"end-{end}"
        store.put_ticket(Ticket(name, ALICE, (), end))
        store.put_token(AccessToken(name, "c", None, 1, end))
        store.put_handle(BrowserSession(name, "alice", 1, end))
    store.sweep(20)
    for end, kept in ((10, False), (20, True), (30, True)):
        name = f"end-{end}"
        found = (
            store.take_ticket(name),
            store.token(name),
            store.handle(BrowserSession, name),
        )
        assert [item is not None for item in found] == [kept] * 3


def test_secrets_of_different_kinds_with_one_value_and_end_are_swept(store: Store) -> None:
    for item in HANDLES:
        store.put_handle(item)
    store.put_ticket(replace(TICKET, value="value"))
    store.sweep(301)
    assert store.take_ticket("value") is None
    assert all(store.handle(type(item), "value") is None for item in HANDLES)


def test_a_very_late_end_is_possible(store: Store) -> None:
    late = replace(PAT, expires_at=10**40)
    store.put_token(late)
    store.sweep(2**62)
    assert store.token("pat") == late


@pytest.mark.parametrize("value", ["\u0000", "\udc80", "é", "v" * 1_000_000])
def test_presented_values_can_be_any_text(store: Store, value: str) -> None:
    assert store.take_ticket(value) is None
    assert store.token(value) is None
    assert store.handle(RefreshToken, value) is None
    store.drop_token(value)
