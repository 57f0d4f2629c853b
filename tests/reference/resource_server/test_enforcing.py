"""What an introspection object lets through, against a plain second reading of FedAuthz 5.1.1."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uma_reference.resource_server.enforcing import Need, permits

AS = "https://as.example"
NOW = 1000
NEED = Need("r1", "view", AS, NOW, skew=5)
PERMISSION: dict[str, object] = {"resource_id": "r1", "resource_scopes": ["view", "edit"]}


def state(*permissions: object, **more: object) -> dict[str, object]:
    return {"active": True, "permissions": list(permissions), **more}


def test_a_permission_with_the_scope_is_enough() -> None:
    assert permits(state(PERMISSION), NEED)
    assert permits(state({**PERMISSION, "resource_id": "r2"}, PERMISSION), NEED)


@pytest.mark.parametrize(
    "members",
    [
        {"resource_id": "r2"},
        {"resource_scopes": ["edit"]},
        {"resource_scopes": []},
        {"resource_scopes": "view"},
        {"resource_scopes": None},
        {"exp": NOW},
        {"exp": NOW - 1},
        {"exp": "2000"},
        {"exp": True},
        {"exp": None},
        {"nbf": NOW + 6},
        {"iat": NOW + 6},
        {"nbf": []},
    ],
)
def test_a_permission_that_is_not_enough(members: dict[str, object]) -> None:
    assert not permits(state({**PERMISSION, **members}), NEED)


@pytest.mark.parametrize(
    "members", [{"exp": NOW + 1}, {"nbf": NOW + 5}, {"iat": NOW}, {"exp": NOW + 0.5}]
)
def test_a_permission_within_its_time(members: dict[str, object]) -> None:
    assert permits(state({**PERMISSION, **members}), NEED)


@pytest.mark.parametrize(
    "members",
    [
        *({"active": False}, {"active": "true"}, {"active": 1}, {"iss": "https://other.example"}),
        *({"exp": NOW}, {"nbf": NOW + 6}, {"iat": NOW + 6}, {"permissions": None}),
        *({"permissions": PERMISSION}, {"permissions": ["x", 1, None]}, {"iss": None}),
    ],
)
def test_a_token_that_is_not_enough(members: dict[str, object]) -> None:
    assert not permits(state(PERMISSION) | members, NEED)


def test_a_token_without_permissions_is_not_enough() -> None:
    assert not permits({"active": True, "scope": "view"}, NEED)


times = st.none() | st.integers(NOW - 10, NOW + 10)
permissions = st.fixed_dictionaries(
    {
        "resource_id": st.sampled_from(("r1", "r2")),
        "resource_scopes": st.lists(st.sampled_from(("view", "edit"))),
    },
    optional={"exp": times, "nbf": times, "iat": times},
)
states = st.fixed_dictionaries(
    {"active": st.booleans(), "permissions": st.lists(permissions, max_size=4)},
    optional={"exp": times, "nbf": times, "iat": times, "iss": st.sampled_from((AS, "x"))},
)


def fits(item: dict[str, Any]) -> bool:
    for name in ("exp", "nbf", "iat"):
        if name in item and item[name] is None:
            return False
    if item.get("exp", NOW + 1) <= NOW:
        return False
    return bool(item.get("nbf", 0) - 5 <= NOW and item.get("iat", 0) - 5 <= NOW)


@given(states)
def test_every_state_is_read_as_the_specification_says(found: dict[str, Any]) -> None:
    enough = [
        item
        for item in found["permissions"]
        if item["resource_id"] == "r1" and "view" in item["resource_scopes"] and fits(item)
    ]
    expected = found["active"] and fits(found) and found.get("iss", AS) == AS and enough
    assert permits(found, NEED) == bool(expected)


names = st.sampled_from(("resource_id", "resource_scopes", "exp", "view", "r1"))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(("active", "permissions", "exp", "iss")), json_values))
def test_anything_of_json_can_be_read(found: dict[str, Any]) -> None:
    assert not permits(found | {"iss": "https://other.example"}, NEED)
    assert permits(found, NEED) in {True, False}
