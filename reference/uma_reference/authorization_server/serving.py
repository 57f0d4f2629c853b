"""Running the authorization server as a program over TLS."""

import argparse
import json
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import IO, cast

import uvicorn

from uma_reference.authorization_server.app import create_app
from uma_reference.authorization_server.clock import AdjustableClock, SystemClock, SystemRandomness
from uma_reference.authorization_server.config import Config
from uma_reference.authorization_server.store import MemoryStore
from uma_reference.config_reader import ConfigError
from uma_reference.names import LOOPBACK


def run(arguments: Sequence[str], stdin: IO[str], stdout: IO[str], stderr: IO[str]) -> int:
    """Run the server until it is stopped; return the exit status."""
    options = _parser().parse_args(arguments)
    if options.host not in LOOPBACK and not options.allow_remote:
        print(f"{options.host} is not a loopback address; add --allow-remote", file=stderr)
        return 2
    try:
        text = (
            stdin.readline() if options.config == "-" else Path(options.config).read_text("utf-8")
        )
        document: object = json.loads(text)
        listener = _listen(options.host, options.port)
    except (OSError, ValueError) as error:
        print(f"{options.config}: {error}", file=stderr)
        return 2
    with listener:
        return _run_at(listener, document, options, stdout, stderr)


def _run_at(
    listener: socket.socket,
    document: object,
    options: argparse.Namespace,
    stdout: IO[str],
    stderr: IO[str],
) -> int:
    port: int = listener.getsockname()[1]
    if isinstance(document, dict):
        members = cast("dict[str, object]", document)
        members.setdefault("issuer", f"https://{options.host}:{port}")
        document = members
    try:
        config = Config.from_document(document)
    except ConfigError as error:
        print(f"{options.config}: {error}", file=stderr)
        return 2
    clock = AdjustableClock() if config.controls else SystemClock()
    app = create_app(config, MemoryStore(), clock, SystemRandomness())
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            ssl_certfile=options.tls_cert,
            ssl_keyfile=options.tls_key,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=True,
            lifespan="off",
        )
    )
    print(json.dumps({"issuer": config.issuer, "port": port}), file=stdout, flush=True)
    server.run(sockets=[listener])
    return 0


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, connections do without Nagle's delay; asyncio looks at that.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m uma_reference.authorization_server",
        description="Run the UMA 2.0 reference authorization server over TLS.",
    )
    parser.add_argument("--config", required=True, help="configuration as a JSON file, or -")
    parser.add_argument("--tls-cert", required=True, help="certificate chain in PEM form")
    parser.add_argument("--tls-key", required=True, help="private key in PEM form")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--allow-remote", action="store_true", help="listen on an address beyond loopback"
    )
    return parser
