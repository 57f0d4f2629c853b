"""What is said of packs after everything else, so that nobody takes them for the claim."""

from typing import TYPE_CHECKING

from uma_reports.packs.model import PackResult

if TYPE_CHECKING:
    from uma_reports.record import RunRecord

_APART = "The claim is about UMA 2.0 alone; packs look beyond it and change nothing in it."


def notice(record: "RunRecord") -> str:
    """Return the last line of a run with packs, and nothing for one without."""
    if not record.packs:
        return ""
    told = "; ".join(verdict(pack) for pack in record.packs)
    known = {row.id for pack in record.packs for row in pack.failed} & record.known.keys()
    covered = f" Known failures: {', '.join(sorted(known))}." if known else ""
    alone = record.fails_by_packs and not record.fails_without_packs
    status = " Exit status 1 because of that." if alone else ""
    return f"{_APART} {told}.{covered}{status}"


def verdict(pack: PackResult) -> str:
    """Return in a few words how a pack ended."""
    errors = [row for row in pack.rows if row.decides]
    if pack.failed:
        return f"Pack {pack.name}: failed, with {len(pack.failed)} of {len(errors)} error rows"
    if pack.still_open:
        number = len(pack.still_open)
        return f"Pack {pack.name}: nothing failed, {number} of {len(errors)} error rows stay open"
    return f"Pack {pack.name}: no error row failed"
