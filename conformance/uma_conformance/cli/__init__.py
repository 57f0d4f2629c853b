"""The command line: `uma2`."""

import typer

from uma_conformance.cli.catalogue import catalogue
from uma_conformance.cli.certify import certify
from uma_conformance.cli.client import client_commands
from uma_conformance.cli.doctor import doctor
from uma_conformance.cli.faults import faults
from uma_conformance.cli.hash_password import hash_password
from uma_conformance.cli.judge import judge
from uma_conformance.cli.mutants import mutants
from uma_conformance.cli.serve import serve_commands


def application() -> typer.Typer:
    """Return the command line application with all its commands."""
    app = typer.Typer(
        name="uma2",
        help="Certify implementations of UMA 2.0 (User-Managed Access).",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for command in (certify, judge, doctor, catalogue, faults, mutants, hash_password):
        app.command()(command)
    app.add_typer(client_commands(), name="client")
    app.add_typer(serve_commands(), name="serve")
    return app


def main() -> None:
    """Run the command line."""
    application()()
