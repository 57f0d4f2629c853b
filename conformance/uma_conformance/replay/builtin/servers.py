"""Servers of the reference in threads of this process, over TLS and real sockets."""

import asyncio
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import uvicorn
from starlette.types import ASGIApp

from uma_reference.listening import listen
from uma_reference.tls import Certificate
from uma_scenarios import StageFailed

HOST = "127.0.0.1"
_START_SECONDS = 20.0
_STOP_SECONDS = 10.0


class _Server(uvicorn.Server):
    """Ends connections at once when it stops: nothing is in flight then.

    Clients of a replay run in this process, and do not answer the end of TLS while they wait.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        # Transports tell of their end in the next round of the loop.
        await asyncio.sleep(0)
        await super().shutdown(sockets)


@dataclass(slots=True)
class Serving:
    """One server that listens; it can be stopped and started again at the same port."""

    certificate: Certificate
    app: ASGIApp
    port: int
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen and serve; raise `StageFailed` when it does not come up."""
        try:
            listener = listen(HOST, self.port)
        except OSError as error:
            raise StageFailed(f"port {self.port}: {error.strerror}") from error
        settings = uvicorn.Config(
            self.app,
            ssl_certfile=self.certificate.certificate_file,
            ssl_keyfile=self.certificate.key_file,
            log_level="critical",
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        server = _Server(settings)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name=f"server-{self.port}"
        )
        thread.start()
        ends = time.monotonic() + _START_SECONDS
        while not server.started:
            if not thread.is_alive() or time.monotonic() > ends:
                raise StageFailed(f"the server at port {self.port} does not start")
            time.sleep(0.01)
        self._server, self._thread = server, thread

    def stop(self) -> None:
        """Answer what is in flight and stop; nothing happens if it does not serve."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(_STOP_SECONDS)
        if self._thread.is_alive():
            self._server.force_exit = True
            self._thread.join(_STOP_SECONDS)
        self._server = self._thread = None


@dataclass(slots=True)
class Servers:
    """All servers of a replay, by name."""

    running: dict[str, Serving] = field(default_factory=dict[str, Serving])

    def start(self, servers: Mapping[str, Serving]) -> None:
        """Start servers and keep them."""
        for name, server in servers.items():
            server.start()
            self.running[name] = server

    def stop(self) -> None:
        """Stop all servers."""
        for server in self.running.values():
            server.stop()
        self.running.clear()


def free_port() -> int:
    """Return a port that nobody listens at right now."""
    with listen(HOST, 0) as probe:
        port: int = probe.getsockname()[1]
        return port
