"""Which rows a reader should see first."""

from collections.abc import Iterable
from dataclasses import dataclass

from uma_reports.claim import is_open
from uma_reports.record import Outcome, Row, RunRecord, Severity
from uma_reports.wording import section_key

_BY_OUTCOME = {
    Outcome.FAILED: 2,
    Outcome.CANT_TELL: 3,
    Outcome.PASSED: 6,
    Outcome.UNTESTED: 7,
    Outcome.INAPPLICABLE: 8,
}


@dataclass(frozen=True, slots=True)
class Findings:
    """The rows that need attention, by what a reader does about them."""

    failed: tuple[Row, ...]
    still_open: tuple[Row, ...]
    warnings: tuple[Row, ...]
    remarked: tuple[Row, ...]

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self.failed or self.still_open or self.warnings or self.remarked)


def findings(record: RunRecord) -> Findings:
    """Return failed error rows, error rows left open, failed warnings, and rows with remarks.

    What traffic does not show is no open question about the target.
    """
    every = in_order(record.rows)
    traffic = record.origin is not None and record.origin.is_traffic
    unseen = frozenset(record.silent_rows if traffic else ())
    failed = [row for row in every if row.outcome is Outcome.FAILED]
    return Findings(
        failed=tuple(row for row in failed if row.severity is Severity.ERROR),
        still_open=tuple(row for row in every if is_open(row) and row.id not in unseen),
        warnings=tuple(row for row in failed if row.severity is Severity.WARNING),
        remarked=tuple(row for row in every if row.remarks),
    )


def in_order(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows in the order of the specifications."""
    return tuple(sorted(rows, key=lambda row: (section_key(row.spec, row.section), row.id)))


def rank(row: Row) -> int:
    """Return how far down a row stands when failed ones come first, from 0 on."""
    if row.outcome is Outcome.FAILED and row.severity is not Severity.OBSERVATION:
        return 0 if row.severity is Severity.ERROR else 1
    if is_open(row):
        return 1
    return 5 if row.remarks else _BY_OUTCOME[row.outcome]
