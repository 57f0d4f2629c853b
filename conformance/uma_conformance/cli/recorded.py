"""The recorded run that a command tells of."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uma_conformance.cli.exits import fail

if TYPE_CHECKING:
    from uma_reports import RunRecord

Recorded = Annotated[
    Path,
    typer.Argument(metavar="RUN", help="The run.json of a run, or its folder.", show_default=False),
]


def recorded_run(path: Path) -> "RunRecord":
    """Return the run of a run.json or of its folder; end with a usage error if it is none."""
    # Imported late: the help does without.
    from uma_reports import RecordError, ReportError, read_run  # noqa: PLC0415 - see above

    try:
        return read_run(path / "run.json" if path.is_dir() else path)
    except (RecordError, ReportError) as error:
        fail(str(error))
