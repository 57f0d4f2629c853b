"""`uma2 mutants`: recorded answers of the reference, changed in one thing and judged anew."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from uma_conformance.cli.exits import fail

if TYPE_CHECKING:
    from uma_conformance.mutants.judging import Judged

_HOLES = 1


def mutants(
    *,
    survivors: Annotated[
        bool, typer.Option("--survivors", help="List each survivor with its reason.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Keep the numbers for later reports.")
    ] = False,
) -> None:
    """Change one thing in all recorded answers of a kind, and see whether the verdicts change.

    Each mutant is a server that, for example, always leaves out one member of one answer. It is
    killed when a row fails, noticed when a row stays open or is remarked on, and equivalent when a
    rule says why it is as good as the original.

    Exit status: 0, or 1 when a mutant survives without a reason or breaks code of the suite.
    """
    # Imported late: the other commands do not need the server in their process.
    from uma_conformance.kill_matrix import UNMODIFIED, judged_run  # noqa: PLC0415 - see above
    from uma_conformance.mutants.judging import judge_mutants, mutated  # noqa: PLC0415 - see above
    from uma_conformance.suite.collection import checks_for  # noqa: PLC0415 - see above

    checks = checks_for("as")
    with Progress(console=Console(stderr=True), transient=True) as progress:
        driving = progress.add_task("Driving the reference", total=None)
        with judged_run(UNMODIFIED) as run:
            evidence, declaration = run.evidence, run.declaration
        progress.remove_task(driving)
        total = sum(1 for _ in mutated(evidence))
        task = progress.add_task("Judging mutants", total=total)
        found: list[Judged] = []
        for item in judge_mutants(evidence, declaration, checks):
            found.append(item)
            progress.advance(task)
    console = Console()
    status = _told(found, console, survivors=survivors)
    if write:
        _keep(found, console)
    raise typer.Exit(status)


def _keep(found: "list[Judged]", console: Console) -> None:
    from uma_conformance.oracle.load import MUTANTS  # noqa: PLC0415 - as above
    from uma_conformance.proving import keep, mutants_text  # noqa: PLC0415 - as above
    from uma_reports import ReportError  # noqa: PLC0415 - as above

    try:
        path = keep(MUTANTS, mutants_text(found))
    except ReportError as error:
        fail(f"the numbers: {error}")
    console.print(f"Written to {path}", markup=False, soft_wrap=True)


def _told(found: "list[Judged]", console: Console, *, survivors: bool) -> int:
    from uma_conformance.mutants.equivalents import reason_of  # noqa: PLC0415 - as above
    from uma_conformance.mutants.judging import Fate  # noqa: PLC0415 - as above

    fates = Counter(item.fate for item in found)
    reasons: Counter[str] = Counter()
    holes: list[str] = []
    for item in found:
        if item.fate is Fate.SURVIVED:
            reason = reason_of(item.mutant)
            reasons[reason] += 1
            if not reason:
                holes.append(item.mutant.words)
            elif survivors:
                console.print(f"{item.mutant.words}: {reason}", markup=False, soft_wrap=True)
    table = Table("mutants", "what became of them")
    table.add_row(str(fates[Fate.KILLED]), "killed: a row fails")
    table.add_row(str(fates[Fate.NOTICED]), "noticed: a row stays open, or is remarked on")
    for reason, number in reasons.most_common():
        if reason:
            table.add_row(str(number), f"equivalent: {reason}")
    console.print(table)
    broken = [f"{item.mutant.words}: {item.broke}" for item in found if item.broke]
    for line in (*(f"survived: {hole}" for hole in holes), *broken):
        console.print(line, markup=False, soft_wrap=True)
    console.print(f"{len(found)} mutants, {len(holes)} survived without a reason")
    return _HOLES if holes or broken else 0
