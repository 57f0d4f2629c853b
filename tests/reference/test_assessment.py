"""The authorization assessment of Grant 3.3.4, by its worked example and by its definitions."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uma_reference.authorization_server.assessment import Assessed, Inputs, assess
from uma_reference.authorization_server.model import Claims, Condition, Permission, Policy
from uma_reference.authorization_server.results import Denied, Granted, determine

PHOTO_SCOPES = frozenset({"view", "resize", "print", "download"})
EXAMPLE = Inputs(
    ticket=(
        Permission("album", frozenset({"edit"})),
        Permission("photo1", frozenset({"view"})),
        Permission("photo2", frozenset({"view"})),
    ),
    registered_scopes=frozenset({"download"}),
    requested_scopes=frozenset({"download"}),
    available={
        "photo1": PHOTO_SCOPES,
        "photo2": PHOTO_SCOPES,
        "album": frozenset({"view", "edit", "download"}),
    },
    policies={
        "photo1": (
            Policy(
                "only-view",
                "photo1",
                frozenset({"view"}),
                (Condition("email", frozenset({"party@example.com"})),),
            ),
        )
    },
    claims=Claims("https://identity.example", {"email": "party@example.com"}),
)


def by_resource(assessed: tuple[Assessed, ...]) -> Mapping[str, Assessed]:
    return {item.resource_id: item for item in assessed}


@pytest.mark.parametrize(
    ("resource", "requested"),
    [
        ("album", {"edit", "download"}),
        ("photo1", {"view", "download"}),
        ("photo2", {"view", "download"}),
    ],
)
def test_requested_scopes_of_the_example(resource: str, requested: set[str]) -> None:
    assert by_resource(assess(EXAMPLE))[resource].requested == requested


@pytest.mark.parametrize(
    ("resource", "candidates"),
    [("album", set[str]()), ("photo1", {"view"}), ("photo2", set[str]())],
)
def test_candidate_granted_scopes_of_the_example(resource: str, candidates: set[str]) -> None:
    assert by_resource(assess(EXAMPLE))[resource].candidates == candidates


def test_the_example_assesses_the_three_resources_of_the_ticket() -> None:
    assert [item.resource_id for item in assess(EXAMPLE)] == ["album", "photo1", "photo2"]


def test_the_example_grants_less_than_was_requested() -> None:
    assert not any(item.granted for item in assess(EXAMPLE))


def test_the_example_gives_an_rpt_for_the_part_or_a_denial() -> None:
    assessed = assess(EXAMPLE)
    (policy,) = EXAMPLE.policies["photo1"]
    part = Permission("photo1", frozenset({"view"}), policies=frozenset({policy.id}))
    assert determine(assessed, partial_grants=True) == Granted((part,))
    assert determine(assessed, partial_grants=False) == Denied()


# The model below says the same once more, scope by scope, without the set algebra of `assess`.

RESOURCES = ("r1", "r2")
SCOPES = ("a", "b", "c", "d")
CLAIMS = ("role", "team")
VALUES = ("x", "y")
ISSUERS = ("i1", "i2")

scope_sets = st.frozensets(st.sampled_from(SCOPES))
conditions = st.builds(
    Condition,
    claim=st.sampled_from(CLAIMS),
    values=st.frozensets(st.sampled_from(VALUES)),
    issuer=st.sampled_from(("", *ISSUERS)),
)
policies = st.builds(
    Policy,
    id=st.just("p"),
    resource_id=st.just("r"),
    scopes=scope_sets,
    conditions=st.lists(conditions, max_size=3).map(tuple),
    anyone=st.booleans(),
)
held = st.one_of(st.sampled_from(VALUES), st.lists(st.sampled_from(VALUES)), st.integers())
claims = st.builds(
    Claims, issuer=st.sampled_from(ISSUERS), values=st.dictionaries(st.sampled_from(CLAIMS), held)
)
inputs = st.builds(
    Inputs,
    ticket=st.tuples(*(st.builds(Permission, st.just(name), scope_sets) for name in RESOURCES)),
    registered_scopes=scope_sets,
    requested_scopes=scope_sets,
    available=st.dictionaries(st.sampled_from(RESOURCES), scope_sets),
    policies=st.dictionaries(st.sampled_from(RESOURCES), st.lists(policies, max_size=3).map(tuple)),
    claims=st.one_of(st.just(Claims()), claims),
)


def is_met(condition: Condition, party: Claims) -> bool:
    if condition.issuer not in {"", party.issuer} or condition.claim not in party.values:
        return False
    value = party.values[condition.claim]
    return any(
        value == wanted or (isinstance(value, list) and wanted in value)
        for wanted in VALUES
        if wanted in condition.values
    )


def opens(policy: Policy, party: Claims) -> bool:
    if len(policy.conditions) == 0:
        return policy.anyone
    return not [item for item in policy.conditions if not is_met(item, party)]


def is_requested(scope: str, permission: Permission, given_inputs: Inputs) -> bool:
    if scope in permission.scopes:
        return True
    return (
        scope in given_inputs.registered_scopes
        and scope in given_inputs.requested_scopes
        and scope in given_inputs.available.get(permission.resource_id, ())
    )


def passes(scope: str, resource: str, given_inputs: Inputs) -> bool:
    return scope in given_inputs.available.get(resource, ()) and any(
        scope in policy.scopes and opens(policy, given_inputs.claims)
        for policy in given_inputs.policies.get(resource, ())
    )


@given(inputs)
def test_assessment_follows_the_set_definitions(case: Inputs) -> None:
    assessed = by_resource(assess(case))
    assert list(assessed) == [permission.resource_id for permission in case.ticket]
    for permission in case.ticket:
        found = assessed[permission.resource_id]
        requested = {scope for scope in SCOPES if is_requested(scope, permission, case)}
        assert found.requested == requested
        assert found.candidates == {
            scope for scope in requested if passes(scope, permission.resource_id, case)
        }


@given(inputs)
def test_only_a_resource_with_an_open_policy_is_granted(case: Inputs) -> None:
    for item in assess(case):
        opened = [p for p in case.policies.get(item.resource_id, ()) if opens(p, case.claims)]
        assert item.reachable == bool(opened)
        assert item.granted == (bool(opened) and item.candidates == item.requested)


@given(inputs)
def test_only_unmet_conditions_of_closed_policies_stand_in_the_way(case: Inputs) -> None:
    for item in assess(case):
        closed = [p for p in case.policies.get(item.resource_id, ()) if not opens(p, case.claims)]
        of_closed = {condition for policy in closed for condition in policy.conditions}
        assert set(item.unmet) <= of_closed
        assert not any(is_met(condition, case.claims) for condition in item.unmet)


@given(inputs)
def test_an_rpt_never_holds_more_than_the_candidates(case: Inputs) -> None:
    assessed = by_resource(assess(case))
    for partial in (True, False):
        result = determine(tuple(assessed.values()), partial_grants=partial)
        if isinstance(result, Granted):
            for permission in result.permissions:
                assert permission.scopes == assessed[permission.resource_id].candidates
            assert partial or len(result.permissions) == len(case.ticket)
