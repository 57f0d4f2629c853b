"""Grant 3.3.4 once more, by trying everything out: each scope alone, and every further claim.

The oracle shares no code with the server. Claims are facts (issuer, claim, value); whether more
claims could help is found by looking at every world in which more was said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from uma_reference.authorization_server.assessment import Inputs, assess
from uma_reference.authorization_server.model import Claims, Condition, Permission, Policy
from uma_reference.authorization_server.results import (
    Denied,
    Granted,
    NeedInfo,
    Result,
    Submitted,
    determine,
)

RESOURCES, SCOPES = ("r1", "r2"), ("a", "b", "c")
# Who could say something about what; "self" is what a requesting party states herself.
SPEAKERS = (("i1", "role"), ("i1", "team"), ("i2", "role"), ("self", "role"))
VALUES = ("x", "y")
Fact = tuple[str, str, str]
FACTS: tuple[Fact, ...] = tuple((*speaker, value) for speaker in SPEAKERS for value in VALUES)


def claims_of(facts: frozenset[Fact]) -> Claims:
    """Return facts as the server keeps them: one value plain, several as a list."""
    found = Claims()
    for issuer in ("i1", "i2"):
        said = said_by(issuer, facts)
        found = Claims(issuer, said).added_to(found) if said else found
    return found.with_stated(said_by("self", facts))


def said_by(issuer: str, facts: frozenset[Fact]) -> dict[str, object]:
    said: dict[str, object] = {}
    for claim in sorted({what for who, what, _ in facts if who == issuer}):
        values = sorted(value for who, what, value in facts if (who, what) == (issuer, claim))
        said[claim] = values[0] if len(values) == 1 else values
    return said


def wanting(speaker: tuple[str, str], values: frozenset[str]) -> Condition:
    return Condition(speaker[1], values, speaker[0])


scope_sets = st.frozensets(st.sampled_from(SCOPES))
# Mostly there is something to be granted, so that it is the claims that decide.
wide = st.just(frozenset(SCOPES)) | scope_sets
conditions = st.builds(
    wanting,
    st.sampled_from((("", "role"), ("", "team"), *SPEAKERS)),
    st.frozensets(st.sampled_from(VALUES)),
)
policies = st.builds(
    Policy,
    id=st.uuids().map(str),
    resource_id=st.just("r"),
    scopes=wide,
    conditions=st.lists(conditions, max_size=2).map(tuple),
    anyone=st.booleans(),
    ask=st.booleans(),
    expires_at=st.sampled_from((0, 7, 9)),
)
inputs = st.builds(
    Inputs,
    ticket=st.sampled_from((RESOURCES, RESOURCES[:1])).flatmap(
        lambda names: st.tuples(
            *(st.builds(Permission, st.just(name), scope_sets) for name in names)
        )
    ),
    registered_scopes=scope_sets,
    requested_scopes=scope_sets,
    available=st.fixed_dictionaries(dict.fromkeys(RESOURCES, wide)),
    policies=st.fixed_dictionaries(
        {name: st.lists(policies, max_size=3).map(tuple) for name in RESOURCES}
    ),
    claims=st.frozensets(st.sampled_from(FACTS), max_size=4).map(claims_of),
)


@dataclass(frozen=True)
class World:
    """What was said before, and what is said beside it."""

    before: frozenset[Fact]
    more: frozenset[Fact] = frozenset()

    def meets(self, wanted: Condition) -> bool:
        for issuer, claim, value in self.before | self.more:
            if claim != wanted.claim or value not in wanted.values:
                continue
            if wanted.issuer == issuer:
                return True
            # Without a name any issuer will do, but no statement of her own; and what an issuer
            # said about it already is not asked of the next one.
            anew = (issuer, claim, value) in self.before or not self.vouched(claim)
            if not wanted.issuer and issuer != "self" and anew:
                return True
        return False

    def vouched(self, claim: str) -> bool:
        return any(what == claim and who != "self" for who, what, _ in self.before)

    def opens(self, policy: Policy) -> bool:
        if not policy.conditions:
            return policy.anyone
        return all(self.meets(condition) for condition in policy.conditions)


def facts_of(claims: Claims) -> frozenset[Fact]:
    return frozenset(
        (item.issuer, claim, value)
        for item in claims.each
        for claim, held in item.values.items()
        for value in (cast("list[str]", held) if isinstance(held, list) else [str(held)])
    )


def worlds(before: frozenset[Fact]) -> Iterator[World]:
    """Yield every world in which more is said; who vouched for something does not change it."""
    settled = {(who, what) for who, what, _ in before if who != "self"}
    open_facts = [fact for fact in FACTS if fact[:2] not in settled]
    subsets = chain.from_iterable(
        combinations(open_facts, number) for number in range(1, len(open_facts) + 1)
    )
    return (World(before, frozenset(more)) for more in subsets)


class Tried:
    """What is asked and what passes, found scope by scope."""

    def __init__(self, case: Inputs) -> None:
        self.case = case
        self.before = facts_of(case.claims)

    def asks(self, resource: str, scope: str) -> bool:
        in_ticket = any(p.resource_id == resource and scope in p.scopes for p in self.case.ticket)
        widening = scope in self.case.registered_scopes and scope in self.case.requested_scopes
        return in_ticket or (widening and scope in self.case.available[resource])

    def passes(self, world: World, resource: str, scope: str, *, ask: bool = False) -> bool:
        return scope in self.case.available[resource] and any(
            scope in policy.scopes and policy.ask is ask and world.opens(policy)
            for policy in self.case.policies[resource]
        )

    def reached(self, world: World, resource: str) -> bool:
        return any(not p.ask and world.opens(p) for p in self.case.policies[resource])

    def requested(self, resource: str) -> set[str]:
        return {scope for scope in SCOPES if self.asks(resource, scope)}

    def candidates(self, world: World, resource: str) -> set[str]:
        return {s for s in self.requested(resource) if self.passes(world, resource, s)}

    def askable(self, world: World, resource: str) -> set[str]:
        missing = self.requested(resource) - self.candidates(world, resource)
        return {s for s in missing if self.passes(world, resource, s, ask=True)}

    def outcome(self, *, partial: bool) -> tuple[str, dict[str, set[str]]]:
        """Return the name of the result and the scopes by resource that it is about."""
        now = World(self.before)
        names = [permission.resource_id for permission in self.case.ticket]
        found = {name: self.candidates(now, name) for name in names}
        whole = all(self.reached(now, n) and found[n] == self.requested(n) for n in names)
        if whole:
            return "granted", found
        part = {name: scopes for name, scopes in found.items() if scopes}
        if part and partial:
            return "granted", part
        asked = {n: self.askable(now, n) for n in names if self.askable(now, n)}
        if asked:
            return "submitted", asked
        helps = any(self.better(world, n) for world in worlds(self.before) for n in names)
        return ("need_info" if helps else "denied"), {}

    def better(self, world: World, resource: str) -> bool:
        now = World(self.before)
        if not self.requested(resource):
            return self.reached(world, resource) and not self.reached(now, resource)
        gained = self.candidates(world, resource) - self.candidates(now, resource)
        return bool(gained or self.askable(world, resource) - self.candidates(now, resource))


def named(result: Result) -> tuple[str, dict[str, set[str]]]:
    match result:
        case Granted(permissions):
            return "granted", {item.resource_id: set(item.scopes) for item in permissions}
        case Submitted(permissions):
            return "submitted", {item.resource_id: set(item.scopes) for item in permissions}
        case NeedInfo():
            return "need_info", {}
        case Denied():
            return "denied", {}


@given(inputs, st.booleans())
@settings(max_examples=800, deadline=None)
def test_the_result_is_that_of_trying_everything_out(
    case: Inputs,
    partial: bool,  # noqa: FBT001 - drawn
) -> None:
    """G-3.3.4-03 to G-3.3.4-09, and need_info only where more claims can help."""
    assert named(determine(assess(case), partial_grants=partial)) == Tried(case).outcome(
        partial=partial
    )


@given(inputs)
@settings(max_examples=200, deadline=None)
def test_what_need_info_names_is_what_a_helpful_world_has_more(case: Inputs) -> None:
    result = determine(assess(case), partial_grants=False)
    if not isinstance(result, NeedInfo):
        return
    tried, now = Tried(case), World(facts_of(case.claims))
    expected: set[Condition] = set()
    for permission in case.ticket:
        resource = permission.resource_id
        for policy in case.policies[resource]:
            alone = Tried(
                Inputs(
                    case.ticket,
                    case.registered_scopes,
                    case.requested_scopes,
                    case.available,
                    {**case.policies, resource: (*_open(case, resource, now), policy)},
                    case.claims,
                )
            )
            if not now.opens(policy) and any(
                alone.better(world, resource) for world in worlds(tried.before)
            ):
                expected |= {item for item in policy.conditions if not now.meets(item)}
    assert set(result.conditions) == expected


def _open(case: Inputs, resource: str, now: World) -> list[Policy]:
    return [policy for policy in case.policies[resource] if now.opens(policy)]


@given(inputs)
def test_a_permission_rests_on_the_policies_that_give_it(case: Inputs) -> None:
    tried = Tried(case)
    now = World(tried.before)
    for item in assess(case):
        asked = tried.requested(item.resource_id)
        behind = [
            policy
            for policy in case.policies[item.resource_id]
            if not policy.ask
            and now.opens(policy)
            and (not asked or policy.scopes & asked & case.available[item.resource_id])
        ]
        assert item.policies == {policy.id for policy in behind}
        ends = [policy.expires_at for policy in behind if policy.expires_at]
        assert item.expires_at == (min(ends) if ends else 0)
