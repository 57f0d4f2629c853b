"""Running the authorization server as a program over TLS."""

import argparse
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO

from starlette.types import ASGIApp

from uma_reference.authorization_server.app import create_app
from uma_reference.authorization_server.clock import AdjustableClock, SystemClock, SystemRandomness
from uma_reference.authorization_server.config import Config, RptFormat
from uma_reference.authorization_server.signing import signer_of
from uma_reference.authorization_server.store import StoreError, in_memory, open_store
from uma_reference.config_reader import ConfigError
from uma_reference.listening import Program, UsageError, parser_of, run_program


def run(arguments: Sequence[str], stdin: IO[str], stdout: IO[str], stderr: IO[str]) -> int:
    """Run the server until it is stopped; return the exit status."""
    parser = parser_of(
        "python -m uma_reference.authorization_server",
        "Run the UMA 2.0 reference authorization server over TLS.",
    )
    parser.add_argument(
        "--database",
        metavar="URL",
        default="memory:",
        help="sqlite:///FILE or postgresql://USER@HOST/DATABASE; by default memory:",
    )
    parser.add_argument("--workers", metavar="N", type=int, default=1, help="processes that serve")
    program = Program(parser, "issuer", _prepare, lifespan="on", factory=True)
    return run_program(program, arguments, stdin, stdout, stderr)


@dataclass(frozen=True, slots=True)
class Worker:
    """Makes the application of one process; what it holds can be sent to another one."""

    config: Config
    database: str

    def __call__(self) -> ASGIApp:
        """Open the store and return the application, which closes it when it ends."""
        keeper = open_store(self.database)
        clock = AdjustableClock() if self.config.controls else SystemClock()
        app = create_app(self.config, keeper, clock, SystemRandomness())

        @asynccontextmanager
        async def closing(app: object) -> AsyncGenerator[None]:
            del app
            yield
            keeper.close()

        app.router.lifespan_context = closing
        return app


def _prepare(document: object, options: argparse.Namespace) -> tuple[Worker, dict[str, object]]:
    config = Config.from_document(document)
    database: str = options.database
    if options.workers < 1:
        raise UsageError("--workers: at least one has to serve")
    if options.workers > 1 and in_memory(database):
        raise UsageError("--workers: several need a --database that they share")
    if options.workers > 1 and not config.signing_key_file and config.rpt_format is RptFormat.JWT:
        raise ConfigError("signing_key_file: several --workers need one key for JWT RPTs")
    # What is wrong with the key is told here, and not by each worker.
    signer_of(config.signing_key_file)
    if options.workers > 1 and config.controls:
        raise ConfigError("controls: they move the clock of one process; leave out --workers")
    try:
        # What is wrong with a database is told here, and its tables are there for all workers.
        open_store(database).close()
    except StoreError as error:
        raise UsageError(f"--database: {error}") from None
    return Worker(config, database), {"issuer": config.issuer}
