"""Exploring within a run: one episode tells of the walks, and one of each counterexample.

A counterexample is done again at once, over the wire of the run: only that is recorded and judged.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from uma_conformance.actors.metadata import Blocked
from uma_conformance.drivers.protocol import DriverError, Unsupported
from uma_conformance.exploring.acting import Performer
from uma_conformance.exploring.evidence import COUNTEREXAMPLE, WALKS, walk_document
from uma_conformance.exploring.model import take
from uma_conformance.exploring.plan import Plan
from uma_conformance.exploring.steps import Step
from uma_conformance.probes.probe import Probe
from uma_conformance.probes.scene import Scene
from uma_conformance.session import Recording
from uma_conformance.wire import TargetSilent

if TYPE_CHECKING:
    from uma_conformance.exploring.searching import Connect, Search


@dataclass(frozen=True, slots=True)
class Progress:
    """Who is told of walks, with their number and how many there will be, and of repetitions."""

    on_walk: Callable[[int, int], None] = lambda _, __: None
    on_probe: Callable[[Probe], None] = lambda _: None


def explore(
    recording: Recording, plan: Plan, connect: "Connect", progress: Progress | None = None
) -> None:
    """Walk as planned over connections of its own, and record what broke by doing it again."""
    # Imported late: nobody else pays for Hypothesis.
    from uma_conformance.exploring.searching import Search  # noqa: PLC0415 - see above

    heard = progress or Progress()
    habits = recording.surroundings.habits
    search = Search(plan, connect, heard.on_walk, habits=habits)
    walking = Probe(WALKS, "Walk at random, and look for what breaks", partial(_walk, search))
    recording.drive([walking], heard.on_probe)
    for number, found in enumerate(search.found, 1):
        told: dict[str, object] = {
            "rows": list(found.rows),
            "message": "\n".join(item.message for item in found.violations),
        }
        summary = f"Do counterexample {number} again"
        again = Probe(f"{COUNTEREXAMPLE}{number}", summary, partial(_again, found.steps, told))
        recording.drive([again], heard.on_probe)


def _walk(search: "Search", scene: Scene) -> None:
    try:
        search.run()
    finally:
        plan = search.plan
        told: dict[str, object] = {
            "seed": plan.seed,
            "walks": plan.walks,
            "steps": plan.steps,
            "seconds": plan.seconds,
            "walked": search.walked,
            "done": {str(action): number for action, number in sorted(search.counts.items())},
            "missing": {str(what): why for what, why in search.able.missing.items()},
            "unclear": search.unclear,
            "left behind": search.left_behind,
            "stopped": search.stopped,
        }
        scene.facts.update(told)


def _again(steps: tuple[Step, ...], told: dict[str, object], scene: Scene) -> None:
    scene.facts.update(told)
    performer = Performer(scene)
    try:
        repeat(performer, steps)
    finally:
        scene.facts["walk"] = walk_document(performer.walk)


def repeat(performer: Performer, steps: tuple[Step, ...]) -> None:
    """Do steps in order, and deregister what they registered.

    Raises what drivers and the wire raise; the performer knows what was done until then.
    """
    try:
        for step in steps:
            settled = performer.settled(step)
            if settled is not None:
                take(performer.world, performer.do(settled))
    finally:
        with suppress(TargetSilent, DriverError, Unsupported, Blocked):
            performer.clean_up()
