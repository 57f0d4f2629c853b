"""Packs in JUnit XML: a test suite of its own for each, beside that of UMA."""

import xml.etree.ElementTree as ET
from collections import Counter
from typing import TYPE_CHECKING

from uma_reports.junit_parts import add_case, finish_suite, legal, short
from uma_reports.known import BaselineEntry
from uma_reports.packs.model import PackResult, PackRowResult
from uma_reports.packs.notice import verdict
from uma_reports.visible import one_line, visible
from uma_reports.wording import OUTCOME_NAMES

if TYPE_CHECKING:
    from uma_reports.record import RunRecord


def add_packs(suites: ET.Element, record: "RunRecord") -> None:
    """Add a suite for each pack, and its numbers to those of all suites."""
    for pack in record.packs:
        suite = ET.SubElement(suites, "testsuite", name=legal(one_line(pack.title)))
        kinds = Counter(_case(suite, pack, row, record.known.get(row.id)) for row in pack.rows)
        ET.SubElement(suite, "system-out").text = legal(visible(f"{verdict(pack)}."))
        finish_suite(suites, suite, kinds, record.started)


def _case(
    suite: ET.Element, pack: PackResult, row: PackRowResult, known: BaselineEntry | None
) -> str:
    case = add_case(suite, f"pack.{pack.name}", f"{row.id} {row.statement}")
    message = row.message or OUTCOME_NAMES[row.outcome]
    if known is not None:
        told = short(f"{known.message}\n{message}")
        ET.SubElement(case, "skipped", message=told, type=str(known.standing))
        return "skipped"
    if row.failed and row.decides:
        inner = ET.SubElement(case, "failure", message=short(message), type=str(row.outcome))
        sources = "\n".join(f"{source.title}: {source.link}" for source in row.rests_on)
        inner.text = legal(visible(f"{row.statement}\n{message}\n{row.consequence}\n{sources}"))
        return "failure"
    if row.outcome == "cant_tell" and row.decides:
        ET.SubElement(case, "error", message=short(message), type=str(row.outcome))
        return "error"
    if row.failed or row.outcome == "passed":
        own = [f"{row.severity} failed: {message}"] if row.failed else []
        said = [*own, *(f"remark: {remark}" for remark in row.remarks)]
        if said:
            ET.SubElement(case, "system-out").text = legal(visible("\n".join(said)))
        return ""
    ET.SubElement(case, "skipped", message=short(message))
    return "skipped"
