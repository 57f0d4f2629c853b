"""Units of work: whole or not at all, and as if one came after the other."""

import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import partial
from operator import methodcaller

import pytest

from uma_reference.authorization_server import Keeper, Store, StoreError
from uma_reference.authorization_server.handles import RefreshToken
from uma_reference.authorization_server.model import (
    AccessToken,
    Claims,
    Domain,
    Permission,
    Policy,
    Resource,
    Ticket,
)
from uma_reference.authorization_server.records import AccessRequest, Event, EventKind, Standing
from uma_reference.authorization_server.store import open_store

ALICE = Domain("alice", "rs")
PHOTO = Resource("photo", ALICE, {"resource_scopes": ["view"]})
BOB = Claims("https://idp.example", {"sub": "bob"})
ASKED = (Permission("photo", frozenset({"view"})),)
REQUEST = AccessRequest("one", ALICE, "client", BOB, ASKED, 100)
AtOnce = Callable[[Sequence[Callable[[Store], object]]], list[object]]


def policy(name: str) -> Policy:
    return Policy(name, "photo", frozenset({"view"}), anyone=True)


@pytest.fixture
def durable(database: str) -> Generator[Keeper]:
    keeper = open_store(database)
    yield keeper
    keeper.close()


@pytest.fixture
def second(database: str, durable: Keeper) -> Generator[Keeper]:
    """Yield the same database, opened once more."""
    del durable
    keeper = open_store(database)
    yield keeper
    keeper.close()


def test_a_ticket_goes_to_one_of_many(store: Store, at_once: AtOnce) -> None:
    for number in range(5):
        store.put_ticket(Ticket(f"ticket-{number}", ALICE, (), 300))
        found = at_once([methodcaller("take_ticket", f"ticket-{number}")] * 16)
        assert len([item for item in found if item is not None]) == 1


def test_a_handle_goes_to_one_of_many(store: Store, at_once: AtOnce) -> None:
    store.put_handle(RefreshToken("value", "client", ALICE, None, 300, "g"))
    found = at_once([methodcaller("take_handle", RefreshToken, "value")] * 16)
    assert len([item for item in found if item is not None]) == 1


def test_a_counter_counts_everybody(store: Store, at_once: AtOnce) -> None:
    found = at_once([methodcaller("count", "key", 100, 10)] * 40)
    assert sorted(found, key=str) == sorted(range(1, 41), key=str)
    assert store.counted("key", 100) == 40


def test_nobody_slips_past_a_limit(store: Store, at_once: AtOnce) -> None:
    def attempt(store: Store) -> bool:
        if store.counted("key", 100) >= 5:
            return False
        store.count("key", 100, 10)
        return True

    assert at_once([attempt] * 24).count(True) == 5
    assert store.counted("key", 100) == 5


def test_one_question_makes_one_request(store: Store, at_once: AtOnce) -> None:
    asked = [replace(REQUEST, id=f"{number}") for number in range(16)]
    found = at_once([methodcaller("submit", item) for item in asked])
    assert len({str(item) for item in found}) == 1
    assert list(store.requests("alice")) == found[:1]


def test_one_decision_counts(store: Store, at_once: AtOnce) -> None:
    store.submit(REQUEST)
    decisions = [Standing.APPROVED, Standing.DENIED] * 8
    found = at_once([methodcaller("decide", "one", to, 150) for to in decisions])
    settled = [item for item in found if item is not None]
    assert settled == [store.request("one")]


def test_no_policy_is_lost(store: Store, at_once: AtOnce) -> None:
    store.put_resource(PHOTO)
    store.set_policies("photo", [policy(f"old-{number}") for number in range(8)])
    at_once(
        [
            *[methodcaller("add_policy", policy(f"new-{n}")) for n in range(8)],
            *[methodcaller("drop_policy", f"old-{n}") for n in range(8)],
        ]
    )
    assert {item.id for item in store.policies("photo")} == {f"new-{n}" for n in range(8)}


def test_of_sets_of_policies_one_stays(store: Store, at_once: AtOnce) -> None:
    store.put_resource(PHOTO)
    sets = [[policy(f"{n}-a"), policy(f"{n}-b")] for n in range(12)]
    at_once([methodcaller("set_policies", "photo", it) for it in sets])
    assert list(store.policies("photo")) in sets


