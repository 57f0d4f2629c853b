"""Reading a scenario for those who play it: its rows have to be in the catalogue, too."""

from uma_conformance.catalogue import load_catalogue
from uma_conformance.near import did_you_mean
from uma_scenarios import Scenario, ScenarioError, load_scenario


def read_scenario(name: str) -> Scenario:
    """Return a scenario by its name or path; raise `ScenarioError` if it cannot be used."""
    scenario = load_scenario(name)
    catalogue = load_catalogue()
    for step in scenario.steps:
        for row in step.rows:
            if row not in catalogue:
                hint = did_you_mean(row, catalogue.rows)
                raise ScenarioError(
                    f"{scenario.source}:{step.line}: step {step.id}: rows: the catalogue has no "
                    f"{row}{hint}"
                )
    return scenario
