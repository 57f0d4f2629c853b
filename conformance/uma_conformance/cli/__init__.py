"""The command line: `uma2`."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import typer

# Where each command is, so that a command need not wait for what the others import.
_COMMANDS: Mapping[str, str] = {
    "certify": "certify",
    "judge": "judge",
    "doctor": "doctor",
    "init": "init",
    "diagram": "diagram",
    "licences": "licences",
    "replay": "replay",
    "catalogue": "catalogue",
    "faults": "faults",
    "mutants": "mutants",
    "hash-password": "hash_password",
}
_GROUPS: Mapping[str, tuple[str, str]] = {
    "client": ("client", "client_commands"),
    "explore": ("explore", "explore_commands"),
    "serve": ("serve", "serve_commands"),
}


def application(only: str = "") -> typer.Typer:
    """Return the command line application with all its commands, or with one that is named."""
    app = typer.Typer(
        name="uma2",
        help="Certify implementations of UMA 2.0 (User-Managed Access).",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        # A command stays one of several, also when the others are not there.
        callback=_start,
    )
    known = [*_COMMANDS, *_GROUPS]
    for name in [only] if only in known else known:
        if name in _COMMANDS:
            app.command(name)(_found(_COMMANDS[name], _COMMANDS[name]))
        else:
            app.add_typer(_found(*_GROUPS[name])(), name=name)
    return app


def _start() -> None:
    """Certify implementations of UMA 2.0 (User-Managed Access)."""


def _found(module: str, name: str) -> Callable[..., Any]:  # Any: commands have options of their own
    function: Callable[..., Any] = getattr(import_module(f"uma_conformance.cli.{module}"), name)
    return function


def main() -> None:
    """Run the command line."""
    application(next(iter(sys.argv[1:]), ""))()