def test_a_deleted_resource_stays_deleted(store: Store, at_once: AtOnce) -> None:
    def update(name: str, store: Store) -> None:
        if store.resource("photo") is not None:
            store.put_resource(PHOTO)
            store.add_policy(policy(name))

    for _ in range(10):
        store.put_resource(PHOTO)
        deletion = methodcaller("delete_resource", "photo")
        at_once([partial(update, "p"), deletion, partial(update, "q")])
        assert store.resource("photo") is None
        assert not store.policies("photo")
        assert store.policy("p") is None


def test_nothing_outlives_the_end_of_its_grant(store: Store, at_once: AtOnce) -> None:
    def refresh(store: Store) -> None:
        if store.handle(RefreshToken, "value") is not None:
            store.put_token(AccessToken("fresh", "client", ALICE, 1, 300, grant="g"))

    for _ in range(10):
        store.put_handle(RefreshToken("value", "client", ALICE, None, 300, "g"))
        at_once([refresh, methodcaller("end_grant", "g"), refresh])
        assert store.token("fresh") is None


def test_events_of_everybody_are_told(store: Store, at_once: AtOnce) -> None:
    told = [Event(1, EventKind.GRANTED, "alice", detail=f"{n}") for n in range(16)]
    at_once([methodcaller("append", item) for item in told])
    assert sorted(item.detail for item in store.events("alice")) == sorted(
        item.detail for item in told
    )


def test_work_that_raises_leaves_nothing(durable: Keeper) -> None:
    durable.run(lambda store: store.put_ticket(Ticket("ticket", ALICE, (), 300)))

    def fail(store: Store) -> None:
        store.put_resource(PHOTO)
        store.append(Event(1, EventKind.GRANTED, "alice"))
        assert store.take_ticket("ticket") is not None
        raise KeyError

    with pytest.raises(KeyError):
        durable.run(fail)
    assert durable.run(lambda store: store.resource("photo")) is None
    assert not durable.run(lambda store: store.events("alice"))
    assert durable.run(lambda store: store.take_ticket("ticket")) is not None


def test_work_sees_what_it_did(durable: Keeper) -> None:
    def work(store: Store) -> Resource | None:
        store.put_resource(PHOTO)
        return store.resource("photo")

    assert durable.run(work) == PHOTO


def test_work_that_read_what_is_out_of_date_is_done_again(durable: Keeper, second: Keeper) -> None:
    seen: list[int] = []

    def work(store: Store) -> None:
        seen.append(store.counted("key", 100))
        if len(seen) == 1:
            second.run(lambda other: other.count("key", 100, 10))
        store.count("key", 100, 10)

    durable.run(work)
    assert seen == [0, 1]
    assert durable.run(lambda store: store.counted("key", 100)) == 2


def test_work_that_only_reads_sees_one_state(durable: Keeper, second: Keeper) -> None:
    def work(store: Store) -> tuple[int, int]:
        before = store.counted("key", 100)
        second.run(lambda other: other.count("key", 100, 10))
        return before, store.counted("key", 100)

    assert durable.run(work) == (0, 0)
    assert durable.run(lambda store: store.counted("key", 100)) == 1


def test_work_that_always_clashes_is_given_up(
    durable: Keeper, second: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uma_reference.authorization_server.store.sql.keeper.ATTEMPTS", 2)
    monkeypatch.setattr(durable, "_writers", durable._engine)  # type: ignore[attr-defined] # the case has to be made
    attempts: list[int] = []

    def work(store: Store) -> None:
        attempts.append(store.counted("key", 100))
        second.run(lambda other: other.count("key", 100, 10))
        store.count("key", 100, 10)

    with pytest.raises(StoreError, match="too busy"):
        durable.run(work)
    assert attempts == [0, 1, 2]
    assert durable.run(lambda store: store.counted("key", 100)) == 3


def test_who_only_reads_does_not_wait_for_who_writes(durable: Keeper, second: Keeper) -> None:
    wrote, read = threading.Event(), threading.Event()

    def write(store: Store) -> None:
        store.put_resource(PHOTO)
        wrote.set()
        assert read.wait(timeout=30)

    writing = threading.Thread(target=durable.run, args=(write,))
    writing.start()
    assert wrote.wait(timeout=30)
    assert second.run(lambda store: store.resource("photo")) is None
    read.set()
    writing.join()
    assert second.run(lambda store: store.resource("photo")) == PHOTO
