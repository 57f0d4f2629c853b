"""`uma2 diagram`: recorded exchanges as a sequence diagram."""

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from uma_conformance.cli.exits import fail
from uma_conformance.cli.output import Out, put
from uma_conformance.cli.recorded import Recorded, recorded_run
from uma_conformance.near import did_you_mean
from uma_reports.diagrams.model import Diagram, Preset

if TYPE_CHECKING:
    from uma_reports import RunRecord

_MOST = 200
_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?", re.ASCII)


class Form(StrEnum):
    """How a diagram is written."""

    SVG = "svg"
    MERMAID = "mermaid"


_SUFFIXES = {".svg": Form.SVG, ".mmd": Form.MERMAID, ".mermaid": Form.MERMAID}


def diagram(  # noqa: PLR0913 - each is an option of the command
    recorded: Recorded,
    row: Annotated[
        str,
        typer.Option(
            "--row",
            metavar="ID",
            help="Draw what decided about a row, such as G-3.3.6-02.",
            show_default=False,
        ),
    ] = "",
    probe: Annotated[
        str,
        typer.Option(
            "--probe", metavar="NAME", help="Draw all that a probe recorded.", show_default=False
        ),
    ] = "",
    exchange: Annotated[
        list[str] | None,
        typer.Option(
            "--exchange",
            metavar="NUMBER",
            help="Draw this exchange, or those of a range such as 12-30. Repeat it for others.",
            show_default=False,
        ),
    ] = None,
    preset: Annotated[
        Preset,
        typer.Option(
            help="What to show: as the figure of the Grant, as those of FedAuthz, or all."
        ),
    ] = Preset.FULL,
    form: Annotated[
        Form | None,
        typer.Option(
            "--form",
            help="SVG or Mermaid; without it, the end of the name of the file says it, or SVG.",
            show_default=False,
        ),
    ] = None,
    out: Out = None,
) -> None:
    """Draw recorded exchanges as a sequence diagram, as SVG or as Mermaid text.

    Lanes are the parties, by their roles. Arrows tell the endpoint, tickets by number, error codes
    and scopes; those that failed a row carry its id.

    Exit status: 0, or 2 for usage.
    """
    from uma_reports.diagrams import mermaid, svg  # noqa: PLC0415 - the other commands do without

    if sum(map(bool, (row, probe, exchange))) > 1:
        fail("--row, --probe and --exchange each say what to draw; give one of them")
    drawn = _drawn(recorded_run(recorded), row, probe, exchange or [], preset)
    if not drawn.arrows:
        fail(f"the preset {preset} shows none of these exchanges; try --preset full")
    chosen = form or (_SUFFIXES.get(out.suffix.lower()) if out else None) or Form.SVG
    text = mermaid(drawn) if chosen is Form.MERMAID else svg(drawn, alone=True)
    put(text, out)


def _drawn(run: "RunRecord", row: str, probe: str, ranges: list[str], preset: Preset) -> Diagram:
    from uma_reports.diagrams.evidence import Evidence  # noqa: PLC0415 - as above

    evidence = Evidence(run)
    if row:
        found = next((item for item in run.rows if item.id == row), None)
        if found is None:
            near = did_you_mean(row, (item.id for item in run.rows))
            fail(f"--row {row}: the run has no row of this id{near}")
        if not found.exchanges:
            fail(f"--row {row}: the run recorded no exchange for it; it is {found.outcome}")
        return evidence.row(found, preset)
    numbers = [item.number for item in run.exchanges]
    title = f"Exchanges of {run.target.name}"
    if probe:
        probes = dict.fromkeys(item.probe for item in run.exchanges)
        if probe not in probes:
            fail(f"--probe {probe}: the run has no probe of this name{did_you_mean(probe, probes)}")
        numbers = [item.number for item in run.exchanges if item.probe == probe]
        title = f"Exchanges of the probe {probe}"
    if ranges:
        wanted = _numbers(ranges)
        numbers = [number for number in numbers if number in wanted]
        title = f"Exchanges {', '.join(ranges)}"
    if not numbers:
        fail("the run has none of these exchanges")
    if len(numbers) > _MOST:
        fail(
            f"{len(numbers)} exchanges are too many for one diagram, {_MOST} are possible; "
            "say which with --row, --probe or --exchange"
        )
    return evidence.numbers(numbers, title, preset)


def _numbers(ranges: list[str]) -> set[int]:
    found: set[int] = set()
    for item in ranges:
        match = _RANGE.fullmatch(item)
        if match is None:
            fail(f"--exchange {item}: give a number, or a range such as 12-30")
        first, last = int(match[1]), int(match[2] or match[1])
        if last - first > 1_000_000 or last < first:
            fail(f"--exchange {item}: the range goes from a number to a higher one")
        found |= set(range(first, last + 1))
    return found
