"""`uma2 faults`: the known faults of the reference, and whether the suite sees them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from uma_conformance.cli.exits import fail
from uma_conformance.cli.near import did_you_mean

if TYPE_CHECKING:
    from uma_conformance.kill_matrix import Kill
    from uma_reference.faults import Fault

_MISSED = 1


def faults(
    fault: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Faults to show or run; left out, all."),
    ] = None,
    *,
    run: Annotated[
        bool, typer.Option("--run", help="Run the suite against each fault and compare.")
    ] = False,
) -> None:
    """List the deliberate faults of the reference and the requirements that each one breaks.

    With --run the suite judges each fault, and the reference without any: the kill matrix.

    Exit status: 0, or 1 when a fault was not seen exactly as it is declared, 2 usage.
    """
    chosen = _chosen(fault or [])
    console = Console()
    if run:
        raise typer.Exit(_run(chosen, console))
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


def _chosen(wanted: Sequence[str]) -> "list[Fault]":
    # Imported late: the other commands do not need the server in their process.
    from uma_reference.faults import all_faults  # noqa: PLC0415 - see above

    known = {item.id: item for item in all_faults()}
    for name in wanted:
        if name not in known:
            fail(f"{name}: there is no such fault{did_you_mean(name, known)}")
    return [known[name] for name in wanted] if wanted else list(known.values())


def _run(chosen: "Sequence[Fault]", console: Console) -> int:
    from uma_conformance.kill_matrix import UNMODIFIED, run_faults  # noqa: PLC0415 - see above

    table = Table("fault", "seen", "breaks", "not seen", "not declared")
    wrong = 0
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Running faults", total=len(chosen) + 1)
        for kill in run_faults((UNMODIFIED.id, *(item.id for item in chosen))):
            progress.advance(task)
            wrong += not kill.exact
            table.add_row(*_row(kill))
    console.print(table)
    if wrong:
        console.print(f"{wrong} of {len(chosen) + 1} runs did not show what is declared")
        return _MISSED
    console.print(f"The suite sees {len(chosen)} of {len(chosen)} faults, and none where none is")
    return 0


def _row(kill: "Kill") -> tuple[str, str, str, str, str]:
    problem = escape("; ".join(kill.faults_of_suite))
    return (
        kill.fault,
        "[green]yes[/]" if kill.exact else f"[red]no[/] {problem}",
        " ".join(sorted(kill.declared)),
        " ".join(sorted(kill.unseen)),
        " ".join(sorted(kill.undeclared)),
    )
