"""The page of a replayed scenario, and how a replay is read from the record of its run."""

from uma_reports.scenario_page.model import (
    ActInWords,
    CastMember,
    PolicyInWords,
    Replay,
    ResourceInWords,
    StepInWords,
)
from uma_reports.scenario_page.page import step_diagram
from uma_reports.scenario_page.reading import replay_of
from uma_reports.scenario_page.rendering import render_scenario_page
from uma_reports.scenarios.model import StepOutcome

__all__ = [
    "ActInWords",
    "CastMember",
    "PolicyInWords",
    "Replay",
    "ResourceInWords",
    "StepInWords",
    "StepOutcome",
    "render_scenario_page",
    "replay_of",
    "step_diagram",
]
