"""`uma2 licences`: the permissions of a run as licences, as JSON or for FHIR."""

import json
from pathlib import Path
from typing import Annotated

import typer

from uma_conformance.cli.exits import fail


def licences(
    recorded: Annotated[
        Path,
        typer.Argument(
            metavar="RUN", help="The run.json of a run, or its folder.", show_default=False
        ),
    ],
    *,
    fhir: Annotated[
        bool, typer.Option("--fhir", help="As Consents of FHIR R4, in a Bundle.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="File to write; without it, everything is printed.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show who licensed what to whom, as introspection answers of a run told it.

    The authorization server has to show licences: the reference does with `licences` in its
    configuration.

    Exit status: 0, or 2 for usage and for a run without licences.
    """
    # Imported late: the other commands do without.
    from uma_reports import RecordError, ReportError, read_run  # noqa: PLC0415 - see above
    from uma_reports.licensing import (  # noqa: PLC0415 - see above
        consents,
        licences_document,
        licences_in,
    )

    try:
        record = read_run(recorded / "run.json" if recorded.is_dir() else recorded)
    except (RecordError, ReportError) as error:
        fail(str(error))
    found, problems = licences_in(record)
    for problem in problems:
        typer.echo(f"uma2: left out: {problem}", err=True)
    if not found:
        fail(f"{recorded}: no introspection answer of this run shows a licence")
    document = consents(found, record) if fhir else licences_document(found)
    text = json.dumps(document, indent=2) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"--out {out}: cannot be written: {error.strerror}")
