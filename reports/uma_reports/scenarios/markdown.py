"""Scenarios in Markdown: a section of its own for each, after everything about UMA."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from uma_reports.markdown_text import plain
from uma_reports.scenarios.model import ScenarioResult, StepOutcome, StepResult
from uma_reports.scenarios.notice import scenario_notice, scenario_verdict

if TYPE_CHECKING:
    from uma_reports.record import RunRecord

_LONGEST_MESSAGE = 600


def scenario_lines(record: "RunRecord") -> Iterator[str]:
    """Yield the lines about the scenarios of a run, none if it played none."""
    for scenario in record.scenarios:
        yield from _scenario(scenario)
    if record.scenarios:
        yield plain(scenario_notice(record), None)
        yield ""


def _scenario(scenario: ScenarioResult) -> Iterator[str]:
    yield f"## Scenario: {plain(scenario.title)}"
    yield ""
    yield f"Played on {plain(scenario.stage)}. **{plain(scenario_verdict(scenario))}.**"
    yield ""
    yield "| step | outcome | what happened | rows |"
    yield "|---|---|---|---|"
    for step in scenario.steps:
        said = plain("; ".join(filter(None, (step.title, step.message))), _LONGEST_MESSAGE)
        rows = " ".join(map(plain, step.rows))
        yield f"| {plain(step.id)} | {_outcome(step)} | {said} | {rows} |"
    yield ""


def _outcome(step: StepResult) -> str:
    if not step.selected:
        return f"{step.outcome}, as set-up"
    return f"**{step.outcome}**" if step.outcome is StepOutcome.FAILED else str(step.outcome)
