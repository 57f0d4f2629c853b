"""A replay read from the record of its run."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from uma_reports import (
    EpisodeRecord,
    ExchangeRecord,
    GapRecord,
    Outcome,
    RecordError,
    RunRecord,
    from_document,
    to_document,
)
from uma_reports.diagrams import Preset, Role
from uma_reports.diagrams.evidence import Evidence
from uma_reports.scenario_page import StepOutcome, render_scenario_page, replay_of

MakeRecord = Callable[..., RunRecord]
MakeExchange = Callable[..., ExchangeRecord]


def _act(told: str, ending: str, exchange: int, **more: object) -> dict[str, object]:
    return {
        "told": told, "ending": ending, "said": "in short", "outcome": "passed",
        "problem": "", "remark": "", "exchanges": [exchange], **more,
    }  # fmt: skip


@pytest.fixture
def record(make_record: MakeRecord, make_exchange: MakeExchange) -> RunRecord:
    whole = {
        "title": "Alice shares", "summary": "She is away.", "outcome": "failed",
        "steps": ["S01", "S02", "S99"],
        "parties": {"Bob": "requesting party", "the viewer": "client", "Lake": "resource server",
                    "the desk": "authorization server", "Alice": "resource owner", "x": "friend"},
        "policies": [{"id": "R1", "says": "Bob may look"}],
        "cast": [{"name": "Bob", "about": "a friend", "claims": ["email bob@example.org"]}],
        "resources": [{"id": "P1", "name": "Photo", "owner": "Alice", "scopes": ["view"]}],
    }  # fmt: skip
    first = {
        "id": "S01", "title": "Bob looks", "tells": "He opens it.", "why": "R1 says so.",
        "outcome": "failed", "message": "not as told", "rows": ["G-3.3.1-01"],
        "acts": [_act("Bob opens it", "challenged", 1), _act("again", "challenged", 1),
                 _act("the viewer asks", "granted", 2, outcome="failed", problem="too much")],
    }  # fmt: skip
    skipped = {"id": "S02", "title": "Later", "outcome": "skipped", "message": "skipped: no"}
    return make_record(
        exchanges=[
            make_exchange(
                1, sender="the viewer", receiver="Lake", endpoint="resource", started=1.0
            ),
            make_exchange(2, sender="the viewer", receiver="the desk", started=2.0),
        ],
        episodes=[
            EpisodeRecord("scenario", {}, whole, None),
            EpisodeRecord("S01", {"1": 1, "2": 2}, first, None),
            EpisodeRecord("S02", {}, skipped, GapRecord(Outcome.UNTESTED, "skipped: no")),
        ],
    )


def test_replay_is_read_from_its_run(record: RunRecord) -> None:
    replay = replay_of(record, "a stage")

    assert (replay.title, replay.stage, replay.outcome) == (
        "Alice shares", "a stage", StepOutcome.FAILED,
    )  # fmt: skip
    assert [(member.name, member.role) for member in replay.cast] == [
        ("Bob", Role.REQUESTING_PARTY),
        ("the viewer", Role.CLIENT),
        ("Lake", Role.RESOURCE_SERVER),
        ("the desk", Role.AUTHORIZATION_SERVER),
        ("Alice", Role.RESOURCE_OWNER),
    ]
    assert replay.cast[0].claims == ("email bob@example.org",)
    assert replay.resources[0].scopes == ("view",)
    first, second = replay.steps
    assert first.decision == "Turned away to ask for permission, then permitted."
    assert first.reason == "R1 says so."
    assert first.exchanges == (1, 2)
    assert [act.note for act in first.acts] == ["in short", "in short", "in short; too much"]
    assert (second.outcome, second.decision) == (StepOutcome.SKIPPED, "")


def test_record_that_went_through_json_gives_the_same_page(record: RunRecord) -> None:
    again = from_document(json.loads(json.dumps(to_document(record))))

    page = render_scenario_page(replay_of(again))
    assert page == render_scenario_page(replay_of(record))
    assert "2 steps: 1 other than told, 1 skipped" in page
    assert "fails S01" in page


def test_diagrams_of_its_run_know_the_roles(record: RunRecord) -> None:
    diagram = Evidence(record).numbers([1, 2], "All", Preset.FULL)

    assert [lane.role for lane in diagram.lanes] == [
        Role.CLIENT, Role.AUTHORIZATION_SERVER, Role.RESOURCE_SERVER,
    ]  # fmt: skip


def test_run_that_is_no_replay_is_refused(make_record: MakeRecord) -> None:
    with pytest.raises(RecordError, match="no replay"):
        replay_of(make_record())


@pytest.mark.parametrize("value", [None, 7, "text", ["x"], {"a": 1}])
def test_facts_of_another_form_are_left_out(
    make_record: MakeRecord, value: Any, record: RunRecord
) -> None:
    names = {name for episode in record.episodes for name in episode.facts}
    odd = [
        EpisodeRecord("scenario", {}, {**dict.fromkeys(names, value), "steps": ["S01"]}, None),
        EpisodeRecord("S01", {}, dict.fromkeys(names, value), None),
    ]

    assert render_scenario_page(replay_of(make_record(episodes=odd)))
