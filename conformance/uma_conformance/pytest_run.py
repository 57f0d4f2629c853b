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
from uma_conformance.judge import Finding
from uma_conformance.outcome import Outcome
from uma_conformance.run import Run, running
from uma_conformance.sharing import Heard, NotDriven, Worker
from uma_conformance.suite.collection import checks_for
from uma_conformance.target import TargetError, builtin_target, load_target
from uma_reports import write_reports


@dataclass(frozen=True, slots=True)
class PytestRun:
    """The run that the checks of one pytest session judge, driven here or by another worker."""

    run: Run | Heard
    checks: Sequence[Check]
    out: Path | None
    baseline: BaselineFile | None = None
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

    def finish(self) -> Sequence[str]:
        """Write the reports if a folder was named; return what is wrong with the baseline."""
        if isinstance(self.run, Heard) or (self.out is None and self.baseline is None):
            return ()
        # Other workers judged the rest; judging is cheap, and the record is of all checks.
        judged = {judgement.check for judgement in self.run.judgements}
        for check in self.checks:
            if check.name not in judged:
                self.run.judge(check)
        record = self.run.record(self.checks)
        if self.baseline is not None:
            record = self.baseline.applied(record, self._today())
        if self.out is not None:
            write_reports(record, self.out)
        problems = record.baseline.problems if record.baseline else ()
        return [f"{entry.standing}: {entry.message}" for entry in problems]

    def _is_known(self, finding: Finding) -> bool:
        failures = self.baseline.failures if self.baseline else ()
        return finding.outcome is Outcome.FAILED and any(
            failure.row == finding.row and failure.expires >= self._today() for failure in failures
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

    def finish(self) -> Sequence[str]:
        """Return nothing: there is nothing to write."""
        return ()


@contextmanager
def opened(config: pytest.Config, checks: Sequence[Check]) -> Generator[PytestRun | NotRun]:
    """Open the target of the session and drive the probes of its checks, or hear who does."""
    path: Path | None = config.getoption("--uma-target")
    out: Path | None = config.getoption("--uma-out")
    known: Path | None = config.getoption("--uma-baseline")
    worker = _worker(config)
    try:
        baseline = load_baseline(known) if known else None
        target = load_target(path) if path else builtin_target()
        within = baseline and _within(baseline, target.role, checks)
        if worker is not None and not worker.drives:
            heard = worker.heard(target.limits.run_seconds + _STARTING_SECONDS)
            yield PytestRun(heard, checks, None, within)
            return
        with running(target) as run:
            run.drive(checks)
            if worker is not None:
                worker.tell(run.record(checks))
            yield PytestRun(run, checks, out, within)
    except (TargetError, BaselineError, NotDriven) as error:
        if worker is None:
            raise pytest.UsageError(str(error)) from error
        # A worker that ended here would be started again, and again.
        if worker.drives:
            worker.tell_problem(str(error))
        yield NotRun(str(error))


def _worker(config: pytest.Config) -> Worker | None:
    """Return which worker of pytest-xdist this is; nothing where there are none."""
    given: Mapping[str, object] | None = getattr(config, "workerinput", None)
    return None if given is None else Worker.of(given)


def _within(baseline: BaselineFile, role: str, checks: Sequence[Check]) -> BaselineFile:
    """Leave out the entries of rows that the selected checks judge only in part, or not at all."""
    selected = {check.name for check in checks}
    partly = {row for check in checks_for(role) if check.name not in selected for row in check.rows}
    failures = tuple(item for item in baseline.failures if item.row not in partly)
    return replace(baseline, failures=failures)


# What a driver may take to start and to prepare a target, beside the run itself.
_STARTING_SECONDS = 300.0
_JUDGED = frozenset({Outcome.PASSED, Outcome.FAILED})
