"""Scenarios in JUnit XML: a test suite of its own for each, with a case for each selected step."""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from uma_reports.scenarios.model import ScenarioResult, StepOutcome, StepResult
from uma_reports.scenarios.notice import scenario_verdict
from uma_reports.visible import one_line, visible

if TYPE_CHECKING:
    from uma_reports.record import RunRecord

_LONGEST_NAME = 140
_LONGEST_MESSAGE = 1000
_KINDS = {
    StepOutcome.FAILED: "failure",
    StepOutcome.INCOMPLETE: "error",
    StepOutcome.PARTLY: "skipped",
    StepOutcome.SKIPPED: "skipped",
}


def add_scenarios(suites: ET.Element, record: "RunRecord", legal: Callable[[str], str]) -> None:
    """Add a suite for each scenario, and its numbers to those of all suites.

    `legal` takes out what XML cannot hold.
    """
    for played in record.scenarios:
        suite = ET.SubElement(suites, "testsuite", name=legal(one_line(played.title)))
        kinds = Counter(_case(suite, played, step, legal) for step in played.selected)
        ET.SubElement(suite, "system-out").text = legal(visible(f"{scenario_verdict(played)}."))
        suite.attrib.update(
            {
                "tests": str(len(played.selected)),
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
    suite: ET.Element, played: ScenarioResult, step: StepResult, legal: Callable[[str], str]
) -> str:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=legal(one_line(f"scenario.{played.id}")),
        name=legal(one_line(f"{step.id} {step.title}", _LONGEST_NAME)),
    )
    kind = _KINDS.get(step.outcome, "")
    message = legal(one_line(step.message or str(step.outcome), _LONGEST_MESSAGE))
    if kind == "skipped":
        ET.SubElement(case, kind, message=message)
    elif kind:
        inner = ET.SubElement(case, kind, message=message, type=str(step.outcome))
        inner.text = legal(visible(f"{step.message}\nrows: {' '.join(step.rows)}"))
    elif step.message:
        ET.SubElement(case, "system-out").text = legal(visible(step.message))
    return kind
