"""The options of all commands that judge for known failures."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from uma_conformance.baseline import BaselineError, BaselineFile, baseline_text, load_baseline
from uma_conformance.cli.exits import fail
from uma_reports import RunRecord, write_text

BaselineOption = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help="Known failures, which do not fail the command; no verdict changes.",
        show_default=False,
    ),
]
WriteBaselineOption = Annotated[
    Path | None,
    typer.Option(
        "--write-baseline",
        metavar="FILE",
        help="Write a baseline of the present failures, for you to edit.",
        show_default=False,
    ),
]
ExpiresOption = Annotated[
    str,
    typer.Option(
        "--baseline-expires",
        metavar="DATE",
        help="The last day of the entries that --write-baseline makes, such as 2026-12-31.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True)
class Baselines:
    """What a command was told of baselines, checked before anything is judged."""

    used: BaselineFile | None
    written: Path | None
    expires: date

    @classmethod
    def told(cls, used: Path | None, written: Path | None, expires: str) -> "Baselines":
        """Check the options; end with a usage error when they cannot be used."""
        today = datetime.now(UTC).date()
        if bool(expires) is not bool(written):
            fail("--write-baseline and --baseline-expires DATE go together: every entry ends once")
        if written and written.exists():
            fail(f"--write-baseline {written}: this file is there; take it away or name another")
        try:
            last = date.fromisoformat(expires) if expires else today
        except ValueError:
            fail(f"--baseline-expires {expires}: give a date such as {today}")
        if last < today:
            fail(f"--baseline-expires {expires}: this day is past")
        try:
            return cls(load_baseline(used) if used else None, written, last)
        except BaselineError as error:
            fail(str(error))

    def apply(self, record: RunRecord) -> RunRecord:
        """Return the record with the known failures; write a new baseline if one is wanted.

        Raises `ReportError` when it cannot be written.
        """
        if self.used:
            record = self.used.applied(record, datetime.now(UTC).date())
        if self.written:
            write_text(baseline_text(record, self.expires), self.written)
        return record
