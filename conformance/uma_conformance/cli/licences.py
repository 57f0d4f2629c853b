"""`uma2 licences`: the permissions of a run as licences, as JSON or for FHIR."""

import json
from typing import Annotated

import typer

from uma_conformance.cli.exits import fail
from uma_conformance.cli.output import Out, put
from uma_conformance.cli.recorded import Recorded, recorded_run


def licences(
    recorded: Recorded,
    *,
    fhir: Annotated[
        bool, typer.Option("--fhir", help="As Consents of FHIR R4, in a Bundle.")
    ] = False,
    out: Out = None,
) -> None:
    """Show who licensed what to whom, as introspection answers of a run told it.

    The authorization server has to show licences: the reference does with `licences` in its
    configuration.

    Exit status: 0, or 2 for usage and for a run without licences.
    """
    # Imported late: the other commands do without.
    from uma_reports.licensing import (  # noqa: PLC0415 - see above
        consents,
        licences_document,
        licences_in,
    )

    record = recorded_run(recorded)
    found, problems = licences_in(record)
    for problem in problems:
        typer.echo(f"uma2: left out: {problem}", err=True)
    if not found:
        fail(f"{recorded}: no introspection answer of this run shows a licence")
    document = consents(found, record) if fhir else licences_document(found)
    put(json.dumps(document, indent=2) + "\n", out)
