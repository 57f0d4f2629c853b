"""What the reports say of how the suite itself is proved."""

from collections import Counter
from collections.abc import Mapping

from uma_reports.oracle import KnownFault
from uma_reports.record import RunRecord


def proof_of(record: RunRecord) -> str:
    """Say in a sentence or two what the suite is proved to catch; nothing if it is not known."""
    if record.oracle is None:
        return ""
    unproved = ", ".join(row.id for row in record.unproved)
    return record.oracle.sentence + (f" Proved by no fault: {unproved}." if unproved else "")


def faults_by_row(record: RunRecord) -> Mapping[str, tuple[KnownFault, ...]]:
    """Return the faults that prove the checks of each row, those that break the fewest rows first.

    What breaks little else shows best what a check looks for.
    """
    faults = {fault.id: fault for fault in (record.oracle.faults if record.oracle else ())}
    breaks = Counter(fault for row in record.rows for fault in row.proved_by)
    return {
        row.id: tuple(faults[name] for name in sorted(row.proved_by, key=breaks.__getitem__))
        for row in record.rows
    }


def in_words(fault: KnownFault) -> str:
    """Say which fault it is, and in which products it was seen."""
    wrong = fault.wrong.removesuffix(".")
    seen = f" (seen in {', '.join(fault.seen_in)})" if fault.seen_in else ""
    return f"{fault.id}: {wrong}{seen}"
