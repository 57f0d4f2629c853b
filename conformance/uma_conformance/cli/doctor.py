"""`uma2 doctor`: prove a target file and every hook of its driver before a run."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from uma_conformance.cli.exits import fail
from uma_conformance.doctor import Examination, Health, examine
from uma_conformance.opening import connect, open_target
from uma_conformance.target import TargetError, builtin_target, load_target

_MARKS = {Health.FINE: "[green]ok[/]", Health.UNSUPPORTED: "[yellow]unsupported[/]"}


def doctor(
    target: Annotated[
        Path | None,
        typer.Argument(help="Target file; left out, the built-in reference is examined."),
    ] = None,
) -> None:
    """Prove every driver hook of a target by using it, and say what to change where it fails.

    Exit status: 0 when every hook works or is known to be unsupported, 2 otherwise.
    """
    console = Console()
    try:
        described = load_target(target) if target else builtin_target()
        with open_target(described) as ready, connect(ready) as surroundings:
            found: list[Examination] = []
            for examination in examine(surroundings, described.driver):
                found.append(examination)
                mark = _MARKS.get(examination.health, "[red]broken[/]")
                console.print(f"{mark} {escape(examination.hook)}", highlight=False)
    except TargetError as error:
        fail(str(error))
    table = Table("hook", "state", "what was seen")
    for item in found:
        mark = _MARKS.get(item.health, "[red]broken[/]")
        known = item.health is Health.FINE or item.key in item.note
        note = item.note if known else f"{item.note} ({item.key})"
        table.add_row(escape(item.hook), mark, escape(note))
    console.print(table)
    broken = {item.key: None for item in found if item.health is Health.BROKEN}
    if broken:
        fail(
            f"{described.source}: not every hook works: correct {', '.join(broken)} "
            "in the target file, or what it leads to"
        )
    raise typer.Exit(0)
