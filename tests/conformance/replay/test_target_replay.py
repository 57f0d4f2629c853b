"""Replays through a driver: what it can set up is played, the rest is skipped with the reason."""

from collections.abc import Mapping

import pytest

from uma_conformance.replay.casting import Casting
from uma_conformance.replay.staging import target_stage
from uma_conformance.target import builtin_target
from uma_scenarios import CannotDo, Outcome, PlayedStep, Player, load_scenario, overall


def replayed(name: str) -> Mapping[str, PlayedStep]:
    """Play on the reference through its driver, as on any other target."""
    scenario = load_scenario(name)
    with target_stage(scenario, builtin_target()) as stage:
        return {step.id: step for step in Player(scenario, stage).play()}


def test_healthcare_is_played_as_far_as_a_driver_goes() -> None:
    played = replayed("healthcare")
    skipped = {
        name: step.message for name, step in played.items() if step.outcome is Outcome.SKIPPED
    }
    assert skipped == {
        "S06": "the target's client app is not registered for update",
        "S08b": "clinic and pharmacy are played by one resource server",
        "S14": "a policy would end by then, and drivers set none that do",
        "S16": "R5 asks for a statement of her own, which no driver sets up",
        "S18": "R6 asks for a statement of her own, which no driver sets up",
        "S20": "a driver does not take its server down",
    }
    others = {step.outcome for name, step in played.items() if name not in skipped}
    assert others == {Outcome.PASSED}
    assert overall(step.outcome for step in played.values()) is Outcome.INCOMPLETE


@pytest.mark.parametrize(
    ("name", "skipped"),
    [("photo-album", set[str]()), ("banking", {"B5", "B9"}), ("adolescent", set[str]())],
)
def test_the_others_are_played_too(name: str, skipped: set[str]) -> None:
    played = replayed(name)
    assert {item.id for item in played.values() if item.outcome is Outcome.SKIPPED} == skipped
    rest = [item for item in played.values() if item.id not in skipped]
    assert [(item.id, item.message) for item in rest if item.outcome is not Outcome.PASSED] == []


def test_everybody_keeps_a_part_and_takes_turns() -> None:
    casting = Casting(load_scenario("healthcare"))
    assert [casting.party(name) for name in ("osei", "noor", "ben")] == ["bob", "carol", "bob"]
    assert casting.client("gp-ehr") == "app"
    assert casting.client("northshield-claims") == casting.client("ed-console") == "other-app"
    assert casting.client("family-app") == "public-app"
    assert not casting.has_turn("osei")
    casting.on_stage["bob"] = "osei"
    assert casting.has_turn("osei")
    assert not casting.has_turn("ben")
    with pytest.raises(CannotDo, match="played by one resource server"):
        casting.apart("clinic", "pharmacy")
    casting.apart("clinic", "lab")
