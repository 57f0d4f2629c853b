"""Scenarios in a terminal: after the rows of UMA and the claim."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from uma_reports.scenarios.model import StepOutcome
from uma_reports.scenarios.notice import APART, scenario_verdict
from uma_reports.visible import one_line

if TYPE_CHECKING:
    from uma_reports.record import RunRecord


def print_scenarios(record: "RunRecord", console: Console) -> None:
    """Print how each scenario ended, and one line per step that did not pass."""
    for scenario in record.scenarios:
        console.print()
        console.print(Text(f"{one_line(scenario.title)} (no part of the claim)", style="bold"))
        for step in scenario.selected:
            if step.outcome is not StepOutcome.PASSED:
                style = "bold red" if step.outcome is StepOutcome.FAILED else "yellow"
                line = Text.assemble(
                    (f"{step.outcome:<11}", style),
                    " ",
                    (f"{one_line(scenario.id)}::{one_line(step.id)}", "bold"),
                    f" {one_line(step.message)}",
                )
                console.print(line, soft_wrap=True)
        style = "bold red" if scenario.failed else "green"
        told = one_line(scenario_verdict(scenario))
        console.print(Text(f"{told}.", style=style), soft_wrap=True)
    if record.scenarios:
        console.print(Text(APART, "dim"), soft_wrap=True)
