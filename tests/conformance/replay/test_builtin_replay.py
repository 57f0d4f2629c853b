"""Whole replays on the built-in reference: they pass, and a fault makes the right step fail."""

from collections.abc import Sequence

import pytest

from uma_conformance.replay.builtin import builtin_stage
from uma_conformance.replay.names import OWNER
from uma_conformance.trace import Exchange
from uma_reference.faults import all_faults
from uma_scenarios import (
    Outcome,
    PlayedStep,
    Player,
    Scenario,
    load_scenario,
    overall,
    shipped,
)


def replayed(scenario: Scenario, fault: str = "") -> tuple[list[PlayedStep], Sequence[Exchange]]:
    known = {item.id: item for item in all_faults()}
    with builtin_stage(scenario, fault=known[fault] if fault else None) as stage:
        return list(Player(scenario, stage).play()), tuple(stage.recorded)


@pytest.fixture(scope="module", params=shipped())
def replay(request: pytest.FixtureRequest) -> tuple[list[PlayedStep], Sequence[Exchange]]:
    return replayed(load_scenario(request.param))


def test_every_step_passes_as_the_story_has_it(
    replay: tuple[list[PlayedStep], Sequence[Exchange]],
) -> None:
    played, _ = replay
    assert [(step.id, step.message) for step in played if step.outcome is not Outcome.PASSED] == []
    assert overall(step.outcome for step in played) is Outcome.PASSED
    # No remark: the reference ends every act as the story tells it.
    assert [step.message for step in played if step.message] == []


def test_every_exchange_belongs_to_one_step(
    replay: tuple[list[PlayedStep], Sequence[Exchange]],
) -> None:
    played, exchanges = replay
    owners = {number: step.id for step in played for number in step.exchanges}
    assert sum(len(step.exchanges) for step in played) == len(owners)
    assert all(owners.get(item.number, item.probe) == item.probe for item in exchanges)


def test_owners_send_nothing_while_they_are_away(
    replay: tuple[list[PlayedStep], Sequence[Exchange]], request: pytest.FixtureRequest
) -> None:
    scenario = load_scenario(request.node.callspec.params["replay"])
    present = {step.id for step in scenario.steps if step.present}
    names = {item.name for item in scenario.owners.values()}
    _, exchanges = replay
    sent = {item.probe for item in exchanges if item.sender in names or item.endpoint == OWNER}
    assert sent
    assert sent <= present


def test_resource_servers_ask_the_authorization_server_themselves(
    replay: tuple[list[PlayedStep], Sequence[Exchange]], request: pytest.FixtureRequest
) -> None:
    scenario = load_scenario(request.node.callspec.params["replay"])
    _, exchanges = replay
    servers = {item.name for item in scenario.servers.values()}
    for endpoint in ("resource registration", "permission", "introspection"):
        senders = {item.sender for item in exchanges if item.endpoint == endpoint}
        assert senders
        assert senders <= servers


@pytest.mark.parametrize(
    ("fault", "step", "told"),
    [
        ("reusable-ticket", "S02", "invalid_grant was expected"),
        ("tickets-stay-open", "S02", "invalid_grant was expected"),
        ("pct-of-anybody", "S19", "need_info or invalid_grant or request_denied was expected"),
    ],
)
def test_a_fault_makes_the_right_step_fail(fault: str, step: str, told: str) -> None:
    played, _ = replayed(load_scenario("healthcare"), fault)
    failed = {item.id: item.message for item in played if item.outcome is Outcome.FAILED}
    assert told in failed[step]
