"""Playing scenarios on the built-in reference or on a target, as a whole or as far as is wanted."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from uma_conformance.opening import OpenTarget
from uma_conformance.replay.builtin import builtin_stage
from uma_conformance.target import BUILTIN, Target, TargetError
from uma_conformance.trace import Exchange
from uma_scenarios import (
    Outcome,
    PlayedStep,
    Player,
    Scenario,
    Stage,
    StageFailed,
    Step,
)


class RecordedStage(Stage, Protocol):
    """A stage that keeps what was sent."""

    @property
    def recorded(self) -> Sequence[Exchange]:
        """Everything that was sent so far."""
        ...

    @property
    def issuer(self) -> str:
        """The issuer of the authorization server."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """A scenario by the name that it goes by, and the ids of its steps that were asked for."""

    name: str
    scenario: Scenario
    steps: frozenset[str]

    @property
    def to_play(self) -> tuple[Step, ...]:
        """The steps up to the last one that is wanted: each rests on those before it."""
        every = self.scenario.steps
        last = max((at for at, step in enumerate(every) if step.id in self.steps), default=-1)
        return every[: last + 1]


@dataclass(frozen=True, slots=True)
class Played:
    """What became of a scenario: its steps, and what was sent, on which stage, since when."""

    wanted: Wanted
    stage: str
    started: datetime
    steps: tuple[PlayedStep, ...]
    exchanges: tuple[Exchange, ...] = ()


@contextmanager
def stage_of(
    scenario: Scenario, target: Target, *, licences: bool = False
) -> Generator[RecordedStage]:
    """Open the stage for a scenario; raise `TargetError` when the target cannot be reached.

    With `licences`, the reference shows permissions as licences.
    """
    if _all_builtin(target):
        with builtin_stage(scenario, licences=licences) as builtin:
            yield builtin
        return
    from uma_conformance.replay.staging import target_stage  # noqa: PLC0415 - only then

    with target_stage(scenario, target) as driven:
        yield driven


@contextmanager
def stage_on(scenario: Scenario, ready: OpenTarget) -> Generator[RecordedStage]:
    """Open the stage for a scenario on a target that is open; the reference gets its own."""
    if _all_builtin(ready.target):
        with builtin_stage(scenario) as builtin:
            yield builtin
        return
    from uma_conformance.replay.staging import stage_within  # noqa: PLC0415 - only then

    with stage_within(scenario, ready) as driven:
        yield driven


def _all_builtin(target: Target) -> bool:
    return target.driver == BUILTIN and not (target.resource_servers or target.client)


def play(wanted: Wanted, ready: OpenTarget) -> Played:
    """Play what is wanted of a scenario, and what it rests on; raise nothing for what happens."""
    started = datetime.now(UTC)
    played: list[PlayedStep] = []
    try:
        with stage_on(wanted.scenario, ready) as stage:
            player = Player(wanted.scenario, stage)
            played.extend(player.play_step(step) for step in wanted.to_play)
            return Played(wanted, stage.about, started, tuple(played), tuple(stage.recorded))
    except (StageFailed, TargetError) as error:
        reason = f"the stage cannot be set up: {error}"
        left = tuple(unplayed(step, reason) for step in wanted.to_play)
        return Played(wanted, ready.target.name, started, left)


def unplayed(step: Step, reason: str) -> PlayedStep:
    """Return a step that was not played; it keeps the whole from passing."""
    return PlayedStep(
        id=step.id,
        title=step.title,
        tells=step.tells,
        why=step.why,
        outcome=Outcome.INCOMPLETE,
        message=f"not played: {reason}",
        rows=step.rows,
        exchanges=(),
    )
