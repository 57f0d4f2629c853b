"""Scenarios in JUnit XML: a test suite of its own for each, with a case for each selected step."""

import xml.etree.ElementTree as ET
from collections import Counter
from typing import TYPE_CHECKING

from uma_reports.junit_parts import add_case, finish_suite, legal, short
from uma_reports.scenarios.model import ScenarioResult, StepOutcome, StepResult
from uma_reports.scenarios.notice import scenario_verdict
from uma_reports.visible import one_line, visible

if TYPE_CHECKING:
    from uma_reports.record import RunRecord

_KINDS = {
    StepOutcome.FAILED: "failure",
    StepOutcome.INCOMPLETE: "error",
    StepOutcome.PARTLY: "skipped",
    StepOutcome.SKIPPED: "skipped",
}


def add_scenarios(suites: ET.Element, record: "RunRecord") -> None:
    """Add a suite for each scenario, and its numbers to those of all suites."""
    for played in record.scenarios:
        suite = ET.SubElement(suites, "testsuite", name=legal(one_line(played.title)))
        kinds = Counter(_case(suite, played, step) for step in played.selected)
        ET.SubElement(suite, "system-out").text = legal(visible(f"{scenario_verdict(played)}."))
        finish_suite(suites, suite, kinds, record.started)


def _case(suite: ET.Element, played: ScenarioResult, step: StepResult) -> str:
    case = add_case(suite, f"scenario.{played.id}", f"{step.id} {step.title}")
    kind = _KINDS.get(step.outcome, "")
    message = short(step.message or str(step.outcome))
    if kind == "skipped":
        ET.SubElement(case, kind, message=message)
    elif kind:
        inner = ET.SubElement(case, kind, message=message, type=str(step.outcome))
        inner.text = legal(visible(f"{step.message}\nrows: {' '.join(step.rows)}"))
    elif step.message:
        ET.SubElement(case, "system-out").text = legal(visible(step.message))
    return kind
