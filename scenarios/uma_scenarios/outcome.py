"""How acts, steps and scenarios end, and what a command makes of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a step or a whole scenario ended.

    `partly` says that all that was seen is right, but that not everything was seen; `incomplete`
    that something could not be judged, as what it rests on did not come about.
    """

    PASSED = "passed"
    FAILED = "failed"
    PARTLY = "partly"
    SKIPPED = "skipped"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class PlayedAct:
    """What became of an act: what was done, what came, and what was wrong or is worth a remark."""

    told: str
    ending: str
    said: str
    outcome: Outcome
    problem: str = ""
    remark: str = ""
    exchanges: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PlayedStep:
    """A step as it was played; `message` says why it is not passed, or what else is to be said."""

    id: str
    title: str
    tells: str
    why: str
    outcome: Outcome
    message: str
    rows: tuple[str, ...]
    exchanges: tuple[int, ...]
    acts: tuple[PlayedAct, ...] = ()


def of_acts(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the outcome of a step: that of the act which went worst."""
    found = set(outcomes)
    return next((item for item in _WORST_FIRST if item in found), Outcome.INCOMPLETE)


def overall(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the outcome of the whole: it passes only if every part did."""
    found = set(outcomes)
    if Outcome.FAILED in found:
        return Outcome.FAILED
    if found == {Outcome.PASSED}:
        return Outcome.PASSED
    if found <= {Outcome.SKIPPED}:
        return Outcome.SKIPPED
    return Outcome.INCOMPLETE


def exit_status(outcome: Outcome) -> int:
    """Return what a command ends with: 0 passed, 1 failed, 3 when something stayed open."""
    return {Outcome.PASSED: 0, Outcome.FAILED: 1}.get(outcome, 3)


_WORST_FIRST = (
    *(Outcome.FAILED, Outcome.INCOMPLETE, Outcome.SKIPPED, Outcome.PARTLY, Outcome.PASSED),
)
