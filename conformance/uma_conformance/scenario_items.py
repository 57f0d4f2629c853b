"""The steps of scenarios as pytest items: `pytest --pyargs uma_scenarios`.

The scenarios lie as data in `uma_scenarios`, which knows nothing of pytest or of this suite; so
their folder is collected from here. Each scenario is a collector of its name, each step an item.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from uma_conformance.cli.scenario_files import read_scenario
from uma_conformance.plugin import RUN
from uma_conformance.replay.playing import Wanted
from uma_scenarios import Scenario, ScenarioError, Step, shipped


def library_path() -> Path:
    """Return the folder of the scenarios that are shipped."""
    return Path(str(files("uma_scenarios").joinpath("library")))


def library(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Return what collects the scenarios if this is their folder."""
    if not path.samefile(library_path()):
        return None
    return Library.from_parent(parent, path=path)  # pyright: ignore[reportUnknownMemberType]


class StepItem(pytest.Item):
    """A step of a scenario; its outcome is that of the replay."""

    def __init__(self, *, scenario: Scenario, step: Step, **known: Any) -> None:
        super().__init__(**known)  # pyright: ignore[reportUnknownMemberType]
        self.scenario = scenario
        self.step = step

    @property
    def scenario_name(self) -> str:
        """The name that the scenario goes by."""
        return _parent_of(self).name

    def runtest(self) -> None:
        """Fail or skip as the step did; one that is incomplete fails."""
        self.user_properties.append(("uma_rows", " ".join(self.step.rows)))
        self.config.stash[RUN].show(self.scenario_name, self.step.id)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the step stands, and its name."""
        return self.path, max(self.step.line - 1, 0), f"{self.scenario_name}::{self.name}"


class ScenarioFile(pytest.File):
    """A scenario, by the name of one that is shipped or by the path of one."""

    def __init__(self, *, wanted: str, taken: bool, **known: Any) -> None:
        super().__init__(**known)
        self._wanted = wanted
        self._taken = taken

    def collect(self) -> Iterator[StepItem]:
        """Yield an item for each step; a scenario that cannot be used is an error."""
        if self._taken:
            raise self.CollectError(
                f"{self._wanted}: there is a scenario {self.name} already; give the file another "
                "name"
            )
        try:
            scenario = read_scenario(self._wanted)
        except ScenarioError as error:
            raise self.CollectError(str(error)) from None
        for step in scenario.steps:
            yield StepItem.from_parent(  # pyright: ignore[reportUnknownMemberType]
                self, name=step.id, scenario=scenario, step=step
            )


class Library(pytest.Directory):
    """The scenarios that are shipped, or those that `--uma-scenario` names."""

    def collect(self) -> Iterator[ScenarioFile]:
        """Yield each scenario by its name."""
        known = shipped()
        seen: set[str] = set()
        named: Sequence[str] = self.config.option.uma_scenario
        for wanted in dict.fromkeys(named or known):
            path = self.path / f"{wanted}.yaml" if wanted in known else Path(wanted)
            name = wanted if wanted in known else path.stem
            yield ScenarioFile.from_parent(  # pyright: ignore[reportUnknownMemberType]
                self, path=path, name=name, nodeid=name, wanted=wanted, taken=name in seen
            )
            seen.add(name)


def wanted_of(items: Iterable[pytest.Item]) -> tuple[Wanted, ...]:
    """Return the scenarios that these items are of, each with the steps that were selected."""
    steps: dict[str, list[StepItem]] = {}
    for item in items:
        if isinstance(item, StepItem):
            steps.setdefault(item.scenario_name, []).append(item)
    return tuple(
        Wanted(name, found[0].scenario, frozenset(item.step.id for item in found))
        for name, found in steps.items()
    )


def _parent_of(item: pytest.Item) -> ScenarioFile:
    parent = item.parent
    if not isinstance(parent, ScenarioFile):
        raise TypeError(f"{item.nodeid} is no step of a scenario")
    return parent
