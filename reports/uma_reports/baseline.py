"""What a baseline says of a run. It changes the exit status, and no verdict."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from uma_reports.claim import CONFORMANT, INCOMPLETE, NOT_CONFORMANT, is_open
from uma_reports.known import Baseline, BaselineEntry, EntryStanding, KnownFailure
from uma_reports.packs.model import PackResult
from uma_reports.record import Claim, Outcome, Row, Severity
from uma_reports.wording import OUTCOME_NAMES


def make_baseline(  # noqa: PLR0913 - the file, the day and the run
    source: str,
    digest: str,
    on: date,
    failures: Iterable[KnownFailure],
    rows: Iterable[Row],
    claim: Claim,
    packs: Iterable[PackResult] = (),
) -> Baseline:
    """Return how known failures stand after a run with these rows and this claim, on a day.

    An entry about a pack that the run does not have is set aside: a baseline serves runs with and
    without it. The exit status is that of UMA alone; what packs do to it, the record adds.
    """
    every, judged = tuple(rows), tuple(packs)
    by_id = {("", row.id): _Ending(row.outcome, applies=row.planned) for row in every}
    by_id |= {
        (pack.name, row.id): _Ending(row.outcome, applies=True)
        for pack in judged
        for row in pack.rows
    }
    asked = {"", *(pack.name for pack in judged)}
    entries = tuple(
        _entry(failure, by_id.get((failure.pack, failure.row)), on)
        if failure.pack in asked
        else _set_aside(failure)
        for failure in failures
    )
    known = {item.failure.row for item in entries if item.standing is EntryStanding.KNOWN}
    baseline = Baseline(source, digest, on, entries, CONFORMANT)
    status = _exit_status(known, every, claim, wrong=bool(baseline.problems))
    return replace(baseline, exit_status=status)


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a row ended, of UMA or of a pack, and whether it was to be judged."""

    outcome: Outcome
    applies: bool


def _entry(failure: KnownFailure, row: _Ending | None, on: date) -> BaselineEntry:
    standing, problem = _standing(failure, row, on)
    return BaselineEntry(failure, standing, f"{failure.row}: {problem}")


def _set_aside(failure: KnownFailure) -> BaselineEntry:
    told = f"{failure.row}: pack {failure.pack} was not asked for"
    return BaselineEntry(failure, EntryStanding.SET_ASIDE, told)


def _standing(failure: KnownFailure, row: _Ending | None, on: date) -> tuple[EntryStanding, str]:
    if row is None:
        return EntryStanding.STALE, "there is no such row; correct the entry or take it out"
    if row.outcome is Outcome.PASSED:
        return EntryStanding.UNEXPECTED, "it passes now; take the entry out"
    if on > failure.expires:
        told = f"the entry expired on {failure.expires}; mend the failure or decide anew"
        return EntryStanding.EXPIRED, told
    if row.outcome is Outcome.FAILED:
        return EntryStanding.KNOWN, f"known until {failure.expires}: {failure.reason}"
    if row.outcome is Outcome.INAPPLICABLE or not row.applies:
        return EntryStanding.STALE, "the row does not apply any more; take the entry out"
    outcome = OUTCOME_NAMES[row.outcome]
    return EntryStanding.UNMATCHED, f"the row did not fail, its outcome is: {outcome}"


def _exit_status(known: set[str], rows: Iterable[Row], claim: Claim, *, wrong: bool) -> int:
    errors = [row for row in rows if row.severity is Severity.ERROR]
    if wrong:
        return NOT_CONFORMANT
    if any(row.outcome is Outcome.FAILED and row.id not in known for row in errors):
        return NOT_CONFORMANT
    undecided = claim.conformant is None or any(map(is_open, errors))
    if undecided or not any(row.outcome is Outcome.PASSED for row in errors):
        return INCOMPLETE
    return CONFORMANT
