"""Playing scenarios within a run: what is played, how it is recorded, and what if it is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from uma_conformance.drivers.builtin import BuiltinDriver, fresh_deployment
from uma_conformance.opening import OpenTarget
from uma_conformance.played import remarks_on_rows, scenario_documents, setups, step_in
from uma_conformance.replay.joining import evidence_of_scenarios
from uma_conformance.replay.playing import Played, Wanted, play
from uma_conformance.target import builtin_target
from uma_conformance.trace import Evidence
from uma_scenarios import Outcome, load_scenario

_BEGUN = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def album(*steps: str, name: str = "album") -> Wanted:
    return Wanted(name, load_scenario("photo-album"), frozenset(steps))


@pytest.fixture(scope="module")
def ready() -> OpenTarget:
    """Return a target that names the reference, which brings a stage of its own."""
    return OpenTarget(builtin_target(), BuiltinDriver("https://as.example", fresh_deployment()))


@pytest.fixture(scope="module")
def played(ready: OpenTarget) -> Played:
    return play(album("A1", "A2"), ready)


def test_what_comes_after_the_last_wanted_step_is_not_played(played: Played) -> None:
    assert [step.id for step in played.steps] == ["A0", "A1", "A2"]
    assert {step.outcome for step in played.steps} == {Outcome.PASSED}
    assert album().to_play == ()


def test_exchanges_are_numbered_and_named_apart_from_each_other(played: Played) -> None:
    later = replace(
        played, wanted=album("A2", name="again"), started=played.started + timedelta(seconds=9)
    )
    evidence = evidence_of_scenarios([played, later], 101, played.started)
    count = len(played.exchanges)
    assert [item.number for item in evidence.exchanges] == list(range(101, 101 + 2 * count))
    assert evidence.exchanges[count].started == pytest.approx(played.exchanges[0].started + 9)
    for name, episode in evidence.episodes.items():
        assert {item.probe for item in episode.steps.values()} <= {name}
        assert episode.facts.get("exchanges", []) == [int(number) for number in episode.steps]
    assert evidence.of_packs("") == Evidence()
    selected = {name: item.facts.get("selected") for name, item in evidence.episodes.items()}
    assert selected == {
        "scenarios/album": None,
        "scenarios/album/A0": False,
        "scenarios/album/A1": True,
        "scenarios/album/A2": True,
        "scenarios/again": None,
        "scenarios/again/A0": False,
        "scenarios/again/A1": False,
        "scenarios/again/A2": True,
    }
    assert [item["id"] for item in scenario_documents(evidence)] == ["album", "again"]


def test_a_set_up_that_failed_is_told_and_remarked_on_nowhere(played: Played) -> None:
    first, *others = played.steps
    broken = replace(first, outcome=Outcome.FAILED, message="it broke")
    whole = replace(played, steps=(broken, *others))
    evidence = evidence_of_scenarios([whole], 1, _BEGUN)
    assert list(setups(evidence)) == [
        "album: played as set-up for the selected steps: A0",
        "album::A0 failed: it broke",
    ]
    assert remarks_on_rows(evidence) == {}
    asked = replace(whole, wanted=album("A0", "A1", "A2"))
    evidence = evidence_of_scenarios([asked], 1, _BEGUN)
    assert list(setups(evidence)) == []
    told = "the step album::A0, which is about this row, failed: it broke"
    assert remarks_on_rows(evidence) == {row: [told] for row in first.rows}
    assert first.rows


def test_a_stage_that_cannot_be_set_up_leaves_every_step_incomplete() -> None:
    nobody = BuiltinDriver("https://127.0.0.1:1", fresh_deployment())
    target = replace(builtin_target(), driver="hook", source="mine.toml")
    played = play(album("A1"), OpenTarget(target, nobody))
    assert [(step.id, step.outcome) for step in played.steps] == [
        ("A0", Outcome.INCOMPLETE),
        ("A1", Outcome.INCOMPLETE),
    ]
    evidence = evidence_of_scenarios([played], 1, _BEGUN)
    facts = step_in(evidence, "album", "A1")
    assert facts["outcome"] == "incomplete"
    assert str(facts["message"]).startswith("not played: the stage cannot be set up: mine.toml: ")
    assert step_in(evidence, "album", "A4") == {}
