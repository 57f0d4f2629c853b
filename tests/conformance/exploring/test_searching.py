"""Walking through a live reference: what is found, and that it is the same every time."""

import subprocess
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

import pytest

from uma_conformance.drivers.builtin import BuiltinDriver
from uma_conformance.drivers.protocol import OTHER_OWNER, DriverError, Policy, Unsupported
from uma_conformance.exploring.plan import Plan
from uma_conformance.exploring.searching import Search
from uma_conformance.exploring.steps import Action
from uma_conformance.exploring_matrix import searched
from uma_conformance.kill_matrix import UNMODIFIED, in_process
from uma_conformance.opening import connect
from uma_conformance.probes.surroundings import Surroundings
from uma_conformance.target import TargetError
from uma_reference.faults import all_faults
from uma_reference.faults.sequences import exploring_faults

pytestmark = pytest.mark.long

_FAULTS = {fault.id: fault for fault in (*all_faults(), *exploring_faults())}


def test_the_same_seed_makes_the_same_walks() -> None:
    plan = Plan(seed=7, walks=8, steps=25)
    one, two = searched(UNMODIFIED, plan), searched(UNMODIFIED, plan)
    assert one.counts == two.counts
    assert sum(one.counts.values()) > 50
    assert searched(UNMODIFIED, Plan(seed=8, walks=8, steps=25)).counts != one.counts


def test_the_same_counterexample_comes_of_the_same_seed() -> None:
    one, two = (searched(_FAULTS["delete-ignored"], enough=1).found for _ in range(2))
    assert [item.steps for item in one] == [item.steps for item in two]


def test_nothing_is_written_where_one_explores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    searched(UNMODIFIED, Plan(walks=3, steps=10))
    assert list(tmp_path.iterdir()) == []


def test_the_time_is_kept() -> None:
    search = searched(UNMODIFIED, Plan(walks=100_000, seconds=2))
    assert search.stopped == "the 2 seconds were over"
    assert 0 < search.walked < 100_000
    assert search.left_behind == 0


@contextmanager
def _with(driver: type[BuiltinDriver]) -> Generator[Search]:
    """Search a reference with another driver."""
    with in_process(UNMODIFIED) as ready:
        ready.driver.__class__ = driver
        yield Search(Plan(walks=10, steps=20), lambda: connect(ready))


@contextmanager
def _without(hook: str) -> Generator[Search]:
    """Search a reference whose driver does not support a hook."""

    class Limited(BuiltinDriver):
        """A driver that cannot do everything."""

    def refuse(*_: object, **__: object) -> None:
        raise Unsupported("the vendor has no interface for this")

    setattr(Limited, hook, refuse)
    with _with(Limited) as search:
        yield search


class _Half(BuiltinDriver):
    """A driver that sets policies of one owner only, and withdraws none."""

    def set_policy(self, owner: str, resource_id: str, policies: Iterable[Policy]) -> None:
        wanted = list(policies)
        if owner == OTHER_OWNER or not wanted:
            raise Unsupported("only alice can share, once for all")
        super().set_policy(owner, resource_id, wanted)


def test_policies_are_left_out_for_those_who_cannot_set_them() -> None:
    with _with(_Half) as search:
        search.run()
    assert (search.found, search.unclear) == ([], 0)
    assert {f"policies of {OTHER_OWNER}", Action.WITHDRAW} <= search.able.missing.keys()
    assert Action.WITHDRAW not in search.counts
    assert search.counts[Action.ALLOW] > 0


class _Failing(BuiltinDriver):
    """A driver that fails when a policy is for both scopes."""

    def set_policy(self, owner: str, resource_id: str, policies: Iterable[Policy]) -> None:
        wanted = list(policies)
        if any(len(policy.scopes) > 1 for policy in wanted):
            raise DriverError("PUT /policies answered status 409")
        super().set_policy(owner, resource_id, wanted)


def test_a_step_that_fails_later_ends_its_walk_and_is_named() -> None:
    with _with(_Failing) as search:
        search.run()
    assert search.found == []
    assert 0 < search.unclear <= 10
    (told,) = (why for what, why in search.able.missing.items() if "one step (allow)" in what)
    assert told == "PUT /policies answered status 409"


@pytest.mark.parametrize(
    ("hook", "missing"),
    [
        ("set_policy", {Action.ALLOW, Action.WITHDRAW}),
        ("claim_token", {Action.REDEEM}),
        ("act_as", {Action.VISIT}),
        ("redirects", {Action.VISIT}),
    ],
)
def test_steps_that_a_driver_does_not_support_are_left_out(hook: str, missing: set[Action]) -> None:
    with _without(hook) as search:
        search.run()
    assert search.found == []
    assert search.unclear == 0
    for action in missing:
        assert "the vendor has no interface for this" in search.able.missing[action] or (
            action is Action.REDEEM
        )
        assert action not in search.counts
    assert search.counts[Action.REGISTER] > 0


def test_what_is_not_there_is_not_walked() -> None:
    search = searched(UNMODIFIED, Plan(walks=5), {"features": []})
    assert {"visit", "refresh", "revoke", "PCT"} <= {str(name) for name in search.able.missing}
    assert not {"visit", "refresh", "revoke"} & {str(name) for name in search.counts}


def test_each_walk_has_a_connection_of_its_own() -> None:
    opened: list[Surroundings] = []
    with in_process(UNMODIFIED) as ready:

        @contextmanager
        def counting() -> Generator[Surroundings]:
            with connect(ready) as surroundings:
                opened.append(surroundings)
                yield surroundings

        Search(Plan(walks=4, steps=5), counting).run()
    assert len(opened) == 5
    assert len({id(item.wire) for item in opened}) == 5


def test_a_target_that_goes_away_ends_the_search() -> None:
    opened: list[None] = []
    with in_process(UNMODIFIED) as ready:

        @contextmanager
        def failing() -> Generator[Surroundings]:
            opened.append(None)
            if len(opened) > 3:
                raise TargetError("target.toml: target.issuer: no connection")
            with connect(ready) as surroundings:
                yield surroundings

        search = Search(Plan(walks=10, steps=5), failing)
        search.run()
    assert search.stopped == "target.toml: target.issuer: no connection"
    assert search.found == []
    assert search.walked == 3


def test_nobody_pays_for_hypothesis_who_does_not_explore() -> None:
    modules = "uma_conformance.run, uma_conformance.offline, uma_conformance.cli.certify, sys"
    code = f"import {modules}; assert 'hypothesis' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
