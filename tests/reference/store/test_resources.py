"""Resources and their policies, in every store."""

from collections.abc import Mapping

import pytest

from uma_reference.authorization_server import Store
from uma_reference.authorization_server.model import Condition, Domain, Policy, Resource

ALICE = Domain("alice", "rs")
PHOTO: Mapping[str, object] = {
    "resource_scopes": ["view", "http://photoz.example.com/dev/scopes/print"],
    "name": 'Ünïcödé \u0000 \\ " 😀',
    "later": {"deep": [1, 2.5, None, True, {"z": 1, "a": 10**30}]},
}
RULE = Policy(
    "policy",
    "photo",
    frozenset({"view", "print"}),
    (Condition("role", frozenset({"doctor", "nurse"}), "https://idp.example", "your role"),),
    ask=True,
    expires_at=77,
)


def resource(name: str, domain: Domain = ALICE) -> Resource:
    return Resource(name, domain, {"resource_scopes": ["view"], "name": name})


def policy(name: str, place: str = "photo") -> Policy:
    return Policy(name, place, frozenset({"view"}), anyone=True)


def names(store: Store, place: str = "photo") -> list[str]:
    return [item.id for item in store.policies(place)]


@pytest.fixture
def photo(store: Store) -> Resource:
    found = Resource("photo", ALICE, PHOTO)
    store.put_resource(found)
    return found


def test_a_resource_is_kept_as_it_was_described(store: Store, photo: Resource) -> None:
    assert store.resource("photo") == photo


def test_the_members_of_a_description_keep_their_order(store: Store, photo: Resource) -> None:
    found = store.resource("photo")
    assert found is not None
    assert list(found.description) == list(photo.description)


def test_a_resource_that_nobody_registered_is_none(store: Store) -> None:
    assert store.resource("photo") is None


def test_resources_are_listed_by_domain_in_order_of_registration(store: Store) -> None:
    elsewhere, bobs = Domain("alice", "rs2"), Domain("bob", "rs")
    for item in (resource("z"), resource("b", bobs), resource("c", elsewhere), resource("a")):
        store.put_resource(item)
    found = store.resources(ALICE)
    assert [item.id for item in found] == ["z", "a"]
    assert [item.id for item in store.resources(bobs)] == ["b"]
    assert not store.resources(Domain("bob", "rs2"))


def test_an_updated_resource_keeps_its_place_and_its_policies(store: Store) -> None:
    for name in ("photo", "b"):
        store.put_resource(resource(name))
    store.add_policy(policy("p"))
    changed = Resource("photo", ALICE, {"resource_scopes": ["print"]})
    store.put_resource(changed)
    assert store.resources(ALICE)[0] == changed
    assert names(store) == ["p"]


def test_a_deleted_resource_goes_with_its_policies(store: Store) -> None:
    for name in ("photo", "b"):
        store.put_resource(resource(name))
    store.add_policy(policy("p"))
    store.add_policy(policy("q", "b"))
    store.delete_resource("photo")
    assert store.resource("photo") is None
    assert [item.id for item in store.resources(ALICE)] == ["b"]
    assert names(store) == []
    assert store.policy("p") is None
    assert names(store, "b") == ["q"]


def test_deleting_nothing_does_nothing(store: Store, photo: Resource) -> None:
    store.delete_resource("none")
    store.drop_policy("none")
    assert store.resources(ALICE) == [photo]


def test_a_policy_is_kept_as_it_was_set(store: Store, photo: Resource) -> None:
    store.add_policy(RULE)
    assert store.policy("policy") == RULE
    assert list(store.policies(photo.id)) == [RULE]


@pytest.mark.usefixtures("photo")
def test_policies_come_in_the_order_in_which_they_were_set(store: Store) -> None:
    for name in ("z", "m", "a"):
        store.add_policy(policy(name))
    assert names(store) == ["z", "m", "a"]
    store.drop_policy("m")
    assert names(store) == ["z", "a"]
    assert store.policy("m") is None


@pytest.mark.usefixtures("photo")
def test_policies_are_replaced_at_once(store: Store) -> None:
    store.add_policy(policy("old"))
    store.set_policies("photo", [policy("b"), policy("a")])
    assert names(store) == ["b", "a"]
    assert store.policy("old") is None
    store.set_policies("photo", [])
    assert names(store) == []


@pytest.mark.usefixtures("photo")
def test_a_policy_can_be_set_again_among_others(store: Store) -> None:
    store.set_policies("photo", [policy("a"), policy("b")])
    store.set_policies("photo", [policy("b"), policy("c")])
    assert names(store) == ["b", "c"]


def test_without_the_resource_there_are_no_policies(store: Store) -> None:
    store.add_policy(policy("p"))
    store.set_policies("photo", [policy("q")])
    assert names(store) == []
    assert store.policy("p") is None
    assert store.policy("q") is None


@pytest.mark.parametrize(
    "name", ["", "\u0000", "a\u0000b", "\udc80", "é", "\\", '"', "'; --", "%s", ":x", "n" * 100_000]
)
def test_identifiers_can_be_any_text(store: Store, name: str) -> None:
    strange = Domain(name, name)
    assert store.resource(name) is None
    store.put_resource(resource(name, strange))
    store.add_policy(policy(name, name))
    assert store.resource(name) == resource(name, strange)
    assert list(store.resources(strange)) == [resource(name, strange)]
    assert names(store, name) == [name]


def test_long_identifiers_are_told_apart(store: Store) -> None:
    one, two = "n" * 5000 + "1", "n" * 5000 + "2"
    store.put_resource(resource(one))
    assert store.resource(two) is None
