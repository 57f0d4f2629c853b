"""Walking at random until something breaks, and finding the shortest walk that breaks it.

What is sent meanwhile is recorded nowhere: a counterexample is done again for the recording.
"""

import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from hypothesis import HealthCheck, Phase, Verbosity, configuration, seed, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

from uma_conformance.actors.actor import Journal
from uma_conformance.actors.metadata import Blocked
from uma_conformance.drivers.protocol import DriverError, Unsupported
from uma_conformance.exploring.abilities import Abilities, abilities, reason_of
from uma_conformance.exploring.acting import Performer
from uma_conformance.exploring.machine import walks
from uma_conformance.exploring.model import take
from uma_conformance.exploring.plan import Plan
from uma_conformance.exploring.shortening import renamed, shortened
from uma_conformance.exploring.state import Violation
from uma_conformance.exploring.steps import Step
from uma_conformance.exploring.walking import Walk
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.surroundings import Habits, Surroundings
from uma_conformance.target import TargetError
from uma_conformance.wire import TargetSilent

Connect = Callable[[], AbstractContextManager[Surroundings]]
# Targets are slow, and what a walk draws is much; neither is a fault of anybody.
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
# The part of the time that finding the shortest walk for one break may take.
_SHORTENING = 0.3


class Broken(Exception):  # noqa: N818 - what a walk looks for is no error of ours
    """A step of a walk broke a row."""


