"""Exit statuses that all commands share, and how a command ends on bad input."""

from typing import NoReturn

import typer
from rich.console import Console

USAGE = 2


def fail(message: str) -> NoReturn:
    """Print a message to the error output and end with the status for usage or configuration."""
    Console(stderr=True).print(f"uma2: {message}", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(USAGE)
