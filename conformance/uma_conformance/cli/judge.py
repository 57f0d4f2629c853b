"""`uma2 judge`: verdicts from what was recorded, without a target."""

from pathlib import Path
from typing import Annotated

import typer

from uma_conformance.cli.exits import fail


def judge(
    recorded: Annotated[
        Path,
        typer.Argument(metavar="RUN", help="The run.json of an earlier run.", show_default=False),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="Folder for run.json and the reports."),
    ] = Path("uma2-report"),
) -> None:
    """Judge a recording again, on any machine, and write its reports. Nothing is sent.

    Exit status: 0 conformant, 1 not conformant, 2 usage or configuration, 3 incomplete.
    """
    # Imported late: the other commands do not need the checks to start.
    from uma_conformance.cli.reporting import prepare, report  # noqa: PLC0415 - see above
    from uma_conformance.offline import judge_again  # noqa: PLC0415 - see above
    from uma_reports import ReportError, read_recording  # noqa: PLC0415 - see above

    prepare(out)
    try:
        verdict = judge_again(read_recording(recorded))
        raise typer.Exit(report(verdict.record, verdict.faults_of_suite, out))
    except ReportError as error:
        fail(str(error))
