"""The run record in a terminal: a table by section, what needs attention, and the claim."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from uma_reports.attention import findings
from uma_reports.exploration import Exploration, extent
from uma_reports.known import Baseline
from uma_reports.packs.terminal import print_packs
from uma_reports.proof import proof_of
from uma_reports.record import Counts, Outcome, Row, RunRecord, Severity, Spec
from uma_reports.scenarios.terminal import print_scenarios
from uma_reports.visible import one_line
from uma_reports.wording import OUTCOME_NAMES, SPEC_NAMES, counted

_STYLES = {Outcome.PASSED: "green", Outcome.FAILED: "bold red", Outcome.CANT_TELL: "yellow"}
_HEADS = {**OUTCOME_NAMES, Outcome.CANT_TELL: "cannot\ntell", Outcome.INAPPLICABLE: "inappl."}
_CLAIM_STYLES: dict[bool | None, str] = {True: "bold green", False: "bold red", None: "bold yellow"}


def print_summary(record: RunRecord, console: Console) -> None:
    """Print the table, one line per row that failed or stayed open, and the claim.

    Nothing that a target said can act on the terminal. Lines are cut to the width of a terminal,
    and stay whole in a pipe or a file.
    """
    console.print(_table(record))
    found = findings(record)
    known = record.known
    for row in (*found.failed, *found.still_open, *found.warnings):
        line = _line(row, known=row.id in known)
        if console.is_terminal:
            console.print(line, no_wrap=True, overflow="ellipsis")
        else:
            console.print(line, soft_wrap=True)
    if found.failed or found.still_open or found.warnings:
        console.print()
    console.print(
        Text(one_line(record.claim.sentence), style=_CLAIM_STYLES[record.claim.conformant]),
        soft_wrap=not console.is_terminal,
    )
    if record.baseline:
        _print_baseline(record.baseline, console)
    if record.oracle:
        console.print(
            Text(one_line(proof_of(record)), style="dim"), soft_wrap=not console.is_terminal
        )
    if record.exploration:
        _print_exploration(record.exploration, console)
    print_packs(record, console)
    print_scenarios(record, console)


def _print_exploration(explored: Exploration, console: Console) -> None:
    for item in explored.counterexamples:
        state = "counterexample" if item.reproduced else "seen once"
        first = item.message.partition("\n")[0]
        head = Text.assemble(
            (f"\n{state}", "bold red" if item.reproduced else "yellow"),
            f" {one_line(' '.join(item.rows))} {one_line(first)} ({one_line(item.file)})",
        )
        console.print(head, soft_wrap=True)
        for number, step in enumerate(item.steps, 1):
            line = f"  {number:>2}. {one_line(step.words)} → {one_line(step.outcome)}"
            console.print(Text(line), soft_wrap=True)
    for what, why in explored.missing.items():
        console.print(
            Text(f"not explored: {one_line(what)}: {one_line(why)}", "dim"), soft_wrap=True
        )
    console.print(Text(one_line(extent(explored))), soft_wrap=True)
    console.print(
        Text(f"The same walks again: {one_line(explored.options)}", "dim"), soft_wrap=True
    )


def _print_baseline(baseline: Baseline, console: Console) -> None:
    for entry in baseline.problems:
        line = Text(f"baseline: {entry.standing}: ", style="bold red")
        console.print(line.append(one_line(entry.message), style=""), soft_wrap=True)
    for entry in baseline.set_aside:
        console.print(Text(f"{entry.standing}: {one_line(entry.message)}", "dim"), soft_wrap=True)
    known = counted(len(baseline.known), "known failure")
    problems = counted(len(baseline.problems), "entry", "entries") + " to correct"
    console.print(
        Text(f"Baseline {one_line(baseline.source)}: {known}, {problems}"),
        soft_wrap=True,
    )


def _table(record: RunRecord) -> Table:
    table = Table(box=None, pad_edge=False, collapse_padding=True, header_style="bold")
    table.add_column("section", no_wrap=True)
    for head in ("planned", "judged", "silent", *(_HEADS[outcome] for outcome in Outcome)):
        table.add_column(head, justify="right", no_wrap=True)
    for spec in Spec:
        sections = [section for section in record.summary.sections if section.spec is spec]
        if sections:
            table.add_row(Text(SPEC_NAMES[spec], style="bold"))
        for section in sections:
            numbers = section.planned, section.judged, section.silent
            table.add_row(Text(f"  {one_line(section.section)}"), *_cells(numbers, section.counts))
    summary = record.summary
    numbers = summary.planned, summary.judged, summary.silent
    table.add_section()
    table.add_row(Text("all", style="bold"), *_cells(numbers, summary.outcomes))
    return table


def _cells(numbers: tuple[int, int, int], counts: Counts) -> list[Text]:
    planned, judged, silent = numbers
    cells = [Text(str(planned)), Text(str(judged)), Text(str(silent), "bold red" if silent else "")]
    for outcome in Outcome:
        number = counts.of(outcome)
        cells.append(Text(str(number), _STYLES.get(outcome, "") if number else "dim"))
    return cells


def _line(row: Row, *, known: bool) -> Text:
    if known:
        label, style = "known", "yellow"
    elif row.outcome is Outcome.FAILED and row.severity is Severity.ERROR:
        label, style = "failed", "bold red"
    elif row.outcome is Outcome.FAILED:
        label, style = str(row.severity), "yellow"
    else:
        label, style = OUTCOME_NAMES[row.outcome], "yellow"
    first = row.message.partition("\n")[0] or row.statement
    return Text.assemble(
        (f"{label:<11}", style), " ", (one_line(row.id), "bold"), " ", one_line(first)
    )
