"""What the programs share: arguments, the configuration document, a socket, serving over TLS."""

import argparse
import json
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from uma_reference.config_reader import ConfigError
from uma_reference.names import LOOPBACK

# How long requests in flight are waited for, and clients that keep an idle connection.
_GRACE_SECONDS = 5


class UsageError(Exception):
    """An argument does not do; the message names it."""


@dataclass(frozen=True, slots=True)
class Program:
    """A server as a program.

    `prepare` makes the application and the line that tells that it listens, from the configuration
    and the arguments; it raises `ConfigError` and `UsageError`. `url_member` is filled in from host
    and port when the configuration leaves it out. With `factory`, `prepare` gives what makes the
    application: it can be pickled, and is called in each of the processes that the argument
    `workers` asks for.
    """

    parser: argparse.ArgumentParser
    url_member: str
    prepare: Callable[
        [object, argparse.Namespace], tuple[ASGIApp | Callable[[], ASGIApp], dict[str, object]]
    ]
    lifespan: Literal["on", "off"] = "off"
    factory: bool = False


def parser_of(program: str, description: str) -> argparse.ArgumentParser:
    """Return a parser with the arguments that all servers have."""
    parser = argparse.ArgumentParser(prog=program, description=description)
    parser.add_argument("--config", required=True, help="configuration as a JSON file, or -")
    parser.add_argument("--tls-cert", required=True, help="certificate chain in PEM form")
    parser.add_argument("--tls-key", required=True, help="private key in PEM form")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--allow-remote", action="store_true", help="listen on an address beyond loopback"
    )
    return parser


def run_program(
    program: Program, arguments: Sequence[str], stdin: IO[str], stdout: IO[str], stderr: IO[str]
) -> int:
    """Run a server until it is stopped; return the exit status."""
    options = program.parser.parse_args(arguments)
    if options.host not in LOOPBACK and not options.allow_remote:
        print(f"{options.host} is not a loopback address; add --allow-remote", file=stderr)
        return 2
    try:
        text = (
            stdin.readline() if options.config == "-" else Path(options.config).read_text("utf-8")
        )
        document: object = json.loads(text)
        listener = listen(options.host, options.port)
    except (OSError, ValueError) as error:
        print(f"{options.config}: {error}", file=stderr)
        return 2
    with listener:
        return _run_at(program, listener, document, options, stdout, stderr)


def _run_at(  # noqa: PLR0913 - what a program has from outside
    program: Program,
    listener: socket.socket,
    document: object,
    options: argparse.Namespace,
    stdout: IO[str],
    stderr: IO[str],
) -> int:
    port: int = listener.getsockname()[1]
    if isinstance(document, dict):
        members = cast("dict[str, object]", document)
        host = f"[{options.host}]" if ":" in options.host else options.host
        members.setdefault(program.url_member, f"https://{host}:{port}")
        document = members
    try:
        app, ready = program.prepare(document, options)
    except ConfigError as error:
        print(f"{options.config}: {error}", file=stderr)
        return 2
    except UsageError as error:
        print(error, file=stderr)
        return 2
    print(json.dumps({**ready, "port": port}), file=stdout, flush=True)
    settings = uvicorn.Config(
        app,
        factory=program.factory,
        workers=options.workers if program.factory else 1,
        ssl_certfile=options.tls_cert,
        ssl_keyfile=options.tls_key,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        lifespan=program.lifespan,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    if settings.workers > 1:
        # It hands a signal on to the workers, and waits for them.
        Multiprocess(settings, sockets=[listener]).run()
    else:
        _run_until_stopped(uvicorn.Server(settings), listener)
    return 0


def _run_until_stopped(server: uvicorn.Server, listener: socket.socket) -> None:
    """Run until a signal has come and requests in flight are answered.

    The server takes signals itself and raises them once more when it is done, which must not end
    the process with the status of a failure.
    """

    def stop(number: int, frame: object) -> None:
        del number, frame
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        server.run(sockets=[listener])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; raise `OSError`."""
    listener = bind(host, port)
    try:
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that has an address and does not listen yet; raise `OSError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, connections do without Nagle's delay; asyncio looks at that.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener
