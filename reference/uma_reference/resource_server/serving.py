"""Running the resource server as a program over TLS."""

import argparse
import ssl
from collections.abc import Sequence
from typing import IO

from starlette.types import ASGIApp

from uma_reference.client.transport import HttpxSender
from uma_reference.clock import SystemClock, SystemRandomness
from uma_reference.config_reader import ConfigError
from uma_reference.listening import Program, parser_of, run_program
from uma_reference.resource_server.app import create_app
from uma_reference.resource_server.config import Config
from uma_reference.resource_server.store import Store, StoreError, open_store

_AGENT = "uma2-resource-server"
# Clients wait while the authorization server is asked.
_SECONDS = 10.0


def run(arguments: Sequence[str], stdin: IO[str], stdout: IO[str], stderr: IO[str]) -> int:
    """Run the server until it is stopped; return the exit status."""
    parser = parser_of(
        "python -m uma_reference.resource_server",
        "Run the UMA 2.0 reference resource server over TLS.",
    )
    parser.add_argument(
        "--database",
        default="memory:",
        help="sqlite:///FILE or postgresql://…; without it, things end with the program",
    )
    program = Program(parser, "url", _prepare, lifespan="on")
    return run_program(program, arguments, stdin, stdout, stderr)


def _prepare(document: object, options: argparse.Namespace) -> tuple[ASGIApp, dict[str, object]]:
    config = Config.from_document(document)
    sender = HttpxSender(verify=_trust(config), seconds=_SECONDS, agent=_AGENT)
    store = _store(options.database, config.name)
    app = create_app(config, store, sender, SystemClock(), SystemRandomness())
    return app, {"url": config.url}


def _trust(config: Config) -> ssl.SSLContext:
    """Return what certificates of the authorization server are checked with."""
    if not config.ca_file:
        return ssl.create_default_context()
    try:
        return ssl.create_default_context(cafile=config.ca_file)
    except (OSError, ssl.SSLError):
        where = "authorization_server.ca_file"
        raise ConfigError(f"{where}: {config.ca_file}: no certificates can be read there") from None


def _store(address: str, name: str) -> Store:
    try:
        return open_store(address, name)
    except StoreError as error:
        raise ConfigError(f"--database: {error}") from None
