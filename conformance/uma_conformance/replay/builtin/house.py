"""The servers of a built-in stage: started together, on one clock, and watched."""

import ssl
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.types import ASGIApp

from uma_conformance.replay.builtin.deployment import Deployment
from uma_conformance.replay.builtin.overhearing import Overheard, OverheardSender
from uma_conformance.replay.builtin.servers import HOST, Servers, Serving, free_port
from uma_conformance.replay.builtin.watch import Watch, Watched
from uma_reference.authorization_server import Config, MemoryStore, create_app
from uma_reference.client.transport import HttpxSender
from uma_reference.clock import AdjustableClock, SystemRandomness
from uma_reference.faults import Fault
from uma_reference.resource_server import Config as ResourceServerConfig
from uma_reference.resource_server import Core, app_of, put_together
from uma_reference.resource_server import MemoryStore as ResourceServerStore
from uma_reference.tls import make_authority
from uma_scenarios.model import Resource

_AUTHORIZATION_SERVER = "authorization server"


@dataclass(frozen=True, slots=True)
class House:
    """Running servers: `urls` and `cores` are those of resource servers, by their ids."""

    issuer: str
    urls: Mapping[str, str]
    cores: Mapping[str, Core]
    authorization_server: Serving
    clock: AdjustableClock
    watch: Watch
    overheard: Overheard
    verify: ssl.SSLContext

    def documents(self, server: str, owner: str) -> str:
        """Return where the documents of an owner are."""
        return f"{self.urls[server]}/owners/{owner}/documents"

    def place(self, resource: Resource) -> str:
        """Return where a resource is."""
        return f"{self.documents(resource.server, resource.owner)}/{resource.id}"


@contextmanager
def open_house(deployment: Deployment, fault: Fault | None = None) -> Generator[House]:
    """Start all servers of a scenario and stop them when the block ends."""
    scenario = deployment.scenario
    clock, watch = AdjustableClock(), Watch(frozenset(scenario.owners))
    overheard, servers = Overheard(), Servers()
    senders: list[HttpxSender] = []
    with TemporaryDirectory(prefix="uma-replay-") as folder:
        authority = make_authority(Path(folder))
        certificate = authority.issue(HOST, "localhost")
        verify = ssl.create_default_context(cafile=str(authority.certificate_file))
        issuer = f"https://{HOST}:{(port := free_port())}"
        app = _authorization_server(deployment.authorization_server(issuer), clock, fault)
        running = {
            _AUTHORIZATION_SERVER: Serving(
                certificate, Watched(app, watch, "the authorization server"), port
            )
        }
        urls: dict[str, str] = {}
        cores: dict[str, Core] = {}
        for server in scenario.servers.values():
            urls[server.id] = f"https://{HOST}:{(port := free_port())}"
            document = deployment.resource_server(
                server.id, urls[server.id], issuer, str(authority.certificate_file)
            )
            sender = HttpxSender(verify=verify, seconds=10.0, agent="uma2-resource-server")
            senders.append(sender)
            cores[server.id] = put_together(
                ResourceServerConfig.from_document(document),
                ResourceServerStore(),
                OverheardSender(sender, server.name, overheard),
                clock,
                SystemRandomness(),
            )
            app = Watched(app_of(cores[server.id]), watch, server.name)
            running[server.id] = Serving(certificate, app, port)
        try:
            servers.start(running)
            yield House(
                issuer,
                urls,
                cores,
                running[_AUTHORIZATION_SERVER],
                clock,
                watch,
                overheard,
                verify,
            )
        finally:
            for sender in senders:
                sender.close()
            servers.stop()


def _authorization_server(
    document: Mapping[str, object], clock: AdjustableClock, fault: Fault | None
) -> ASGIApp:
    config = Config.from_document(document)
    if fault is not None:
        return fault.app(config, MemoryStore(), clock, SystemRandomness())
    return create_app(config, MemoryStore(), clock, SystemRandomness())
