"""A run under pytest: each check's findings become the outcome of its item, and so do steps."""

import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from uma_conformance.baseline import BaselineError, BaselineFile, load_baseline
from uma_conformance.catalogue import Severity
from uma_conformance.catalogue.packs.load import load_pack
from uma_conformance.checks import Check
from uma_conformance.counterexamples import write_counterexamples
from uma_conformance.exploring.plan import Plan
from uma_conformance.jsonvalue import strings_of
from uma_conformance.judge import Finding
from uma_conformance.outcome import Outcome
from uma_conformance.played import setups, step_in
from uma_conformance.run import Run, running
from uma_conformance.sharing import Heard, NotDriven, Worker
from uma_conformance.suite.collection import checks_for
from uma_conformance.target import TargetError, builtin_target, load_target
from uma_conformance.trace import Evidence
from uma_reports import KnownFailure, write_reports
from uma_reports.exploration import Exploration, extent
from uma_reports.visible import one_line

if TYPE_CHECKING:
    from uma_conformance.replay.playing import Wanted


@dataclass(frozen=True, slots=True)
class Ending:
    """What is said at the end: entries of the baseline that fail the session, and of exploring.

    `explored` says how far; each line of `broken` fails the session. `setups` are the steps of
    scenarios that were played only for later ones.
    """

    problems: Sequence[str] = ()
    explored: Sequence[str] = ()
    broken: Sequence[str] = ()
    setups: Sequence[str] = ()


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

    def show(self, scenario: str, step: str) -> None:
        """Fail or skip the item of a step as it ended, or let it pass.

        A step that could not be judged fails its item, as it is never a pass; one of which not
        everything was seen is skipped, with what was not.
        """
        facts = step_in(self.run.evidence, scenario, step)
        outcome, message = facts.get("outcome"), str(facts.get("message", ""))
        if outcome == "skipped":
            pytest.skip(message)
        if outcome == "partly":
            pytest.skip(f"right as far as it was seen: {message}")
        if outcome == "failed":
            rows = " ".join(strings_of(facts.get("rows")))
            pytest.fail(f"{message}\nabout the rows: {rows}" if rows else message, pytrace=False)
        if outcome != "passed":
            pytest.fail(f"incomplete: {message or 'it was not played'}", pytrace=False)
        if message:
            sys.stdout.write(f"{message}\n")

    def finish(self) -> Ending:
        """Write the reports if a folder was named; return what is to be said at the end."""
        if isinstance(self.run, Heard):
            return Ending()
        before = tuple(setups(self.run.evidence))
        if self.out is None and self.baseline is None and self.explored is None:
            return Ending(setups=before)
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
            before,
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

    def show(self, scenario: str, step: str) -> None:  # noqa: ARG002 - as a run has it
        """Fail the item of a step."""
        pytest.fail(self.why_not_run, pytrace=False)

    def finish(self) -> Ending:
        """Return nothing: there is nothing to write."""
        return Ending()


@contextmanager
def opened(
    config: pytest.Config,
    checks: Sequence[Check],
    plan: Plan | None = None,
    scenarios: Sequence["Wanted"] = (),
) -> Generator[PytestRun | NotRun]:
    """Open the target of the session, drive the probes of its checks, explore and play scenarios.

    Where another worker does that, hear of it instead. Raises `UsageError` when it cannot be done
    as the options have it.
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
            runs = 1 + len(scenarios)
            heard = worker.heard(runs * target.limits.run_seconds + exploring + _STARTING_SECONDS)
            yield PytestRun(heard, checks, None, within, all_known)
            return
        with running(target) as run:
            run.drive(checks)
            explored = run.explore(plan) if plan else None
            # Scenarios come last: what they do to the target cannot reach what is judged.
            run.beside = _played(run, scenarios)
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


def _played(run: Run, scenarios: Sequence["Wanted"]) -> Evidence:
    if not scenarios:
        return Evidence()
    # Imported late: a run of the suite alone needs none of the servers of a stage.
    from uma_conformance.replay.joining import evidence_of_scenarios  # noqa: PLC0415 - see above
    from uma_conformance.replay.playing import play  # noqa: PLC0415 - see above

    played = [play(wanted, run.ready) for wanted in scenarios]
    first = max((item.number for item in run.evidence.exchanges), default=0) + 1
    return evidence_of_scenarios(played, first, run.started)


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
