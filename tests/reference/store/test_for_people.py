"""What a store shows to people: all that an owner has, and what is remembered about a party."""

from uma_reference.authorization_server import Store
from uma_reference.authorization_server.handles import PersistedClaims
from uma_reference.authorization_server.model import Claims, Domain, Policy, Resource
from uma_reference.authorization_server.records import Event, EventKind

HERE, THERE = "https://as.example", "https://identity.example"
BOB = Claims(HERE, {"sub": "bob"})
BOTH = Claims(THERE, {"sub": "b"}, (BOB,))


def values(store: Store, issuer: str, subject: str) -> list[int]:
    """Return when what is remembered about somebody ends, which tells one from another here."""
    found = store.persisted_of(issuer, subject)
    assert all(item.value == "" for item in found)
    return [item.expires_at for item in found]


def keep(store: Store, value: str, end: int, claims: Claims = BOB, client: str = "c") -> None:
    store.put_handle(PersistedClaims(value, client, claims, end))


def test_an_owner_sees_her_resources_at_every_server_with_their_policies(store: Store) -> None:
    for name, domain in (
        ("b", Domain("alice", "rs")),
        ("a", Domain("alice", "rs")),
        ("c", Domain("alice", "rs2")),
        ("d", Domain("bob", "rs")),
    ):
        store.put_resource(Resource(name, domain, {"resource_scopes": ["view"]}))
        for number in (2, 1):
            store.add_policy(Policy(f"{name}{number}", name, frozenset({"view"}), anyone=True))
    store.delete_resource("c")
    assert [item.id for item in store.owned("alice")] == ["b", "a"]
    assert [item.id for item in store.policies_of("alice")] == ["b2", "b1", "a2", "a1"]
    assert not store.owned("carol")
    assert not store.policies_of("carol")


def test_events_are_read_in_stretches(store: Store) -> None:
    for number in range(5):
        store.append(Event(number, EventKind.GRANTED, "alice"))
    assert [item.at for item in store.events("alice", 2, 1)] == [3, 2]
    assert [item.at for item in store.events("alice", 9, 4)] == [0]
    assert not store.events("alice", 9, 5)
    assert not store.events("alice", 9, 99)


def test_what_is_remembered_is_found_by_whom_it_is_about(store: Store, elsewhere: Store) -> None:
    keep(store, "one", 30)
    keep(store, "two", 10, BOTH)
    keep(store, "three", 20, Claims(THERE, {"sub": "bob"}))
    keep(store, "four", 40, Claims(HERE, {"email": "bob"}))
    assert values(elsewhere, HERE, "bob") == [10, 30]
    assert values(store, THERE, "b") == [10]
    assert values(store, THERE, "bob") == [20]
    assert values(store, "", "bob") == []


def test_what_is_remembered_for_one_client_is_forgotten(store: Store, elsewhere: Store) -> None:
    keep(store, "one", 30)
    keep(store, "two", 10, BOTH)
    keep(store, "three", 20, client="d")
    keep(store, "four", 40, Claims(HERE, {"sub": "ben"}))
    elsewhere.forget_persisted(HERE, "bob", "c")
    elsewhere.forget_persisted(HERE, "nobody", "c")
    assert values(store, HERE, "bob") == [20]
    assert values(store, THERE, "b") == []
    assert [store.handle(PersistedClaims, name) is None for name in ("one", "two")] == [True, True]
    assert values(store, HERE, "ben") == [40]


def test_what_is_gone_is_remembered_no_more(store: Store) -> None:
    keep(store, "one", 30)
    keep(store, "two", 10)
    keep(store, "three", 50)
    keep(store, "three", 50, Claims(HERE, {"sub": "ben"}))
    assert values(store, HERE, "bob") == [10, 30]
    assert store.take_handle(PersistedClaims, "one") is not None
    assert values(store, HERE, "bob") == [10]
    store.sweep(20)
    assert values(store, HERE, "bob") == []
    assert values(store, HERE, "ben") == [50]
