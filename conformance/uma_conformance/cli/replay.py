"""`uma2 replay`: play a sharing scenario on the built-in reference or on a target, and tell it."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from uma_conformance.cli.exits import fail
from uma_conformance.cli.narrating import Narrator
from uma_conformance.cli.reporting import prepare
from uma_conformance.cli.scenario_files import read_scenario
from uma_conformance.replay.playing import RecordedStage, stage_of, unplayed
from uma_conformance.replay.record import record_of
from uma_conformance.target import Target, TargetError, builtin_target, load_target
from uma_reports import ReportError, RunRecord, write_run, write_text
from uma_reports.licensing import licences_document, licences_in
from uma_reports.scenario_page import render_scenario_page, replay_of
from uma_scenarios import (
    PlayedStep,
    Player,
    Scenario,
    ScenarioError,
    StageFailed,
    exit_status,
    load_scenario,
    overall,
    shipped,
)

_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where a replay leaves its record, its page and its licences; `None` for none of them."""

    record: Path | None
    html: Path | None
    licences: Path | None

    @property
    def wanted(self) -> bool:
        """Whether anything is to be written."""
        return any(path is not None for path in (self.record, self.html, self.licences))

    def write(self, run: RunRecord, stage: str) -> Iterator[tuple[str, Path]]:
        """Write what is wanted; yield what it is and where. Raise `ReportError` if it cannot."""
        if self.record is not None:
            path = self.record / "run.json"
            write_run(run, path)
            yield "Recorded", path
        if self.html is not None:
            write_text(render_scenario_page(replay_of(run, stage)), self.html)
            yield "Page", self.html
        if self.licences is not None:
            write_text(_licences_text(run), self.licences)
            yield "Licences", self.licences


def replay(  # noqa: PLR0913 - one for each option
    scenario: Annotated[
        str,
        typer.Argument(
            help="A scenario that is shipped, or the path of one; left out, all that are shipped "
            "are listed.",
            show_default=False,
        ),
    ] = "",
    target: Annotated[
        Path | None,
        typer.Argument(
            help="Target file of an authorization server, perhaps with resource servers and a "
            "client of somebody else; left out, everything is played on the built-in reference.",
            show_default=False,
        ),
    ] = None,
    step: Annotated[bool, typer.Option("--step", help="Wait for Enter before each step.")] = False,  # noqa: FBT002 - an option
    record: Annotated[
        Path | None,
        typer.Option("--record", metavar="DIR", help="Folder for run.json, with every exchange."),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help="Write the scenario as one page: cast, policies, and each step with its decision, "
            "its diagram and its exchanges.",
        ),
    ] = None,
    licences: Annotated[
        Path | None,
        typer.Option(
            "--licences",
            metavar="FILE",
            help="Have permissions shown as licences, and write those that were granted, as JSON.",
        ),
    ] = None,
) -> None:
    """Play a sharing scenario and tell who does what, and why it is decided so.

    Exit status: 0 every step passed, 1 a step failed, 2 usage or configuration, 3 a step was
    skipped, could not be judged, or was not seen as a whole.
    """
    console = Console(highlight=False)
    if not scenario:
        _list(console)
        return
    if record is not None:
        prepare(record)
    for option, path in (("--html", html), ("--licences", licences)):
        if path is not None and path.is_dir():
            fail(f"{option} {path}: this is a folder; name a file")
    try:
        found = read_scenario(scenario)
        described = load_target(target) if target else builtin_target()
        outputs = Outputs(record, html, licences)
        with stage_of(found, described, licences=licences is not None) as stage:
            status = _play(console, found, described, stage, outputs, wait=step)
    except (ScenarioError, TargetError, ReportError) as error:
        fail(str(error))
    except StageFailed as error:
        fail(f"the stage cannot be set up: {error}")
    raise typer.Exit(status)


def _play(  # noqa: PLR0913 - what a replay is about
    console: Console,
    scenario: Scenario,
    target: Target,
    stage: RecordedStage,
    outputs: Outputs,
    *,
    wait: bool,
) -> int:
    started, clock = datetime.now(UTC), time.monotonic()
    narrator = Narrator(console)
    narrator.opens(scenario, stage.about)
    player = Player(scenario, stage, narrator.acted)
    played: list[PlayedStep] = []
    interrupted = False
    try:
        for step in scenario.steps:
            if wait:
                _wait(console)
            narrator.begins(step)
            played.append(player.play_step(step))
            narrator.ends(played[-1])
    except KeyboardInterrupt:
        interrupted = True
        console.print()
        played += [unplayed(step, "interrupted") for step in scenario.steps[len(played) :]]
    narrator.closes(played, time.monotonic() - clock)
    if outputs.wanted:
        run = record_of(scenario, played, stage.recorded, target, stage.issuer, started)
        for what, path in outputs.write(run, stage.about):
            console.print(f"{what}: {path}", soft_wrap=True, markup=False)
    if interrupted:
        return _INTERRUPTED
    return exit_status(overall(item.outcome for item in played))


def _licences_text(run: RunRecord) -> str:
    """Return the licences of a replay as JSON. Raise `ReportError` if none was shown."""
    found, _ = licences_in(run)
    if not found:
        raise ReportError(
            f"--licences: no introspection answer of {run.target.name} shows a licence"
        )
    return json.dumps(licences_document(found), indent=2) + "\n"


def _wait(console: Console) -> None:
    console.print("Enter goes on, Ctrl-C ends.", style="dim", end="")
    try:
        input()
    except EOFError:
        console.print()


def _list(console: Console) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("scenario", "steps", "what it is about"):
        table.add_column(head)
    for name in shipped():
        scenario = load_scenario(name)
        about = f"[bold]{escape(scenario.title)}[/]. {escape(scenario.summary)}"
        table.add_row(escape(name), str(len(scenario.steps)), about)
    console.print(table)
