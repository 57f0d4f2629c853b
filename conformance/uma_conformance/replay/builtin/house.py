"""The servers of a built-in stage: started together, on one clock, and watched."""

import ssl
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.types import ASGIApp

from uma_conformance.replay.builtin.deployment import Deployment
from uma_conformance.replay.builtin.overhearing import Overheard, OverheardSender
from uma_conformance.replay.builtin.servers import HOST, Servers, Serving
from uma_conformance.replay.builtin.watch import Watch, Watched
from uma_reference.authorization_server import Config, MemoryStore, create_app
from uma_reference.client.transport import HttpxSender
from uma_reference.clock import AdjustableClock, SystemRandomness
from uma_reference.faults import Fault
from uma_reference.resource_server import Config as ResourceServerConfig
from uma_reference.resource_server import Core, app_of, put_together
from uma_reference.resource_server import MemoryStore as ResourceServerStore
from uma_reference.tls import make_authority
from uma_scenarios.model import Resource, Server

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
    with TemporaryDirectory(prefix="uma-replay-") as folder, ExitStack() as closing:
        closing.callback(servers.close)
        authority = make_authority(Path(folder))
        certificate = authority.issue(HOST, "localhost")
        verify = ssl.create_default_context(cafile=str(authority.certificate_file))
        cores: dict[str, Core] = {}

        def authorization_server(issuer: str) -> ASGIApp:
            app = _authorization_server(deployment.authorization_server(issuer), clock, fault)
            return Watched(app, watch, "the authorization server")

        issuer = servers.place(_AUTHORIZATION_SERVER, certificate, authorization_server)

        def resource_server(server: Server, url: str) -> ASGIApp:
            document = deployment.resource_server(
                server.id, url, issuer, str(authority.certificate_file)
            )
            sender = HttpxSender(verify=verify, seconds=10.0, agent="uma2-resource-server")
            closing.callback(sender.close)
            cores[server.id] = put_together(
                ResourceServerConfig.from_document(document),
                ResourceServerStore(),
                OverheardSender(sender, server.name, overheard),
                clock,
                SystemRandomness(),
            )
            return Watched(app_of(cores[server.id]), watch, server.name)

        urls = {
            server.id: servers.place(server.id, certificate, partial(resource_server, server))
            for server in scenario.servers.values()
        }
        servers.start()
        yield House(
            issuer,
            urls,
            cores,
            servers.known[_AUTHORIZATION_SERVER],
            clock,
            watch,
            overheard,
            verify,
        )


def _authorization_server(
    document: Mapping[str, object], clock: AdjustableClock, fault: Fault | None
) -> ASGIApp:
    config = Config.from_document(document)
    if fault is not None:
        return fault.app(config, MemoryStore(), clock, SystemRandomness())
    return create_app(config, MemoryStore(), clock, SystemRandomness())