class _Stop(BaseException):
    """The time is up, or the target has stopped answering; no exception for Hypothesis to catch."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The steps of a walk that broke something, and what it broke."""

    steps: tuple[Step, ...]
    violations: tuple[Violation, ...]

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows that the last step broke."""
        return tuple(dict.fromkeys(row for item in self.violations for row in item.rows))


@dataclass(slots=True)
class Search:
    """A search as it goes on. `on_walk` is told of every walk, for progress.

    It ends with the plan, and with `enough` counterexamples. `habits` are those of the run that it
    is a part of: a target may take each name of a resource once only.
    """

    plan: Plan
    connect: Connect
    on_walk: Callable[[int, int], None] = lambda _, __: None
    enough: int = 10
    habits: Habits = field(default_factory=Habits)
    able: Abilities = field(default_factory=Abilities)
    found: list[Counterexample] = field(default_factory=list[Counterexample])
    counts: Counter[str] = field(default_factory=Counter[str])
    walked: int = 0
    unclear: int = 0
    left_behind: int = 0
    stopped: str = ""
    over: bool = False
    _best: Counterexample | None = None
    _known: set[str] = field(default_factory=set[str])
    _halted: str = ""
    _deadline: float = 0.0
    _until: float = 0.0

    def run(self) -> None:
        """Find out what can be done, and walk until the plan is through."""
        self._deadline = self._until = time.monotonic() + self.plan.seconds
        try:
            with self._scene() as scene:
                self.able = abilities(scene)
        except _Stop:
            self.stopped = self._halted
            return
        machine = walks(self.able)
        with _without_files():
            while self.walked < self.plan.walks and not self.stopped:
                if len(self.found) >= self.enough:
                    self.stopped = f"{self.enough} counterexamples are enough"
                    break
                self._hunt(machine)
                if self._best is None:
                    break
                with suppress(_Stop):
                    shortened(self._best.steps, self._attempt)
                best = replace(self._best, steps=renamed(self._best.steps))
                self.found.append(best)
                self._known |= set(best.rows)
                self._best, self._until = None, self._deadline

    def _hunt(self, machine: type[Walk]) -> None:
        """Walk until something breaks that is not known yet."""
        search = self

        class Seeded(machine):  # type: ignore[valid-type,misc] # a class of its own has a seed
            """A walk of this search."""

            def __init__(self) -> None:
                self.stack = ExitStack()
                performer = search.begin(self.stack)
                super().__init__(performer, partial(search.perform, performer), search.able)

            def teardown(self) -> None:
                """Take a last look, clean up, and close the connection."""
                with self.stack:
                    search.over = True
                    self.finish()

        once = settings(
            max_examples=self.plan.walks - self.walked,
            stateful_step_count=self.plan.steps,
            database=None,
            deadline=None,
            derandomize=False,
            # To shrink what was drawn takes many long walks; steps are left out faster.
            phases=(Phase.generate,),
            print_blob=False,
            report_multiple_bugs=False,
            suppress_health_check=_SLOW,
            verbosity=Verbosity.quiet,
        )
        seeded = seed(self.plan.seed + len(self.found))(Seeded)
        self._halted = ""
        # Hypothesis takes a walk that is cut short for a flaky one.
        with suppress(Broken, Flaky, _Stop):
            run_state_machine_as_test(seeded, settings=once)
        if self._best is None:
            self.stopped = self._halted

    def begin(self, stack: ExitStack) -> Performer:
        """Return who does the next walk, unless all walks are done."""
        self._check_time()
        self.over = False
        # Hypothesis would do again at once what broke.
        if self._best is not None or self.walked >= self.plan.walks:
            raise _Stop
        self.walked += 1
        self.on_walk(self.walked, self.plan.walks)
        performer = Performer(stack.enter_context(self._scene()))
        stack.callback(self._end, performer)
        return performer

    def _check_time(self) -> None:
        if time.monotonic() > self._until:
            self._halt(f"the {self.plan.seconds:g} seconds were over")

    def _halt(self, why: str) -> NoReturn:
        self._halted = why
        raise _Stop

    def _attempt(self, steps: tuple[Step, ...]) -> tuple[Step, ...] | None:
        """Do steps on a fresh scene; return those that were done if they break the same."""
        self._check_time()
        self.over, before = True, self._best
        with ExitStack() as stack:
            performer = Performer(stack.enter_context(self._scene()))
            stack.callback(self._end, performer)
            for step in steps:
                settled = performer.settled(step)
                if settled is not None:
                    try:
                        self.perform(performer, settled)
                    except Broken:
                        break
        return self._best.steps if self._best is not None and self._best is not before else None

    @contextmanager
    def _scene(self) -> Generator[Scene]:
        with ExitStack() as stack:
            try:
                surroundings = stack.enter_context(self.connect())
            except TargetError as error:
                self._halt(str(error))
            shared = replace(surroundings, habits=self.habits)
            yield Scene(shared, Journal(surroundings.wire, "exploring"))

    def _end(self, performer: Performer) -> None:
        with suppress(TargetSilent, DriverError, Unsupported, Blocked):
            self.left_behind += performer.clean_up()

    def perform(self, performer: Performer, step: Step) -> None:
        """Do a step, and raise `Broken` when it breaks what is not known yet."""
        full = len(performer.walk) >= self.plan.steps and not self.over
        if performer.world.lost or full:
            return
        self._check_time()
        try:
            taken = performer.do(step)
        except (Unsupported, DriverError, Blocked) as problem:
            performer.world.lost = True
            self.unclear += self._best is None
            self.able.note(step.action, reason_of(problem))
        except TargetSilent as silence:
            self._halt(str(silence))
        else:
            violations = take(performer.world, taken)
            if self._best is None:
                self.counts[step.action] += 1
            if performer.world.lost:
                self.unclear += self._best is None
                outline = taken.exchange.outline if taken.exchange else "nothing"
                self.able.note(step.action, f"no clear answer: {outline}")
            self._look_at(performer, violations)

    def _look_at(self, performer: Performer, violations: tuple[Violation, ...]) -> None:
        if not violations:
            return
        if not all(item.bearable for item in violations):
            # From here on the model would not know what is still promised.
            performer.world.lost = True
        found = Counterexample(tuple(taken.step for taken in performer.walk), violations)
        if set(found.rows) <= self._known:
            return
        if self._best is None:
            allowed = time.monotonic() + _SHORTENING * self.plan.seconds
            self._until = min(self._deadline, allowed)
            self._best = found
        elif set(found.rows) & set(self._best.rows) and len(found.steps) <= len(self._best.steps):
            self._best = found
        raise Broken(found.violations[0].message)


@contextmanager
def _without_files() -> Generator[None]:
    """Keep what Hypothesis writes to disk out of the folder of whoever explores."""
    before: Path | None = getattr(configuration, "__hypothesis_home_directory", None)
    with TemporaryDirectory() as folder:
        configuration.set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(before)
