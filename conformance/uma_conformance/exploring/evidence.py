"""How walks stand in the recording, and reading them from there again."""

from collections.abc import Iterable, Iterator

from uma_conformance.exploring.steps import Action, Step, Taken
from uma_conformance.jsonvalue import array_of, object_of
from uma_conformance.trace import Episode, Evidence

WALKS = "exploring.walks"
COUNTEREXAMPLE = "exploring.counterexample-"


def walk_document(walk: Iterable[Taken]) -> list[dict[str, object]]:
    """Return the steps of a walk as JSON values, each with the label of its last exchange."""
    return [
        {
            "step": taken.step.document(),
            "exchange": taken.exchange.label if taken.exchange else None,
            "facts": dict(taken.facts),
        }
        for taken in walk
    ]


def walk_of(episode: Episode) -> tuple[Taken, ...]:
    """Return the walk that an episode recorded; what is not of the right form ends it."""
    found: list[Taken] = []
    for item in map(object_of, array_of(episode.facts.get("walk"))):
        step, label = object_of(item.get("step")), item.get("exchange")
        if step.get("action") not in set(Action):
            break
        exchange = episode.steps.get(label) if isinstance(label, str) else None
        found.append(Taken(Step.of(step), exchange, object_of(item.get("facts"))))
    return tuple(found)


def counterexamples(evidence: Evidence) -> Iterator[Episode]:
    """Yield the episodes of counterexamples, in order."""
    for name, episode in evidence.episodes.items():
        if name.startswith(COUNTEREXAMPLE):
            yield episode


def exchanges_of(episode: Episode, walk: Iterable[Taken]) -> Iterator[tuple[int, ...]]:
    """Yield the numbers of the exchanges of each step: those since the step before."""
    numbers = sorted({exchange.number for exchange in episode.steps.values()})
    before = 0
    for taken in walk:
        if taken.exchange is None:
            yield ()
            continue
        upto = taken.exchange.number
        yield tuple(number for number in numbers if before < number <= upto)
        before = upto
