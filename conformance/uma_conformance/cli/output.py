"""Where a command puts the one text that it makes."""

from pathlib import Path
from typing import Annotated

import typer

from uma_conformance.cli.exits import fail

Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="File to write; without it, everything is printed.",
        show_default=False,
    ),
]


def put(text: str, out: Path | None, *, new: bool = False) -> None:
    """Write a text to the file of `--out`, whole or not at all, or print it where none is named.

    With `new`, a file that is there stays. Ends with a usage error when the file cannot be written.
    """
    if out is None:
        typer.echo(text, nl=False)
        return
    if not out.parent.is_dir():
        fail(f"--out {out}: cannot be written: there is no folder {out.parent}")
    # Imported late: what is only printed does without.
    from uma_reports import ReportError, write_text  # noqa: PLC0415 - see above

    try:
        write_text(text, out, new=new)
    except ReportError as error:
        fail(f"--out {error}")
