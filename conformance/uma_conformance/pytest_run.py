"""A run under pytest: each check's findings become the outcome of its item."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from uma_conformance.catalogue import Severity
from uma_conformance.checks import Check
from uma_conformance.judge import Finding
from uma_conformance.outcome import Outcome
from uma_conformance.run import Run, running
from uma_conformance.target import TargetError, builtin_target, load_target
from uma_reports import write_reports


@dataclass(frozen=True, slots=True)
class PytestRun:
    """The run that the checks of one pytest session judge."""

    run: Run
    checks: Sequence[Check]
    out: Path | None

    @classmethod
    @contextmanager
    def open(cls, config: pytest.Config, checks: Sequence[Check]) -> "Generator[PytestRun]":
        """Open the target of the session and drive the probes of its checks."""
        path: Path | None = config.getoption("--uma-target")
        out: Path | None = config.getoption("--uma-out")
        try:
            target = load_target(path) if path else builtin_target()
            with running(target) as run:
                run.drive(checks)
                yield cls(run, checks, out)
        except TargetError as error:
            raise pytest.UsageError(str(error)) from error

    def judge(self, check: Check) -> None:
        """Judge with a check; fail or skip its item, or let it pass.

        An item fails when an error row failed or could not be told, and is skipped when there was
        nothing to judge.
        """
        judgement = self.run.judge(check)
        if judgement.fault_of_suite:
            pytest.fail(f"the suite is at fault: {judgement.fault_of_suite}", pytrace=False)
        wrong = [item for item in judgement.findings if self._is_wrong(item)]
        if wrong:
            lines = (f"{item.row} {item.outcome}: {item.message}" for item in wrong)
            pytest.fail("\n".join(dict.fromkeys(lines)), pytrace=False)
        if not any(item.outcome in _JUDGED for item in judgement.findings):
            reasons = dict.fromkeys(f"{i.outcome}: {i.message}" for i in judgement.findings)
            pytest.skip("; ".join(reasons))

    def finish(self) -> None:
        """Write the reports if a folder was named."""
        if self.out is not None:
            write_reports(self.run.record(self.checks), self.out)

    def _is_wrong(self, finding: Finding) -> bool:
        severity = self.run.catalogue[finding.row].severity_for(self.run.role)
        return severity is Severity.ERROR and finding.outcome in {
            Outcome.FAILED,
            Outcome.CANT_TELL,
        }


_JUDGED = frozenset({Outcome.PASSED, Outcome.FAILED})
