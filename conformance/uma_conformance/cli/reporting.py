"""What every command that judges does at its end: write the reports, show them, and exit."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from uma_conformance.cli.baselines import Baselines
from uma_conformance.cli.exits import fail
from uma_conformance.counterexamples import write_counterexamples
from uma_reports import RunRecord, notice, print_summary, write_reports

_INCOMPLETE = 3


def prepare(out: Path) -> None:
    """Make the folder for the reports, or end with a usage error before anything is done."""
    if out.exists() and not out.is_dir():
        fail(f"--out {out}: this is a file; name a folder to write the reports to")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"--out {out}: this folder cannot be made: {error.strerror}; name another one")


def report(
    judged: RunRecord, faults_of_suite: Sequence[str], out: Path, baselines: Baselines
) -> int:
    """Write all reports, print the summary, and return the exit status."""
    record = baselines.apply(judged)
    console, errors = Console(), Console(stderr=True)
    write_reports(record, out)
    write_counterexamples(record, out)
    print_summary(record, console)
    console.print(f"Report: {out / 'report.html'}", soft_wrap=True)
    for fault in faults_of_suite:
        errors.print(f"The suite itself is at fault, please report it: {fault}", markup=False)
    if record.packs:
        console.print(notice(record), soft_wrap=True, markup=False, highlight=False)
    if faults_of_suite and record.exit_status == 0:
        return _INCOMPLETE
    return record.exit_status
