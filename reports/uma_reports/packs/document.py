"""Packs as JSON values, and back."""

from collections.abc import Collection, Mapping, Sequence

from uma_reports.errors import RecordError
from uma_reports.members import Members
from uma_reports.packs.model import PackResult, PackRowResult, PackSource
from uma_reports.record import Outcome, Severity
from uma_reports.references import check_exchanges, unique


def pack_document(pack: PackResult) -> dict[str, object]:
    """Return a pack as JSON values."""
    return {
        "name": pack.name,
        "title": pack.title,
        "about": pack.about,
        "digest": pack.digest,
        "rows": [_row_document(row) for row in pack.rows],
    }


def pack(members: Members) -> PackResult:
    """Read a pack."""
    return PackResult(
        name=members.text("name"),
        title=members.text("title"),
        about=members.text("about"),
        digest=members.text("digest"),
        rows=members.each("rows", _row),
    )


def pack_name(members: Members) -> str:
    """Read which pack it is, whatever another version judged by it."""
    return members.text("name")


def check_packs(packs: Sequence[PackResult], exchanges: Collection[int]) -> None:
    """Raise `RecordError` where a pack or a row is there twice, or names a missing exchange."""
    ids: set[str] = set()
    unique("$.packs", "name", (found.name for found in packs))
    for at, found in enumerate(packs):
        for inside, row in enumerate(found.rows):
            place = f"$.packs[{at}].rows[{inside}]"
            if row.id in ids:
                raise RecordError(f"{place}.id", "is there twice")
            ids.add(row.id)
            check_exchanges(place, row.exchanges, exchanges)


def _row_document(row: PackRowResult) -> Mapping[str, object]:
    return {
        "id": row.id,
        "severity": str(row.severity),
        "statement": row.statement,
        "rests_on": [{"title": source.title, "link": source.link} for source in row.rests_on],
        "consequence": row.consequence,
        "outcome": str(row.outcome),
        "message": row.message,
        "remarks": list(row.remarks),
        "checks": list(row.checks),
        "exchanges": list(row.exchanges),
    }


def _row(members: Members) -> PackRowResult:
    return PackRowResult(
        id=members.text("id"),
        severity=members.one_of("severity", Severity),
        statement=members.text("statement"),
        rests_on=members.each("rests_on", _source),
        consequence=members.text("consequence"),
        outcome=members.one_of("outcome", Outcome),
        message=members.text("message"),
        remarks=members.texts("remarks"),
        checks=members.texts("checks"),
        exchanges=members.wholes("exchanges"),
    )


def _source(members: Members) -> PackSource:
    return PackSource(title=members.text("title"), link=members.text("link"))
