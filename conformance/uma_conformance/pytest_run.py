"""A run under pytest: each check's findings become the outcome of its item."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from uma_conformance.baseline import BaselineError, BaselineFile, load_baseline
from uma_conformance.catalogue import Severity
from uma_conformance.catalogue.packs.load import load_pack
from uma_conformance.checks import Check
from uma_conformance.counterexamples import write_counterexamples
from uma_conformance.exploring.plan import Plan
from uma_conformance.judge import Finding
from uma_conformance.outcome import Outcome
from uma_conformance.run import Run, running
from uma_conformance.sharing import Heard, NotDriven, Worker
from uma_conformance.suite.collection import checks_for
from uma_conformance.target import TargetError, builtin_target, load_target
from uma_reports import KnownFailure, write_reports
from uma_reports.exploration import Exploration, extent
from uma_reports.visible import one_line


@dataclass(frozen=True, slots=True)
class Ending:
    """What is said at the end: entries of the baseline that fail the session, and of exploring.

    `explored` says how far; each line of `broken` fails the session.
    """

    problems: Sequence[str] = ()
    explored: Sequence[str] = ()
    broken: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PytestRun:
    """The run that the checks of one pytest session judge, driven here or by another worker.

    `known` are all failures of the baseline file, `baseline` those of rows that the selected checks
    judge in full; `explored` judge counterexamples, and are None where nobody explored.
    """

    run: Run | Heard
    checks: Sequence[Check]
    out: Path | None
    baseline: BaselineFile | None = None
    known: tuple[KnownFailure, ...] = ()
    explored: Sequence[Check] | None = None
    why_not_run: str = ""

    def judge(self, check: Check) -> None:
        """Judge with a check; fail or skip its item, or let it pass.

        An item fails when an error row failed or could not be told, and is skipped when there was
        nothing to judge.
        """
        judgement = self.run.judge(check)
        if judgement.fault_of_suite:
            pytest.fail(f"the suite is at fault: {judgement.fault_of_suite}", pytrace=False)
        wrong = [item for item in judgement.findings if self._is_wrong(item)]
        if wrong and all(self._is_known(item) for item in wrong):
            pytest.xfail(", ".join(dict.fromkeys(f"known: {item.row}" for item in wrong)))
        if wrong:
            lines = (f"{item.row} {item.outcome}: {item.message}" for item in wrong)
            pytest.fail("\n".join(dict.fromkeys(lines)), pytrace=False)
        if not any(item.outcome in _JUDGED for item in judgement.findings):
            reasons = dict.fromkeys(f"{i.outcome}: {i.message}" for i in judgement.findings)
            pytest.skip("; ".join(reasons))

    def finish(self) -> Ending:
        """Write the reports if a folder was named; return what is to be said at the end."""
        unread = self.out is None and self.baseline is None and self.explored is None
        if isinstance(self.run, Heard) or unread:
            return Ending()
        # Other workers judged the rest; judging is cheap, and the record is of all checks.
        judged = {judgement.check for judgement in self.run.judgements}
        checks = (*self.checks, *(self.explored or ()))
        for check in checks:
            if check.name not in judged:
                self.run.judge(check)
        record = self.run.record(checks)
        if self.baseline is not None:
            record = self.baseline.applied(record, self._today())
        if self.out is not None:
            write_reports(record, self.out)
            write_counterexamples(record, self.out)
        problems = record.baseline.problems if record.baseline else ()
        return Ending(
            [f"{entry.standing}: {entry.message}" for entry in problems],
            _told(record.exploration) if record.exploration else (),
            self._broken(self.run),
        )

    def _broken(self, run: Run) -> Sequence[str]:
        explored = {check.name for check in self.explored or ()}
        return [
            f"{judgement.check}: {item.row} {item.outcome}: {one_line(item.message)}"
            for judgement in run.judgements
            for item in judgement.findings
            if judgement.check in explored and self._is_wrong(item) and not self._is_known(item)
        ]

    def _is_known(self, finding: Finding) -> bool:
        return finding.outcome is Outcome.FAILED and any(
            failure.row == finding.row and failure.expires >= self._today()
            for failure in self.known
        )

    def _today(self) -> date:
        return self.run.started.date()

    def _is_wrong(self, finding: Finding) -> bool:
        return self._severity(finding.row) is Severity.ERROR and finding.outcome in {
            Outcome.FAILED,
            Outcome.CANT_TELL,
        }

    def _severity(self, row: str) -> Severity:
        if row in self.run.catalogue:
            return self.run.catalogue[row].severity_for(self.run.role)
        packs = (load_pack(check.pack) for check in self.checks if row in check.rows)
        return next(pack.rows[row].severity for pack in packs)


@dataclass(frozen=True, slots=True)
class NotRun:
    """What there is in a worker of pytest-xdist when the target could not be driven."""

    why_not_run: str

    def judge(self, check: Check) -> None:  # noqa: ARG002 - as a run has it
        """Fail the item of a check."""
        pytest.fail(self.why_not_run, pytrace=False)

    def finish(self) -> Ending:
        """Return nothing: there is nothing to write."""
        return Ending()


@contextmanager
def opened(
    config: pytest.Config, checks: Sequence[Check], plan: Plan | None = None
) -> Generator[PytestRun | NotRun]:
    """Open the target of the session, drive the probes of its checks and explore, or hear who does.

    Raises `UsageError` when that cannot be done as the options have it.
    """
    path: Path | None = config.getoption("--uma-target")
    out: Path | None = config.getoption("--uma-out")
    known: Path | None = config.getoption("--uma-baseline")
    worker = _worker(config)
    try:
        baseline = load_baseline(known) if known else None
        target = load_target(path) if path else builtin_target()
        if plan and target.driver == "manual":
            raise TargetError("--uma-explore: a driver that asks at the terminal cannot explore")
        packs: list[str] = config.option.uma_pack
        within = baseline and _within(baseline, checks_for(target.role, tuple(packs)), checks)
        all_known = baseline.failures if baseline else ()
        if worker is not None and not worker.drives:
            exploring = plan.seconds if plan else 0
            heard = worker.heard(target.limits.run_seconds + exploring + _STARTING_SECONDS)
            yield PytestRun(heard, checks, None, within, all_known)
            return
        with running(target) as run:
            run.drive(checks)
            explored = run.explore(plan) if plan else None
            if worker is not None:
                worker.tell(run.record((*checks, *(explored or ()))))
            yield PytestRun(run, checks, out, within, all_known, explored)
    except (TargetError, BaselineError, NotDriven) as error:
        if worker is None:
            raise pytest.UsageError(str(error)) from error
        # A worker that ended here would be started again, and again.
        if worker.drives:
            worker.tell_problem(str(error))
        yield NotRun(str(error))


def _told(explored: Exploration) -> Sequence[str]:
    """Say how far a run explored, and how to do it again."""
    missing = explored.missing.items()
    options = explored.options.replace("--explore", "--uma-explore")
    return [
        *(f"not explored: {one_line(what)}: {one_line(why)}" for what, why in missing),
        one_line(extent(explored)),
        f"The same walks again: --uma-explore {options}",
    ]


def _worker(config: pytest.Config) -> Worker | None:
    """Return which worker of pytest-xdist this is; nothing where there are none."""
    given: Mapping[str, object] | None = getattr(config, "workerinput", None)
    return None if given is None else Worker.of(given)


def _within(
    baseline: BaselineFile, every: Sequence[Check], checks: Sequence[Check]
) -> BaselineFile:
    """Leave out the entries of rows that the selected checks judge only in part, or not at all."""
    selected = {check.name for check in checks}
    partly = {row for check in every if check.name not in selected for row in check.rows}
    failures = tuple(item for item in baseline.failures if item.row not in partly)
    return replace(baseline, failures=failures)


# What a driver may take to start and to prepare a target, beside the run itself.
_STARTING_SECONDS = 300.0
_JUDGED = frozenset({Outcome.PASSED, Outcome.FAILED})
