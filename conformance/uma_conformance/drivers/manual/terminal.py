"""Talking to somebody at a terminal."""

import sys
from getpass import getpass
from typing import Protocol

from uma_conformance.drivers.protocol import DriverError


class Terminal(Protocol):
    """Where somebody reads and answers."""

    def say(self, text: str) -> None:
        """Show a line."""
        ...

    def ask(self, question: str) -> str:
        """Return the line that is answered, without blanks around it."""
        ...

    def ask_secretly(self, question: str) -> str:
        """Return the line that is answered without showing it."""
        ...


class StandardTerminal:
    """The terminal that the command was started on; raise `DriverError` when there is none."""

    def __init__(self) -> None:
        if not sys.stdin.isatty():
            raise DriverError("driver.kind: 'manual' asks at a terminal, and this is none")

    def say(self, text: str) -> None:
        """Show a line."""
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def ask(self, question: str) -> str:
        """Return the line that is answered, without blanks around it."""
        try:
            return input(f"{question} ").strip()
        except EOFError:
            raise DriverError("driver.kind: the terminal was closed") from None

    def ask_secretly(self, question: str) -> str:
        """Return the line that is answered without showing it."""
        try:
            return getpass(f"{question} ").strip()
        except EOFError:
            raise DriverError("driver.kind: the terminal was closed") from None
