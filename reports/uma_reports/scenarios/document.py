"""Played scenarios from and to the JSON document of a run record."""

from collections.abc import Collection, Sequence

from uma_reports.errors import RecordError
from uma_reports.members import Members
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
    seen: set[str] = set()
    for at, played in enumerate(scenarios):
        path = f"$.scenarios[{at}]"
        if played.id in seen:
            raise RecordError(f"{path}.id", "is there twice")
        seen.add(played.id)
        steps: set[str] = set()
        for place, step in enumerate(played.steps):
            if step.id in steps:
                raise RecordError(f"{path}.steps[{place}].id", "is there twice")
            steps.add(step.id)
            for inside, number in enumerate(step.exchanges):
                if number not in numbers:
                    raise RecordError(
                        f"{path}.steps[{place}].exchanges[{inside}]", f"no exchange {number}"
                    )
