"""Doing a saved walk again against a target, apart from any run."""

from dataclasses import dataclass

from uma_conformance.actors.actor import Journal
from uma_conformance.actors.metadata import Blocked
from uma_conformance.drivers.protocol import DriverError, Unsupported
from uma_conformance.exploring.acting import Performer
from uma_conformance.exploring.exploration import repeat
from uma_conformance.exploring.model import broken
from uma_conformance.exploring.steps import Step
from uma_conformance.exploring.words import outcome, said
from uma_conformance.opening import connect, open_target
from uma_conformance.probes.scene import Scene
from uma_conformance.target import Target
from uma_conformance.wire import TargetSilent


@dataclass(frozen=True, slots=True)
class Repetition:
    """What was done and what came of each step; what broke; and why it ended early, if it did."""

    steps: tuple[tuple[str, str], ...]
    broken: tuple[tuple[tuple[str, ...], str], ...]
    problem: str = ""


def repeated(steps: tuple[Step, ...], target: Target) -> Repetition:
    """Do steps again; raise `TargetError` when the target cannot be reached as described."""
    with open_target(target) as ready, connect(ready) as surroundings:
        scene = Scene(surroundings, Journal(surroundings.wire, "replay"))
        performer, problem = Performer(scene), ""
        try:
            repeat(performer, steps)
        except Unsupported as answer:
            problem = f"the driver cannot bring this about: {answer}"
        except (Blocked, DriverError, TargetSilent) as stop:
            problem = str(stop)
    if performer.world.lost:
        problem = problem or "the target gave no clear answer"
    elif len(performer.walk) < len(steps):
        problem = problem or "a step was about something that did not come to be here"
    return Repetition(
        tuple((said(taken.step), outcome(taken)) for taken in performer.walk),
        tuple((item.rows, item.message) for _, item in broken(performer.walk)),
        problem,
    )
