"""`uma2 explore`: counterexamples that exploring found, done again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from uma_conformance.cli.exits import fail

if TYPE_CHECKING:
    from uma_conformance.counterexamples import SavedWalk
    from uma_conformance.target import Target

_BROKEN, _UNKNOWN = 1, 3


def explore_commands() -> typer.Typer:
    """Return the commands about counterexamples."""
    app = typer.Typer(
        name="explore",
        help="Do again what `uma2 certify --explore` found.",
        no_args_is_help=True,
        callback=_start,
    )
    app.command("replay")(replay)
    return app


def _start() -> None:
    """Do again what `uma2 certify --explore` found."""


def replay(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A counterexample-N.json beside the report of a run.",
            show_default=False,
        ),
    ],
    target: Annotated[
        Path | None,
        typer.Argument(
            help="Target file of the implementation under test; left out, the built-in "
            "reference authorization server.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Do the steps of a counterexample against a target, and see whether they break a row.

    Exit status: 0 nothing broke, 1 a row broke, 2 usage or configuration, 3 the steps could not be
    done, or the target gave no clear answer.
    """
    # Imported late: the other commands do not need drivers to start.
    from uma_conformance.counterexamples import (  # noqa: PLC0415 - see above
        CounterexampleError,
        read_counterexample,
    )
    from uma_conformance.target import (  # noqa: PLC0415 - see above
        TargetError,
        builtin_target,
        load_target,
    )

    try:
        saved = read_counterexample(file)
        described = load_target(target) if target else builtin_target()
        raise typer.Exit(_replay(saved, described))
    except (CounterexampleError, TargetError) as error:
        fail(str(error))


def _replay(saved: "SavedWalk", target: "Target") -> int:
    from uma_conformance.repeating import repeated  # noqa: PLC0415 - as above

    console = Console()
    console.print(f"Doing {len(saved.steps)} steps again against [bold]{target.name}[/bold]")
    again = repeated(saved.steps, target)
    for number, (words, outcome) in enumerate(again.steps, 1):
        line = f"{number:>3}. {words} → {outcome}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    for rows, message in again.broken:
        console.print(f"Broken: {' '.join(rows)}: {message}", markup=False, soft_wrap=True)
    if again.broken:
        return _BROKEN
    if again.problem:
        Console(stderr=True).print(f"Cannot tell: {again.problem}", markup=False, soft_wrap=True)
        return _UNKNOWN
    console.print("Nothing broke.")
    return 0
