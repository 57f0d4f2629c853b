"""Packs in a terminal: after the rows of UMA and the claim."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from uma_reports.packs.model import PackResult, PackRowResult
from uma_reports.packs.notice import verdict
from uma_reports.visible import one_line
from uma_reports.wording import OUTCOME_NAMES

if TYPE_CHECKING:
    from uma_reports.record import RunRecord


def print_packs(record: "RunRecord", console: Console) -> None:
    """Print each pack: how its rows ended, and one line per row that failed or stayed open."""
    for pack in record.packs:
        console.print()
        console.print(Text(f"{one_line(pack.title)} (no part of the claim)", style="bold"))
        for row in (*pack.failed, *pack.warnings, *pack.still_open):
            console.print(_line(row, known=row.id in record.known), soft_wrap=True)
        style = "bold red" if pack.failed else "green"
        console.print(Text(f"{verdict(pack)}. {_numbers(pack)}", style=style), soft_wrap=True)


def _numbers(pack: PackResult) -> str:
    counted = ((pack.number(outcome), name) for outcome, name in OUTCOME_NAMES.items())
    return ", ".join(f"{number} {name}" for number, name in counted if number)


def _line(row: PackRowResult, *, known: bool) -> Text:
    label = OUTCOME_NAMES[row.outcome] if row.decides else str(row.severity)
    label = "known" if known else label
    style = "bold red" if row.failed and row.decides and not known else "yellow"
    first = row.message.partition("\n")[0] or row.statement
    return Text.assemble(
        (f"{label:<11}", style), " ", (one_line(row.id), "bold"), " ", one_line(first)
    )
