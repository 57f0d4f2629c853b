"""Packs in Markdown: a section of its own for each, after everything about UMA."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from uma_reports.known import BaselineEntry
from uma_reports.markdown_text import link, plain
from uma_reports.packs.model import PackResult, PackRowResult
from uma_reports.packs.notice import notice, verdict
from uma_reports.wording import OUTCOME_NAMES

if TYPE_CHECKING:
    from uma_reports.record import RunRecord

_LONGEST_MESSAGE = 600


def pack_lines(record: "RunRecord") -> Iterator[str]:
    """Yield the lines about the packs of a run, none if it had none."""
    for pack in record.packs:
        yield from _pack(pack, record.known)
    if record.packs:
        yield plain(notice(record), None)
        yield ""


def _pack(pack: PackResult, known: Mapping[str, BaselineEntry]) -> Iterator[str]:
    yield f"## {plain(pack.title)}"
    yield ""
    yield f"{plain(pack.about, None)} **{plain(verdict(pack))}.**"
    yield ""
    yield f"| row | severity | {'outcome'} | what was seen |"
    yield "|---|---|---|---|"
    for row in pack.rows:
        seen = _seen(row)
        name = OUTCOME_NAMES[row.outcome]
        outcome = f"**{name}**" if row.failed else name
        if row.id in known:
            outcome = f"{outcome}, known until {known[row.id].failure.expires}"
        yield f"| {_named(row)} | {row.severity} | {outcome} | {seen} |"
    yield ""


def _named(row: PackRowResult) -> str:
    return link(row.id, row.rests_on[0].link) if row.rests_on else plain(row.id)


def _seen(row: PackRowResult) -> str:
    said = [row.message or row.statement, *(f"remark: {item}" for item in row.remarks)]
    return plain("; ".join(said), _LONGEST_MESSAGE)
