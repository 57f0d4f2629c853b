"""Where the servers of the demonstration listen, and starting them in order."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from uma_reference.demo.deployment import (
    SERVERS,
    Addresses,
    authorization_server,
    client_application,
    resource_server,
)
from uma_reference.demo.kept import Kept
from uma_reference.demo.programs import Programs
from uma_reference.listening import bind

_COUNT = 2 + len(SERVERS)


@dataclass(frozen=True, slots=True)
class Places:
    """The address to listen on, the ports there, and the addresses that people use."""

    host: str
    ports: tuple[int, ...]
    addresses: Addresses

    @classmethod
    def of(cls, host: str, name: str, first: int) -> "Places":
        """Return places from a first port on, or at free ports for 0; raise `OSError`."""
        ports = _free(host, range(first, first + _COUNT) if first else [0] * _COUNT)
        shown = f"[{name}]" if ":" in name else name
        urls = [f"https://{shown}:{port}" for port in ports]
        addresses = Addresses(urls[0], dict(zip(SERVERS, urls[1:-1], strict=True)), urls[-1])
        return cls(host, ports, addresses)


@dataclass(frozen=True, slots=True)
class Settings:
    """How the servers run: certificate and key, the authority to trust, folder, and database."""

    certificate: Path
    key: Path
    authority: Path | None
    folder: Path
    database: str = ""
    workers: int = 1
    allow_remote: bool = False


def launch(programs: Programs, places: Places, kept: Kept, settings: Settings) -> None:
    """Start the authorization server, then the resource servers, then the client."""
    addresses = places.addresses
    database = [f"--database={settings.database}"] if settings.database else []
    workers = [f"--workers={settings.workers}"] if settings.workers > 1 else []
    programs.start(
        "authorization server",
        "uma_reference.authorization_server",
        [*_arguments(places, 0, settings), *database, *workers],
        authorization_server(addresses, kept),
    )
    for number, server in enumerate(SERVERS, 1):
        programs.start(
            f"resource server {server}",
            "uma_reference.resource_server",
            [*_arguments(places, number, settings), *database],
            resource_server(server, addresses, kept, settings.authority),
        )
    wallet = settings.folder / "client-wallet.json" if settings.database else None
    programs.start(
        "client",
        "uma_reference.client_app",
        _arguments(places, _COUNT - 1, settings),
        client_application(addresses, kept, settings.authority, wallet),
    )


def _arguments(places: Places, number: int, settings: Settings) -> list[str]:
    return [
        f"--host={places.host}",
        f"--port={places.ports[number]}",
        f"--tls-cert={settings.certificate}",
        f"--tls-key={settings.key}",
        *(["--allow-remote"] if settings.allow_remote else []),
    ]


def _free(host: str, wanted: Sequence[int]) -> tuple[int, ...]:
    """Return the ports if all can be listened on, with any free one for a 0; raise `OSError`."""
    with ExitStack() as opened:
        probes = [opened.enter_context(bind(host, port)) for port in wanted]
        return tuple(int(probe.getsockname()[1]) for probe in probes)
