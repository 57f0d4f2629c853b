"""Played scenarios from and to the JSON document of a run record."""

from collections.abc import Collection, Sequence

from uma_reports.members import Members
from uma_reports.references import check_exchanges, unique
from uma_reports.scenarios.model import ScenarioResult, StepOutcome, StepResult


def scenario(members: Members) -> ScenarioResult:
    """Read a scenario."""
    return ScenarioResult(
        id=members.text("id"),
        title=members.text("title"),
        stage=members.text("stage"),
        steps=members.each("steps", _step),
    )


def _step(members: Members) -> StepResult:
    return StepResult(
        id=members.text("id"),
        title=members.text("title"),
        outcome=members.one_of("outcome", StepOutcome),
        message=members.text("message"),
        rows=members.texts("rows"),
        exchanges=members.wholes("exchanges"),
        selected=members.flag("selected"),
    )


def scenario_document(played: ScenarioResult) -> dict[str, object]:
    """Return a scenario as JSON values."""
    return {
        "id": played.id,
        "title": played.title,
        "stage": played.stage,
        "steps": [
            {
                "id": step.id,
                "title": step.title,
                "outcome": str(step.outcome),
                "message": step.message,
                "rows": list(step.rows),
                "exchanges": list(step.exchanges),
                "selected": step.selected,
            }
            for step in played.steps
        ],
    }


def check_scenarios(scenarios: Sequence[ScenarioResult], numbers: Collection[int]) -> None:
    """Raise `RecordError` for what is there twice, and for exchanges that are not among these."""
    unique("$.scenarios", "id", (played.id for played in scenarios))
    for at, played in enumerate(scenarios):
        path = f"$.scenarios[{at}].steps"
        unique(path, "id", (step.id for step in played.steps))
        for place, step in enumerate(played.steps):
            check_exchanges(f"{path}[{place}]", step.exchanges, numbers)
