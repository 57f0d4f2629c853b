"""What a baseline says of a run. It changes the exit status, and no verdict."""

from collections.abc import Iterable
from datetime import date

from uma_reports.claim import CONFORMANT, INCOMPLETE, NOT_CONFORMANT, is_open
from uma_reports.known import Baseline, BaselineEntry, EntryStanding, KnownFailure
from uma_reports.record import Claim, Outcome, Row, Severity
from uma_reports.wording import OUTCOME_NAMES


def make_baseline(  # noqa: PLR0913 - the file, the day and the run
    source: str,
    digest: str,
    on: date,
    failures: Iterable[KnownFailure],
    rows: Iterable[Row],
    claim: Claim,
) -> Baseline:
    """Return how known failures stand after a run with these rows and this claim, on a day."""
    every = tuple(rows)
    by_id = {row.id: row for row in every}
    entries = tuple(_entry(failure, by_id.get(failure.row), on) for failure in failures)
    known = {item.failure.row for item in entries if item.standing is EntryStanding.KNOWN}
    return Baseline(source, digest, on, entries, _exit_status(entries, known, every, claim))


def _entry(failure: KnownFailure, row: Row | None, on: date) -> BaselineEntry:
    standing, problem = _standing(failure, row, on)
    return BaselineEntry(failure, standing, f"{failure.row}: {problem}")


def _standing(failure: KnownFailure, row: Row | None, on: date) -> tuple[EntryStanding, str]:
    if row is None:
        return EntryStanding.STALE, "there is no such row; correct the entry or take it out"
    if row.outcome is Outcome.PASSED:
        return EntryStanding.UNEXPECTED, "it passes now; take the entry out"
    if on > failure.expires:
        told = f"the entry expired on {failure.expires}; mend the failure or decide anew"
        return EntryStanding.EXPIRED, told
    if row.outcome is Outcome.FAILED:
        return EntryStanding.KNOWN, f"known until {failure.expires}: {failure.reason}"
    if row.outcome is Outcome.INAPPLICABLE or not row.planned:
        return EntryStanding.STALE, "the row does not apply any more; take the entry out"
    outcome = OUTCOME_NAMES[row.outcome]
    return EntryStanding.UNMATCHED, f"the row did not fail, its outcome is: {outcome}"


def _exit_status(
    entries: Iterable[BaselineEntry], known: set[str], rows: Iterable[Row], claim: Claim
) -> int:
    errors = [row for row in rows if row.severity is Severity.ERROR]
    if any(entry.standing is not EntryStanding.KNOWN for entry in entries):
        return NOT_CONFORMANT
    if any(row.outcome is Outcome.FAILED and row.id not in known for row in errors):
        return NOT_CONFORMANT
    undecided = claim.conformant is None or any(map(is_open, errors))
    if undecided or not any(row.outcome is Outcome.PASSED for row in errors):
        return INCOMPLETE
    return CONFORMANT
