"""`uma2 serve as`, `rs` and `client`: one role, with a configuration of yours."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Annotated

import typer

from uma_conformance.cli.serve_tls import check_listening, served_with, standard_folder
from uma_reference.authorization_server.serving import run as run_authorization_server
from uma_reference.client_app.serving import run as run_client
from uma_reference.resource_server.serving import run as run_resource_server

_Run = Callable[[Sequence[str], IO[str], IO[str], IO[str]], int]

Config = Annotated[
    Path, typer.Option("--config", metavar="FILE", help="Configuration, a JSON file.")
]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")]
Host = Annotated[str, typer.Option("--host", help="Address to listen on.")]
AllowRemote = Annotated[
    bool, typer.Option("--allow-remote", help="Listen on an address beyond loopback.")
]
Certificate = Annotated[
    Path | None, typer.Option("--tls-cert", metavar="PEM", help="Certificate chain.")
]
Key = Annotated[Path | None, typer.Option("--tls-key", metavar="PEM", help="Private key.")]
Database = Annotated[
    str,
    typer.Option(
        "--database", metavar="URL", help="sqlite:///FILE or postgresql://…; else memory."
    ),
]


def role_commands() -> typer.Typer:
    """Return the commands that serve one role."""
    app = typer.Typer(name="serve", help="Run the simulator, or one role of it.")
    app.command("as")(_authorization_server)
    app.command("rs")(_resource_server)
    app.command("client")(_client)
    return app


def _authorization_server(  # noqa: PLR0913 - these are the options of a command
    *,
    config: Config,
    port: Port = 8443,
    host: Host = "127.0.0.1",
    allow_remote: AllowRemote = False,
    tls_cert: Certificate = None,
    tls_key: Key = None,
    database: Database = "",
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Processes.")] = 1,
) -> None:
    """Run the authorization server."""
    more = [*_database(database), f"--workers={workers}"]
    _run(run_authorization_server, config, port, host, tls_cert, tls_key, more, allow=allow_remote)


def _resource_server(  # noqa: PLR0913 - these are the options of a command
    *,
    config: Config,
    port: Port = 8444,
    host: Host = "127.0.0.1",
    allow_remote: AllowRemote = False,
    tls_cert: Certificate = None,
    tls_key: Key = None,
    database: Database = "",
) -> None:
    """Run a resource server."""
    more = _database(database)
    _run(run_resource_server, config, port, host, tls_cert, tls_key, more, allow=allow_remote)


def _client(  # noqa: PLR0913 - these are the options of a command
    *,
    config: Config,
    port: Port = 8446,
    host: Host = "127.0.0.1",
    allow_remote: AllowRemote = False,
    tls_cert: Certificate = None,
    tls_key: Key = None,
) -> None:
    """Run the client as a web application."""
    _run(run_client, config, port, host, tls_cert, tls_key, [], allow=allow_remote)


def _database(database: str) -> list[str]:
    return [f"--database={database}"] if database else []


def _run(  # noqa: PLR0913 - what each of them has
    run: _Run,
    config: Path,
    port: int,
    host: str,
    certificate: Path | None,
    key: Path | None,
    more: Sequence[str],
    *,
    allow: bool,
) -> None:
    check_listening(host, certificate, key, allow_remote=allow)
    served = served_with(standard_folder(), certificate, key, host)
    arguments = [
        f"--config={config}",
        f"--host={host}",
        f"--port={port}",
        f"--tls-cert={served.certificate}",
        f"--tls-key={served.key}",
        *(["--allow-remote"] if allow else []),
        *more,
    ]
    raise typer.Exit(run(arguments, sys.stdin, sys.stdout, sys.stderr))
