"""`uma2 serve`: the simulator with demonstration data, or one role with your configuration."""

import signal
import ssl
import threading
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table

from uma_conformance.cli.exits import fail
from uma_conformance.cli.serve_role import role_commands
from uma_conformance.cli.serve_tls import check_listening, served_with, standard_folder
from uma_reference.demo.cast import CAST
from uma_reference.demo.deployment import CLIENTS, CONNECTED, PEOPLE, SERVERS, Addresses
from uma_reference.demo.kept import Kept, keep
from uma_reference.demo.programs import ProgramFailed, Programs
from uma_reference.demo.running import Places, Settings, launch
from uma_reference.demo.seeding import NotSeeded, seed

_FAILED = 1
_SECONDS = 20.0


def serve_commands() -> typer.Typer:
    """Return `uma2 serve` with the commands for single roles."""
    app = role_commands()
    app.callback(invoke_without_command=True)(serve)
    return app


def serve(  # noqa: PLR0913 - these are the options of a command
    context: typer.Context,
    *,
    database: Annotated[
        str,
        typer.Option(
            "--database", metavar="URL", help="sqlite:///FILE or postgresql://…; else memory."
        ),
    ] = "",
    workers: Annotated[
        int,
        typer.Option("--workers", min=1, max=64, help="Processes of the authorization server."),
    ] = 1,
    port: Annotated[
        int,
        typer.Option("--port", min=0, max=65532, help="First of four ports; 0: any that are free."),
    ] = 8443,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    name: Annotated[str, typer.Option("--name", help="Host name in the addresses.")] = "localhost",
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Listen on an address beyond loopback.")
    ] = False,
    tls_cert: Annotated[
        Path | None, typer.Option("--tls-cert", metavar="PEM", help="Certificate chain.")
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option("--tls-key", metavar="PEM", help="Private key.")
    ] = None,
    tls_ca: Annotated[
        Path | None,
        typer.Option(
            "--tls-ca", metavar="PEM", help="Authority of --tls-cert, if the system lacks it."
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder",
            help="Where the local authority, passwords and secrets are kept.",
            show_default="a folder of yours",
        ),
    ] = None,
) -> None:
    """Run an authorization server, two resource servers and a client, ready to try.

    Addresses and logins are printed. Without a command after it, this serves demonstration data;
    the commands below run one role with a configuration of yours. Stop it with Ctrl-C.

    Exit status: 0 stopped, 1 a server failed, 2 usage or configuration.
    """
    if context.invoked_subcommand is not None:
        return
    check_listening(host, tls_cert, tls_key, allow_remote=allow_remote)
    place = folder or standard_folder()
    served = served_with(place, tls_cert, tls_key, name)
    try:
        kept = keep(place, PEOPLE, CLIENTS)
    except (OSError, ValueError) as error:
        fail(f"--folder {place}: {error}")
    trust = served.authority or tls_ca
    try:
        places = Places.of(host, name, port)
    except OSError as error:
        fail(f"--port {port}: it and the three after it have to be free: {error.strerror}")
    errors = Console(stderr=True)
    stopped = threading.Event()
    _stop_on_signals(stopped)
    settings = Settings(
        served.certificate, served.key, trust, place, database, workers, allow_remote
    )
    programs = Programs(lambda text: _say(errors, text))
    try:
        with errors.status("starting the servers"):
            launch(programs, places, kept, settings)
            with _http(trust) as http:
                seed(http, places.addresses, kept)
        _show(places.addresses, kept, place, trust)
        programs.watch(stopped)
    except (ProgramFailed, NotSeeded, httpx.HTTPError) as error:
        _say(errors, str(error))
        raise typer.Exit(_FAILED) from None
    finally:
        programs.stop()
    _say(errors, "stopped")


def _stop_on_signals(stopped: threading.Event) -> None:
    def stop(number: int, frame: object) -> None:
        del number, frame
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _http(trust: Path | None) -> httpx.Client:
    context = ssl.create_default_context(cafile=str(trust) if trust else None)
    return httpx.Client(verify=context, timeout=_SECONDS, trust_env=False)


def _show(addresses: Addresses, kept: Kept, folder: Path, trust: Path | None) -> None:
    console = Console()
    console.print("\nUMA 2.0 is being served. Stop it with Ctrl-C.\n", highlight=False)
    servers = Table("server", "address", box=None, pad_edge=False)
    servers.add_row("authorization server", f"{addresses.issuer}/my/resources")
    for server in SERVERS:
        servers.add_row(f"resource server {server}", addresses.servers[server])
    servers.add_row("client", addresses.client)
    console.print(servers)
    people = Table("sign in as", "password", "who it is", box=None, pad_edge=False)
    for person in CAST:
        people.add_row(person.id, kept.passwords[person.id], f"{person.name}, {person.part}")
    console.print()
    console.print(people)
    console.print(
        f"\n{CONNECTED} signs in at the authorization server to share. The others sign in at the "
        "client to open what is shared, and at the authorization server when it asks who they are.",
        highlight=False,
    )
    lab = addresses.servers["lab"]
    console.print(f"ben connects the lab at {lab}/owners/ben/connect", highlight=False)
    if trust is not None:
        console.print(
            f"Browsers warn unless they trust {trust}; commands take it as --ca-file.",
            highlight=False,
            soft_wrap=True,
        )
    console.print(f"Passwords and secrets are kept in {folder}.", highlight=False, soft_wrap=True)


def _say(errors: Console, text: str) -> None:
    errors.print(f"uma2: {text}", markup=False, highlight=False, soft_wrap=True)
