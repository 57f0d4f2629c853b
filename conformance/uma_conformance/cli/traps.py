"""`uma2 catalogue --trap`: what is easily read past in the specifications, and what shows it."""

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from uma_conformance.catalogue import Trap, load_catalogue, load_traps
from uma_conformance.cli.exits import fail
from uma_conformance.near import did_you_mean
from uma_conformance.suite.collection import PACKAGES, checks_for

_ALL = "all"


def show_trap(wanted: str, console: Console) -> None:
    """Print one trap by its id, or list all; end with a usage error when there is no such trap."""
    traps = load_traps()
    if wanted == _ALL:
        _list(traps, console)
    elif wanted in traps:
        _explain(traps[wanted], console)
    else:
        fail(f"--trap {wanted}: there is no such trap{did_you_mean(wanted, traps)}; try `all`")


def _list(traps: Mapping[str, Trap], console: Console) -> None:
    table = Table("trap", "what is easily read past", "rows")
    for trap in traps.values():
        table.add_row(trap.id, escape(trap.name), " ".join(trap.rows))
    console.print(table)
    console.print(f"{len(traps)} traps")


def _explain(trap: Trap, console: Console) -> None:
    console.print(f"[bold]{trap.id}[/bold]  {escape(trap.name)}", highlight=False)
    console.print(escape(trap.tells), highlight=False)
    if trap.unseen:
        console.print(escape(trap.unseen), highlight=False)
    rows = load_catalogue()
    checks = [item for role in PACKAGES for item in checks_for(role)]
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for row in trap.rows:
        table.add_row(row, escape(rows[row].statement))
        for item in checks:
            if row in item.rows:
                table.add_row("", f"[dim]{item.name}[/dim]")
    console.print(table, highlight=False)
    console.print(f"known faults: {', '.join(trap.faults)}", highlight=False)
