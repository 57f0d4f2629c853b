"""What a run found by walking at random: its settings, and the counterexamples in steps."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from uma_reports.members import Members
from uma_reports.references import check_exchanges


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step in plain words, what came of it, and the numbers of its exchanges."""

    words: str
    outcome: str
    exchanges: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A walk that broke rows. One that broke them only once is not `reproduced`, and fails none.

    `file` is the name of the file beside the report by which it can be done again.
    """

    file: str
    rows: tuple[str, ...]
    message: str
    reproduced: bool
    steps: tuple[StepRecord, ...]


@dataclass(frozen=True, slots=True)
class Exploration:
    """How far a run walked, and what it found; `options` make the same walks again.

    `done` counts the steps by action; `missing` says what no walk did, and why. `unclear` walks
    ended early, as the target gave no clear answer.
    """

    options: str
    seed: int
    walks: int
    steps: int
    seconds: float
    walked: int
    done: Mapping[str, int]
    missing: Mapping[str, str]
    unclear: int
    left_behind: int
    stopped: str
    counterexamples: tuple[Counterexample, ...]


def exploration(members: Members) -> Exploration:
    """Read what a run explored."""
    return Exploration(
        options=members.text("options"),
        seed=members.whole("seed"),
        walks=members.whole("walks"),
        steps=members.whole("steps"),
        seconds=members.number("seconds"),
        walked=members.whole("walked"),
        done=members.map_of_wholes("done"),
        missing=members.map_of_texts("missing"),
        unclear=members.whole("unclear"),
        left_behind=members.whole("left_behind"),
        stopped=members.text("stopped"),
        counterexamples=members.each("counterexamples", _counterexample),
    )


def _counterexample(members: Members) -> Counterexample:
    return Counterexample(
        file=members.text("file"),
        rows=members.texts("rows"),
        message=members.text("message"),
        reproduced=members.flag("reproduced"),
        steps=members.each("steps", _step),
    )


def _step(members: Members) -> StepRecord:
    return StepRecord(
        words=members.text("words"),
        outcome=members.text("outcome"),
        exchanges=members.wholes("exchanges"),
    )


def exploration_document(explored: Exploration) -> dict[str, object]:
    """Return what a run explored as JSON values."""
    return {
        "options": explored.options,
        "seed": explored.seed,
        "walks": explored.walks,
        "steps": explored.steps,
        "seconds": explored.seconds,
        "walked": explored.walked,
        "done": dict(explored.done),
        "missing": dict(explored.missing),
        "unclear": explored.unclear,
        "left_behind": explored.left_behind,
        "stopped": explored.stopped,
        "counterexamples": [
            {
                "file": item.file,
                "rows": list(item.rows),
                "message": item.message,
                "reproduced": item.reproduced,
                "steps": [
                    {
                        "words": step.words,
                        "outcome": step.outcome,
                        "exchanges": list(step.exchanges),
                    }
                    for step in item.steps
                ],
            }
            for item in explored.counterexamples
        ],
    }


def check_exploration(explored: Exploration | None, numbers: Collection[int]) -> None:
    """Raise `RecordError` when a step names an exchange that is not among these."""
    for at, item in enumerate(explored.counterexamples if explored else ()):
        for place, step in enumerate(item.steps):
            path = f"$.exploration.counterexamples[{at}].steps[{place}]"
            check_exchanges(path, step.exchanges, numbers)


def extent(explored: Exploration) -> str:
    """Say in a sentence how far was walked, and what came of it."""
    steps = sum(explored.done.values())
    found = sum(item.reproduced for item in explored.counterexamples)
    once = len(explored.counterexamples) - found
    said = f"Explored with {explored.walked} walks of {steps} steps in all: "
    said += f"{found} counterexamples" if found != 1 else "1 counterexample"
    said += f", {once} that did not happen again" if once else ""
    said += f"; {explored.unclear} walks ended without a clear answer" if explored.unclear else ""
    said += f"; {explored.left_behind} resources may be left behind" if explored.left_behind else ""
    return f"{said}. Stopped early: {explored.stopped}." if explored.stopped else f"{said}."
