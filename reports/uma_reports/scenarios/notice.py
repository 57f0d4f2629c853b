"""What is said of scenarios, so that nobody takes them for the claim."""

from typing import TYPE_CHECKING

from uma_reports.scenarios.model import ScenarioResult, StepOutcome
from uma_reports.wording import counted

if TYPE_CHECKING:
    from uma_reports.record import RunRecord

APART = (
    "A step that passed shows its rows at work, and is no verdict on any of them; one that failed "
    "puts its rows in doubt, and does not say which of them was broken. Verdicts and the claim "
    "come from checks alone."
)


def scenario_notice(record: "RunRecord") -> str:
    """Return what to know of the scenarios of a run, and nothing for one without."""
    if not record.scenarios:
        return ""
    told = "; ".join(scenario_verdict(item) for item in record.scenarios)
    return f"{APART} {told}."


def scenario_verdict(scenario: ScenarioResult) -> str:
    """Return in a few words how a scenario ended."""
    selected = scenario.selected
    counts = ((len(scenario.ended(outcome)), outcome) for outcome in StepOutcome)
    parts = [f"{number} {outcome}" for number, outcome in counts if number]
    said = f"Scenario {scenario.id}: {', '.join(parts)} of {counted(len(selected), 'step')}"
    before = len(scenario.steps) - len(selected)
    return said + (f", and {before} played as set-up" if before else "")
