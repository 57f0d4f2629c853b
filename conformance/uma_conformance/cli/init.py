"""`uma2 init`: write a target file to start from."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from uma_conformance.cli.exits import fail
from uma_conformance.cli.output import put
from uma_conformance.drivers.choice import CHOICES
from uma_conformance.rehearsal import resources_to_set_up, states_wanted
from uma_conformance.starting_point import discover, quoted, starting_point
from uma_conformance.target import TargetError, parse_target, trust

_KEYCLOAK_REALM = "/realms/"


def init(
    issuer: Annotated[str, typer.Argument(help="The issuer of the server, an https URL.")],
    ca_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Authority that signed its certificate, in PEM form."),
    ] = None,
    driver: Annotated[
        str, typer.Option(help=f"Which driver to write for: {', '.join(CHOICES)}.")
    ] = "",
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="File to write.")] = Path(
        "target.toml"
    ),
) -> None:
    """Write a commented target file for a server, from its discovery document.

    Exit status: 0 when it was written, 2 otherwise. A file that is there is never overwritten.
    """
    kind = driver or ("keycloak" if _KEYCLOAK_REALM in issuer else "hook")
    if kind not in CHOICES:
        fail(f"--driver {kind}: there is no such driver; use one of {', '.join(CHOICES)}")
    if out.exists():
        fail(f"--out {out}: this file is there already; name another one, or remove it")
    if ca_file is not None and not ca_file.is_file():
        fail(f"--ca-file {ca_file}: there is no such file")
    try:
        document = discover(issuer, trust(ca_file))
        beside = os.path.relpath(ca_file, out.parent) if ca_file else ""
        text = starting_point(issuer, document, ca_file=beside, driver=kind)
        if kind == "table":
            text = f"{text}\n{resources_to_set_up(states_wanted())}"
        parse_target(text, str(out), out.parent)
    except TargetError as error:
        fail(str(error).replace("tls.ca_file", "--ca-file"))
    put(text, out, new=True)
    console = Console()
    console.print(f"Wrote {out}, with the driver {kind}.", markup=False, soft_wrap=True)
    if document.get("issuer") != issuer:
        console.print(
            f"Its discovery document names another issuer: {quoted(document.get('issuer'))}",
            markup=False,
            soft_wrap=True,
        )
    console.print(f"Fill in [driver], then run: uma2 doctor {out}", markup=False, soft_wrap=True)
