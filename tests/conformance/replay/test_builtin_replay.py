"""Whole replays on the built-in reference: they pass, and a fault makes the right step fail."""

from collections.abc import Sequence
from dataclasses import asdict

import httpx
import pytest

from uma_conformance.catalogue import load_catalogue
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

Replay = tuple[Scenario, list[PlayedStep], Sequence[Exchange]]


def replayed(scenario: Scenario, fault: str = "") -> Replay:
    known = {item.id: item for item in all_faults()}
    with builtin_stage(scenario, fault=known[fault] if fault else None) as stage:
        return scenario, list(Player(scenario, stage).play()), tuple(stage.recorded)


@pytest.fixture(scope="module", params=shipped())
def replay(request: pytest.FixtureRequest) -> Replay:
    return replayed(load_scenario(request.param))


def test_every_step_passes_just_as_the_story_has_it(replay: Replay) -> None:
    _, played, _ = replay
    assert [(step.id, step.message) for step in played if step.message] == []
    assert overall(step.outcome for step in played) is Outcome.PASSED


def test_every_exchange_belongs_to_its_step(replay: Replay) -> None:
    _, played, exchanges = replay
    owners = {number: step.id for step in played for number in step.exchanges}
    assert sum(len(step.exchanges) for step in played) == len(owners)
    assert all(owners.get(item.number, item.probe) == item.probe for item in exchanges)


def test_owners_send_nothing_while_they_are_away(replay: Replay) -> None:
    scenario, _, exchanges = replay
    present = {step.id for step in scenario.steps if step.present}
    names = {item.name for item in scenario.owners.values()}
    sent = {item.probe for item in exchanges if item.sender in names or item.endpoint == OWNER}
    assert scenario.steps[0].id in sent
    assert sent <= present


def test_resource_servers_ask_the_authorization_server_themselves(replay: Replay) -> None:
    scenario, _, exchanges = replay
    servers = {item.name for item in scenario.servers.values()}
    for endpoint in ("resource registration", "permission", "introspection"):
        senders = {item.sender for item in exchanges if item.endpoint == endpoint}
        assert senders
        assert senders <= servers


@pytest.mark.parametrize("name", shipped())
def test_every_row_that_a_step_shows_is_in_the_catalogue(name: str) -> None:
    catalogue = load_catalogue()
    assert [row for row in load_scenario(name).rows if row not in catalogue] == []


@pytest.mark.parametrize(
    ("fault", "step", "told"),
    [
        ("ticket-reusable", "S02", "invalid_grant was expected, need_info came"),
        ("all-scopes-granted", "S05", "granted came (an RPT that permits C2 (update))"),
        ("scope-ignored", "S16", "the RPT permits L2 (read), not L2 (btg, read)"),
        ("need-info-without-hints", "S13", "need_info came without required_claims"),
        ("deleted-resource-accepted", "S21", "invalid_resource_id was expected, ticket came"),
        ("pct-of-any-client", "S19", "granted came"),
    ],
)
def test_a_fault_makes_the_step_fail_that_tells_of_it(fault: str, step: str, told: str) -> None:
    _, played, _ = replayed(load_scenario("healthcare"), fault)
    failed = {item.id: item.message for item in played if item.outcome is Outcome.FAILED}
    assert set(failed) == {step}
    assert told in failed[step]


@pytest.mark.parametrize(
    ("method", "path", "form"),
    [
        ("GET", "/owner/events", None),
        ("GET", "/my/resources", None),
        ("POST", "/sign-in", {"name": "alice", "password": "wrong"}),
    ],
)
def test_what_is_asked_in_the_name_of_an_owner_who_is_away_fails_the_step(
    method: str, path: str, form: dict[str, str] | None
) -> None:
    scenario = load_scenario("photo-album")
    with builtin_stage(scenario) as stage:
        player = Player(scenario, stage)
        assert player.play_step(scenario.steps[0]).outcome is Outcome.PASSED
        assert player.play_step(scenario.steps[4]).outcome is Outcome.PASSED
        auth = ("alice", stage.deployment.passwords["alice"]) if path == "/owner/events" else None
        with httpx.Client(verify=stage.house.verify, trust_env=False) as http:
            http.request(method, f"{stage.issuer}{path}", auth=auth, data=form)
        step = player.play_step(scenario.steps[4])
    assert step.outcome is Outcome.FAILED
    told = f"Alice is away, and yet: {method} {path} at the authorization server"
    assert told in step.message


def test_what_is_recorded_holds_no_secret() -> None:
    scenario = load_scenario("banking")
    with builtin_stage(scenario) as stage:
        played = list(Player(scenario, stage).play())
        written = repr([asdict(item) for item in stage.recorded]) + repr(played)
        secrets = [*stage.deployment.passwords.values(), *stage.deployment.secrets.values()]
    assert secrets
    assert not any(secret in written for secret in secrets)
