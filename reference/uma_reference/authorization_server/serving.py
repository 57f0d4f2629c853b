"""Running the authorization server as a program over TLS."""

import argparse
from collections.abc import Sequence
from typing import IO

from starlette.types import ASGIApp

from uma_reference.authorization_server.app import create_app
from uma_reference.authorization_server.clock import AdjustableClock, SystemClock, SystemRandomness
from uma_reference.authorization_server.config import Config
from uma_reference.authorization_server.store import MemoryStore
from uma_reference.listening import Program, parser_of, run_program


def run(arguments: Sequence[str], stdin: IO[str], stdout: IO[str], stderr: IO[str]) -> int:
    """Run the server until it is stopped; return the exit status."""
    parser = parser_of(
        "python -m uma_reference.authorization_server",
        "Run the UMA 2.0 reference authorization server over TLS.",
    )
    return run_program(Program(parser, "issuer", _prepare), arguments, stdin, stdout, stderr)


def _prepare(document: object, options: argparse.Namespace) -> tuple[ASGIApp, dict[str, object]]:
    del options
    config = Config.from_document(document)
    clock = AdjustableClock() if config.controls else SystemClock()
    app = create_app(config, MemoryStore(), clock, SystemRandomness())
    return app, {"issuer": config.issuer}
