"""Scenarios as a run record has them: what each step showed, apart from the claim about UMA 2.0."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class StepOutcome(StrEnum):
    """How a step ended.

    `partly` says that not everything of it was seen, `incomplete` that what it rests on did not
    come about.
    """

    PASSED = "passed"
    FAILED = "failed"
    PARTLY = "partly"
    SKIPPED = "skipped"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step as it was played.

    `rows` are those that it shows at work when it passes, `exchanges` the numbers of what was sent.
    One that was not `selected` was played as set-up for a later one, and decides nothing.
    """

    id: str
    title: str
    outcome: StepOutcome
    message: str
    rows: tuple[str, ...]
    exchanges: tuple[int, ...]
    selected: bool


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """A scenario that was played; `stage` says in a few words on what."""

    id: str
    title: str
    stage: str
    steps: tuple[StepResult, ...]

    @property
    def selected(self) -> tuple[StepResult, ...]:
        """The steps that were asked for."""
        return tuple(step for step in self.steps if step.selected)

    def ended(self, outcome: StepOutcome) -> tuple[StepResult, ...]:
        """Return the selected steps that ended so."""
        return tuple(step for step in self.selected if step.outcome is outcome)

    @property
    def failed(self) -> tuple[StepResult, ...]:
        """The selected steps that failed."""
        return self.ended(StepOutcome.FAILED)

    @property
    def shown(self) -> tuple[str, ...]:
        """The rows that steps showed at work, without those of a step that failed."""
        doubted = set(self.doubted)
        rows = _rows(self.ended(StepOutcome.PASSED))
        return tuple(row for row in rows if row not in doubted)

    @property
    def doubted(self) -> tuple[str, ...]:
        """The rows of steps that failed, which do not say what row was broken."""
        return tuple(_rows(self.failed))


def steps_of_row(
    scenarios: Iterable[ScenarioResult], row: str
) -> Iterator[tuple[ScenarioResult, StepResult]]:
    """Yield each selected step that passed or failed and is about a row."""
    judged = {StepOutcome.PASSED, StepOutcome.FAILED}
    for scenario in scenarios:
        for step in scenario.selected:
            if row in step.rows and step.outcome in judged:
                yield scenario, step


def _rows(steps: Iterable[StepResult]) -> Iterator[str]:
    yield from dict.fromkeys(row for step in steps for row in step.rows)
