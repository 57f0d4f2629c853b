"""A whole run: open the target, drive the probes, judge, and make the run record of it."""

import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

from uma_conformance.catalogue import Catalogue, Role, load_catalogue
from uma_conformance.checks import Check
from uma_conformance.exploring.exploration import Progress, explore
from uma_conformance.exploring.judging import exploring_checks
from uma_conformance.exploring.plan import Plan
from uma_conformance.features import standing
from uma_conformance.judge import Declaration
from uma_conformance.opening import OpenTarget, connect, open_target
from uma_conformance.pack_rows import JudgedPack, judged_packs
from uma_conformance.probes.probe import Probe
from uma_conformance.recording import run_record
from uma_conformance.rows import JudgedRow, judged_rows
from uma_conformance.session import Judgement, Recording, judge, probes_of
from uma_conformance.target import Target
from uma_conformance.trace import Evidence, Exchange
from uma_reports import RunRecord


@dataclass(frozen=True, slots=True)
class Listener:
    """Who wants to be told how a run goes on; for progress."""

    on_probes: Callable[[Sequence[Probe]], None] = lambda _: None
    on_probe: Callable[[Probe], None] = lambda _: None
    on_exchange: Callable[[Exchange], None] = lambda _: None


@dataclass(slots=True)
class Run:
    """One run against an open target; `beside` is what was recorded by other things than probes."""

    ready: OpenTarget
    recording: Recording
    listener: Listener
    catalogue: Catalogue = field(default_factory=load_catalogue)
    judgements: list[Judgement] = field(default_factory=list[Judgement])
    beside: Evidence = field(default_factory=Evidence)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    _clock: float = field(default_factory=time.monotonic)

    @property
    def role(self) -> Role:
        """The role of the target."""
        return Role(self.ready.target.role)

    @property
    def evidence(self) -> Evidence:
        """The trace so far."""
        return self.recording.evidence.followed_by(self.beside)

    @property
    def declaration(self) -> Declaration:
        """What checks may know of the target."""
        return self.ready.target.declaration(self.ready.driver.issuer)

    def drive(self, checks: Iterable[Check]) -> None:
        """Run the probes that these checks read."""
        probes = probes_of(checks)
        self.listener.on_probes(probes)
        self.recording.drive(probes, self.listener.on_probe)

    def explore(
        self, plan: Plan, on_walk: Callable[[int, int], None] = lambda _, __: None
    ) -> tuple[Check, ...]:
        """Walk at random as planned, and return the checks that judge what broke."""
        progress = Progress(on_walk, self.listener.on_probe)
        explore(
            self.recording, plan, lambda: connect(self.ready, self.listener.on_exchange), progress
        )
        return exploring_checks(self.evidence)

    def judge(self, check: Check) -> Judgement:
        """Judge the recording with one check and keep what it found."""
        judgement = judge(check, self.evidence, self.declaration)
        self.judgements.append(judgement)
        return judgement

    def rows(self, checks: Iterable[Check]) -> tuple[JudgedRow, ...]:
        """Return one row per requirement that concerns the target's role."""
        names = {name for requirement in self.catalogue for name in requirement.needs}
        features = standing(sorted(names), self.ready.target.features, self._of_uma)
        return judged_rows(self.catalogue, self.role, checks, self.judgements, features)

    def packs(self, checks: Iterable[Check]) -> tuple[JudgedPack, ...]:
        """Return the packs of these checks, with what was found about their rows."""
        return judged_packs(checks, self.judgements)

    @property
    def _of_uma(self) -> Evidence:
        return self.evidence.of_packs("")

    def faults_of_suite(self) -> tuple[str, ...]:
        """Return where the suite's own code broke or forgot a row."""
        broken = (item.fault_of_suite for item in self.judgements if item.fault_of_suite)
        return (*self.recording.faults_of_suite, *broken)

    def record(self, checks: Sequence[Check]) -> RunRecord:
        """Return the run record, the source of every report."""
        names = {name for requirement in self.catalogue for name in requirement.needs}
        features = standing(sorted(names), self.ready.target.features, self._of_uma)
        return run_record(
            target=self.ready.target,
            declaration=self.declaration,
            catalogue=self.catalogue,
            suite_version=version("uma2-conformance"),
            # Without checks, nothing was to be judged.
            features=features if checks else {},
            rows=self.rows(checks) if checks else (),
            evidence=self.evidence,
            started=self.started,
            finished=datetime.now(UTC),
            total_seconds=time.monotonic() - self._clock,
            packs=self.packs(checks),
        )


@contextmanager
def running(target: Target, listener: Listener | None = None) -> Generator[Run]:
    """Open a target for a run; raise `TargetError` when it cannot be reached as described."""
    with open_target(target) as ready, run_against(ready, listener) as run:
        yield run


@contextmanager
def run_against(ready: OpenTarget, listener: Listener | None = None) -> Generator[Run]:
    """Start a run against a target that is open already."""
    heard = listener or Listener()
    with connect(ready, heard.on_exchange) as surroundings:
        yield Run(ready, Recording(surroundings), heard)
