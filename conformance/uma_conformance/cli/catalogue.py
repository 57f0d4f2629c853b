"""`uma2 catalogue`: every requirement of both specifications, listed or explained."""

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from uma_conformance.catalogue import (
    Catalogue,
    Keyword,
    Requirement,
    Role,
    Selection,
    Severity,
    Spec,
    load_catalogue,
)
from uma_conformance.cli.exits import fail
from uma_conformance.near import did_you_mean
from uma_conformance.suite.collection import PACKAGES, checks_for


class Form(StrEnum):
    """How a list is printed."""

    TABLE = "table"
    IDS = "ids"
    JSON = "json"


def catalogue(  # noqa: PLR0913 - one option for each filter
    requirement: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Requirements to explain, such as G-3.3.6-13."),
    ] = None,
    *,
    role: Annotated[
        Role | None, typer.Option(help="Rows that bind this party, or are seen on its side.")
    ] = None,
    section: Annotated[
        str, typer.Option(metavar="SECTION", help="A section with its subsections, such as 3.3.")
    ] = "",
    spec: Annotated[Spec | None, typer.Option(help="One of the two specifications.")] = None,
    keyword: Annotated[
        str, typer.Option(metavar="KEYWORD", help="MUST, 'MUST NOT', SHOULD, MAY, NONE, …")
    ] = "",
    severity: Annotated[
        Severity | None, typer.Option(help="What failing it means for a claim.")
    ] = None,
    needs: Annotated[
        str, typer.Option(metavar="FEATURE", help="Rows that need an optional feature.")
    ] = "",
    observable: Annotated[
        bool | None,
        typer.Option("--observable/--not-observable", help="Can be seen from outside, or not."),
    ] = None,
    trap: Annotated[
        str,
        typer.Option(metavar="TRAP", help="Explain what is easily read past; 'all' lists it."),
    ] = "",
    form: Annotated[Form, typer.Option("--format", help="How to print a list.")] = Form.TABLE,
) -> None:
    """List the requirements of UMA 2.0, filtered, or explain single ones.

    Exit status: 0, or 2 when an id, section, keyword, feature or trap does not exist.
    """
    rows = load_catalogue()
    console = Console()
    if trap:
        # Imported late: it is needed for this alone.
        from uma_conformance.cli.traps import show_trap  # noqa: PLC0415 - see above

        show_trap(trap, console)
        return
    if requirement:
        for number, name in enumerate(requirement):
            if number:
                console.print()
            _explain(_find(rows, name), console)
        return
    selection = Selection(
        role=role,
        spec=spec,
        section=_section(rows, section),
        keyword=_keyword(keyword),
        severity=severity,
        needs=_feature(rows, needs),
        observable=observable,
    )
    _list(tuple(rows.select(selection)), role, form, console, len(rows))


def _find(rows: Catalogue, name: str) -> Requirement:
    exact = {row.id.lower(): row for row in rows}
    found = exact.get(name.lower())
    if found is None:
        near = did_you_mean(name, (row.id for row in rows))
        fail(f"{name}: there is no such requirement{near}")
    return found


def _section(rows: Catalogue, wanted: str) -> str:
    section = wanted.strip().rstrip(".")
    known = sorted({row.section for row in rows})
    if section and not any(f"{name}.".startswith(f"{section}.") for name in known):
        fail(f"--section {wanted}: no requirement stands there; sections: {', '.join(known)}")
    return section


def _keyword(wanted: str) -> Keyword | None:
    if not wanted:
        return None
    try:
        return Keyword(" ".join(wanted.upper().split()))
    except ValueError:
        fail(f"--keyword {wanted}: not one of {', '.join(map(str, Keyword))}")


def _feature(rows: Catalogue, wanted: str) -> str:
    known = sorted({name for row in rows for name in row.needs})
    if wanted and wanted not in known:
        fail(f"--needs {wanted}: not one of {', '.join(known)}")
    return wanted


def _list(
    rows: Sequence[Requirement], role: Role | None, form: Form, console: Console, total: int
) -> None:
    if form is Form.IDS:
        for row in rows:
            typer.echo(row.id)
        return
    if form is Form.JSON:
        typer.echo(json.dumps([_document(row, role) for row in rows], indent=2, ensure_ascii=False))
        return
    table = Table("id", "keyword", "role", "severity", "requirement")
    for row in rows:
        table.add_row(
            row.id,
            str(row.keyword),
            str(row.role),
            str(row.severity_for(role or row.role)),
            escape(row.statement),
        )
    console.print(table)
    console.print(f"{len(rows)} of {total} requirements")


def _document(row: Requirement, role: Role | None) -> dict[str, object]:
    viewed = role or row.role
    return {
        "id": row.id,
        "spec": str(row.spec),
        "section": row.section,
        "keyword": str(row.keyword),
        "role": str(row.role),
        "needs": list(row.needs),
        "severity": str(row.severity_for(viewed)),
        "observable": row.observable_for(viewed),
        "statement": row.statement,
        "link": row.link,
    }


def _explain(row: Requirement, console: Console) -> None:
    title = {Spec.GRANT: "UMA 2.0 Grant", Spec.FEDAUTHZ: "UMA 2.0 Federated Authorization"}
    console.print(f"[bold]{row.id}[/bold]  {title[row.spec]}, section {row.section}")
    console.print(escape(row.statement), highlight=False)
    console.print(row.link, soft_wrap=True)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in _parts(row):
        table.add_row(f"[dim]{name}[/dim]", escape(value))
    console.print(table, highlight=False)


def _parts(row: Requirement) -> list[tuple[str, str]]:
    binds = f"{row.keyword}: {row.severity_for(row.role)} for a target of role {row.role}"
    parts = [("binds", binds), ("needs", ", ".join(row.needs) or "no optional feature")]
    if row.ruling:
        reading = f" ({row.ruling.reading})" if row.ruling.reading else ""
        parts.append(("ruling", f"{row.ruling.severity}{reading}: {row.ruling.reason}"))
    if row.judged_by:
        parts.append(("judged by", row.judged_by))
    if row.not_observable:
        parts.append(("not judged", row.not_observable))
    if row.as_side:
        parts.append(("AS side", f"{row.as_side.severity}: {row.as_side.judged_by}"))
        parts.append(("", row.as_side.reason))
    parts.append(("failing it", row.failing_means))
    checks = [item.name for role in PACKAGES for item in checks_for(role) if row.id in item.rows]
    parts.append(("checks", "\n".join(checks) or "none in this version"))
    return parts
