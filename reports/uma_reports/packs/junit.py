"""Packs in JUnit XML: a test suite of its own for each, beside that of UMA."""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from uma_reports.known import BaselineEntry
from uma_reports.packs.model import PackResult, PackRowResult
from uma_reports.packs.notice import verdict
from uma_reports.visible import one_line, visible
from uma_reports.wording import OUTCOME_NAMES

if TYPE_CHECKING:
    from uma_reports.record import RunRecord

_LONGEST_NAME = 140
_LONGEST_MESSAGE = 1000


def add_packs(suites: ET.Element, record: "RunRecord", legal: Callable[[str], str]) -> None:
    """Add a suite for each pack, and its numbers to those of all suites.

    `legal` takes out what XML cannot hold.
    """
    for pack in record.packs:
        suite = ET.SubElement(suites, "testsuite", name=legal(one_line(pack.title)))
        kinds = Counter(
            _case(suite, pack, row, legal, record.known.get(row.id)) for row in pack.rows
        )
        ET.SubElement(suite, "system-out").text = legal(visible(f"{verdict(pack)}."))
        suite.attrib.update(
            {
                "tests": str(len(pack.rows)),
                "failures": str(kinds["failure"]),
                "errors": str(kinds["error"]),
                "time": "0.000",
                "skipped": str(kinds["skipped"]),
                "timestamp": record.started[: len("2026-11-23T08:00:00")],
                "hostname": "localhost",
            }
        )
        for name in ("tests", "failures", "errors"):
            suites.set(name, str(int(suites.get(name, "0")) + int(suite.get(name, "0"))))


def _case(
    suite: ET.Element,
    pack: PackResult,
    row: PackRowResult,
    legal: Callable[[str], str],
    known: BaselineEntry | None,
) -> str:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=legal(one_line(f"pack.{pack.name}")),
        name=legal(one_line(f"{row.id} {row.statement}", _LONGEST_NAME)),
    )
    message = row.message or OUTCOME_NAMES[row.outcome]
    short = legal(one_line(message, _LONGEST_MESSAGE))
    if known is not None:
        told = f"{known.message}\n{message}"
        ET.SubElement(
            case,
            "skipped",
            message=legal(one_line(told, _LONGEST_MESSAGE)),
            type=str(known.standing),
        )
        return "skipped"
    if row.failed and row.decides:
        inner = ET.SubElement(case, "failure", message=short, type=str(row.outcome))
        sources = "\n".join(f"{source.title}: {source.link}" for source in row.rests_on)
        inner.text = legal(visible(f"{row.statement}\n{message}\n{row.consequence}\n{sources}"))
        return "failure"
    if row.outcome == "cant_tell" and row.decides:
        ET.SubElement(case, "error", message=short, type=str(row.outcome))
        return "error"
    if row.failed or row.outcome == "passed":
        own = [f"{row.severity} failed: {message}"] if row.failed else []
        said = [*own, *(f"remark: {remark}" for remark in row.remarks)]
        if said:
            ET.SubElement(case, "system-out").text = legal(visible("\n".join(said)))
        return ""
    ET.SubElement(case, "skipped", message=legal(one_line(message, _LONGEST_MESSAGE)))
    return "skipped"
