"""Sharing scenarios for UMA 2.0 as data, their model, and the player that acts them out."""

from uma_scenarios.loading import ScenarioError, load_scenario, parse_scenario, shipped
from uma_scenarios.model import Act, Ending, Scenario, Step, Verb
from uma_scenarios.outcome import Outcome, PlayedAct, PlayedStep, exit_status, overall
from uma_scenarios.player import Player
from uma_scenarios.stage import Answer, CannotDo, Stage, StageFailed, Tokens

__all__ = [
    "Act",
    "Answer",
    "CannotDo",
    "Ending",
    "Outcome",
    "PlayedAct",
    "PlayedStep",
    "Player",
    "Scenario",
    "ScenarioError",
    "Stage",
    "StageFailed",
    "Step",
    "Tokens",
    "Verb",
    "exit_status",
    "load_scenario",
    "overall",
    "parse_scenario",
    "shipped",
]
