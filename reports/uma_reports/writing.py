"""Writing all reports of a run to a folder."""

from collections.abc import Callable, Mapping
from pathlib import Path

from uma_reports.files import write_files, write_run
from uma_reports.html import render_html
from uma_reports.junit import render_junit
from uma_reports.markdown import render_markdown
from uma_reports.record import RunRecord

RUN_FILE = "run.json"
RENDERERS: Mapping[str, Callable[[RunRecord], str]] = {
    "report.html": render_html,
    "report.md": render_markdown,
    "junit.xml": render_junit,
}


def write_reports(record: RunRecord, directory: Path) -> None:
    """Write `run.json` and every report to a folder, made if needed; other files in it stay.

    The run record is written first, so it is kept whatever happens to a report. The reports then
    replace older ones together, each as a whole. Raises `ReportError` when the path is a file or
    cannot be written to.
    """
    write_run(record, directory / RUN_FILE)
    write_files(directory, {name: render(record) for name, render in RENDERERS.items()})
