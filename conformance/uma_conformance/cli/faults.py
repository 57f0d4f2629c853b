"""`uma2 faults`: the known faults of the reference, and whether the suite sees them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from uma_conformance.cli.exits import fail
from uma_conformance.cli.packs import chosen_packs
from uma_conformance.near import did_you_mean

if TYPE_CHECKING:
    from uma_conformance.kill_matrix import Kill
    from uma_reference.faults import Fault

_MISSED = 1


def faults(  # noqa: PLR0913 - each is an option of the command
    fault: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Faults to show or run; left out, all."),
    ] = None,
    *,
    run: Annotated[
        bool, typer.Option("--run", help="Run the suite against each fault and compare.")
    ] = False,
    write: Annotated[
        bool,
        typer.Option("--write", help="With --run of all: keep the outcome for later reports."),
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="How many processes run faults; one per processor."),
    ] = None,
    pack: Annotated[
        str,
        typer.Option(
            "--pack",
            metavar="NAME",
            help="Show or run the faults of a pack instead.",
            show_default=False,
        ),
    ] = "",
    explore: Annotated[
        bool,
        typer.Option("--explore", help="Show or run those that only exploring sees instead."),
    ] = False,
) -> None:
    """List the deliberate faults of the reference and the requirements that each one breaks.

    With --run the suite judges each fault, and the reference without any: the kill matrix. With
    --write it is kept in the package, where the reports of later runs find it.

    Exit status: 0, or 1 when a fault was not seen exactly as it is declared, 2 usage.
    """
    chosen_packs([pack] if pack else [])
    if write and (fault or pack or explore or not run):
        fail("--write goes with --run, and with all faults: name none, and no pack")
    if pack and explore:
        fail("--pack and --explore: faults are of a pack, or seen by exploring; give one of both")
    chosen = _chosen(fault or [], pack, explore=explore)
    console = Console()
    if run:
        kills = _kills(chosen, pack, workers, explore=explore)
        status = _told(kills, console)
        if write:
            _keep(chosen, kills, console)
        raise typer.Exit(status)
    table = Table("fault", "what is wrong", "breaks", "seen in")
    for item in chosen:
        table.add_row(
            item.id,
            escape(item.summary),
            " ".join(item.trips),
            ", ".join(seen.words for seen in item.seen_in),
        )
    console.print(table)
    console.print(f"{len(chosen)} faults")


def _chosen(wanted: Sequence[str], pack: str, *, explore: bool) -> "list[Fault]":
    # Imported late: the other commands do not need the server in their process.
    from uma_reference.faults import all_faults  # noqa: PLC0415 - see above
    from uma_reference.faults.packs import pack_faults  # noqa: PLC0415 - see above
    from uma_reference.faults.sequences import exploring_faults  # noqa: PLC0415 - see above

    found = pack_faults(pack) if pack else exploring_faults() if explore else all_faults()
    known = {item.id: item for item in found}
    for name in wanted:
        if name not in known:
            fail(f"{name}: there is no such fault{did_you_mean(name, known)}")
    return [known[name] for name in wanted] if wanted else list(known.values())


def _kills(
    chosen: "Sequence[Fault]", pack: str, workers: int | None, *, explore: bool
) -> "Sequence[Kill]":
    """Run the reference without a fault, and with each of these."""
    from uma_conformance.exploring_matrix import run_exploring_faults  # noqa: PLC0415 - see above
    from uma_conformance.kill_matrix import UNMODIFIED, run_faults  # noqa: PLC0415 - see above
    from uma_conformance.pack_matrix import run_pack_faults  # noqa: PLC0415 - see above

    kills: list[Kill] = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Running faults", total=len(chosen) + 1)
        ids = (UNMODIFIED.id, *(item.id for item in chosen))
        if pack:
            running = run_pack_faults(pack, ids, workers)
        else:
            running = (run_exploring_faults if explore else run_faults)(ids, workers)
        for kill in running:
            progress.advance(task)
            kills.append(kill)
    return kills


def _told(kills: "Sequence[Kill]", console: Console) -> int:
    table = Table("fault", "seen", "breaks", "not seen", "not declared")
    for kill in kills:
        table.add_row(*_row(kill))
    console.print(table)
    wrong = sum(not kill.exact for kill in kills)
    if wrong:
        console.print(f"{wrong} of {len(kills)} runs did not show what is declared")
        return _MISSED
    number = len(kills) - 1
    console.print(f"The suite sees {number} of {number} faults, and none where none is")
    return 0


def _keep(chosen: "Sequence[Fault]", kills: "Sequence[Kill]", console: Console) -> None:
    from uma_conformance.oracle.load import KILL_MATRIX  # noqa: PLC0415 - see above
    from uma_conformance.proving import keep, kill_matrix_text  # noqa: PLC0415 - see above
    from uma_reports import ReportError  # noqa: PLC0415 - see above

    unmodified, *_ = kills
    if not unmodified.exact:
        fail("the kill matrix is not written: rows fail without any fault")
    text = kill_matrix_text(chosen, {kill.fault: kill for kill in kills})
    try:
        path = keep(KILL_MATRIX, text)
    except ReportError as error:
        fail(f"the kill matrix: {error}")
    console.print(f"Written to {path}", markup=False, soft_wrap=True)


def _row(kill: "Kill") -> tuple[str, str, str, str, str]:
    problem = escape("; ".join(kill.faults_of_suite))
    return (
        kill.fault,
        "[green]yes[/]" if kill.exact else f"[red]no[/] {problem}",
        " ".join(sorted(kill.declared)),
        " ".join(sorted(kill.unseen)),
        " ".join(sorted(kill.undeclared)),
    )
