"""`uma2 certify`: run the suite against a target and write its reports."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from uma_conformance.cli.baselines import (
    BaselineOption,
    Baselines,
    ExpiresOption,
    WriteBaselineOption,
)
from uma_conformance.cli.exits import fail
from uma_conformance.cli.exploring import (
    ExploreOption,
    SecondsOption,
    SeedOption,
    StepsOption,
    WalksOption,
    chosen_plan,
)
from uma_conformance.cli.packs import PackOption, chosen_packs
from uma_conformance.cli.reporting import prepare, report
from uma_conformance.exploring.plan import Plan
from uma_conformance.run import Listener, running
from uma_conformance.suite.collection import checks_for
from uma_conformance.target import Target, TargetError, builtin_target, load_target
from uma_reports import ReportError

_INTERRUPTED = 130


def certify(  # noqa: PLR0913 - each is an option of the command
    target: Annotated[
        Path | None,
        typer.Argument(
            help="Target file of the implementation under test; left out, the built-in "
            "reference authorization server is certified.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="Folder for run.json and the reports."),
    ] = Path("uma2-report"),
    baseline: BaselineOption = None,
    write_baseline: WriteBaselineOption = None,
    baseline_expires: ExpiresOption = "",
    pack: PackOption = None,
    *,
    explore: ExploreOption = False,
    explore_seed: SeedOption = None,
    explore_walks: WalksOption = None,
    explore_steps: StepsOption = None,
    explore_seconds: SecondsOption = None,
) -> None:
    """Certify an implementation against UMA 2.0 and write a compliance report.

    Exit status: 0 conformant, 1 not conformant (or an error row of a pack failed), 2 usage or
    configuration, 3 incomplete.
    """
    errors, packs = Console(stderr=True), chosen_packs(pack)
    plan = chosen_plan(explore_seed, explore_walks, explore_steps, explore_seconds, explore=explore)
    prepare(out)
    baselines = Baselines.told(baseline, write_baseline, baseline_expires)
    try:
        described = load_target(target) if target else builtin_target()
        raise typer.Exit(_certify(described, out, errors, baselines, packs, plan))
    except TargetError as error:
        fail(str(error))
    except ReportError as error:
        fail(str(error))


def _certify(  # noqa: PLR0913 - as the command has it
    target: Target,
    out: Path,
    errors: Console,
    baselines: Baselines,
    packs: tuple[str, ...],
    plan: Plan | None,
) -> int:
    if plan and target.driver == "manual":
        fail("--explore: a driver that asks at the terminal would ask for every step; leave it out")
    console = Console()
    console.print(f"Certifying [bold]{target.name}[/bold] as UMA 2.0 {_ROLES[target.role]}")
    interrupted = False
    # A driver that asks at the terminal needs it for itself.
    with (
        _progress(errors, shown=target.driver != "manual") as progress,
        running(target, _listener(progress)) as run,
    ):
        checks = checks_for(target.role, packs)
        try:
            run.drive(checks)
            if plan:
                checks = (*checks, *run.explore(plan, _walking(progress)))
        except KeyboardInterrupt:
            interrupted = True
        for check in checks:
            run.judge(check)
        progress.stop()
        status = report(run.record(checks), run.faults_of_suite(), out, baselines)
        if interrupted:
            errors.print("Interrupted: what was recorded until then is in the report.")
            return _INTERRUPTED
        return status


def _progress(console: Console, *, shown: bool) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[exchanges]} exchanges"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not shown,
    )


def _listener(progress: Progress) -> Listener:
    task = progress.add_task("Connecting", total=None, exchanges=0)
    counted = [0]

    def exchanged(_: object) -> None:
        counted[0] += 1
        progress.update(task, exchanges=counted[0])

    return Listener(
        on_probes=lambda probes: progress.update(task, total=len(probes), completed=0),
        on_probe=lambda probe: progress.update(task, advance=1, description=probe.summary),
        on_exchange=exchanged,
    )


def _walking(progress: Progress) -> Callable[[int, int], None]:
    def walked(number: int, walks: int) -> None:
        task = progress.task_ids[0]
        progress.update(task, total=walks, completed=number - 1, description="Walking at random")

    return walked


_ROLES = {"as": "authorization server", "rs": "resource server", "client": "client"}
