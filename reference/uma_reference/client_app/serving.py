"""Running the client application as a program over TLS."""

import argparse
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from starlette.types import ASGIApp

from uma_reference.client import FileWallet, HttpxSender, MemoryWallet, Wallet, WalletError
from uma_reference.client_app.app import create_app
from uma_reference.client_app.config import Config
from uma_reference.clock import SystemClock, SystemRandomness
from uma_reference.config_reader import ConfigError
from uma_reference.listening import Program, parser_of, run_program


def run(arguments: Sequence[str], stdin: IO[str], stdout: IO[str], stderr: IO[str]) -> int:
    """Run the application until it is stopped; return the exit status."""
    parser = parser_of(
        "python -m uma_reference.client_app",
        "Run the UMA 2.0 reference client as a web application over TLS.",
    )
    return run_program(Program(parser, "base", _prepare), arguments, stdin, stdout, stderr)


def _prepare(document: object, options: argparse.Namespace) -> tuple[ASGIApp, dict[str, object]]:
    del options
    config = Config.from_document(document)
    sender = HttpxSender(verify=_trust(config))
    app = create_app(config, sender, _wallet(config), SystemClock(), SystemRandomness())
    return app, {"base": config.base}


def _trust(config: Config) -> ssl.SSLContext:
    """Return what certificates of other servers are checked with."""
    try:
        return ssl.create_default_context(cafile=config.ca_file or None)
    except (OSError, ssl.SSLError):
        raise ConfigError(f"ca_file: {config.ca_file}: no certificates can be read there") from None


def _wallet(config: Config) -> Wallet:
    if not config.wallet:
        return MemoryWallet()
    wallet = FileWallet(Path(config.wallet))
    try:
        wallet.read()
    except WalletError as error:
        raise ConfigError(f"wallet: {error}") from None
    return wallet
