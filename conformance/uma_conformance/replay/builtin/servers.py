"""Servers of the reference in threads of this process, over TLS and real sockets."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import uvicorn
from starlette.types import ASGIApp

from uma_reference.listening import bind
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
    """One server, which keeps its port while it is stopped, and can be started again."""

    certificate: Certificate
    app: ASGIApp
    bound: socket.socket
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """Where it serves."""
        port: int = self.bound.getsockname()[1]
        return port

    def start(self) -> None:
        """Listen and serve; raise `StageFailed` when it does not come up."""
        try:
            self.bound.listen()
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
            target=server.run, kwargs={"sockets": [self.bound]}, name=f"server-{self.port}"
        )
        thread.start()
        ends = time.monotonic() + _START_SECONDS
        while not server.started:
            if not thread.is_alive() or time.monotonic() > ends:
                raise StageFailed(f"the server at port {self.port} does not start")
            time.sleep(0.01)
        self._server, self._thread = server, thread

    def stop(self) -> None:
        """Answer what is in flight, and refuse connections from then on; raise `StageFailed`.

        Nothing happens if it does not serve.
        """
        port = self.port
        if self._end():
            try:
                self.bound = bind(HOST, port)
            except OSError as error:
                raise StageFailed(f"port {port}: {error.strerror}") from error

    def close(self) -> None:
        """Answer what is in flight, stop for good and give the port back."""
        self._end()
        self.bound.close()

    def _end(self) -> bool:
        """Stop, with the end of the socket; tell whether it has served at all."""
        if self._server is None or self._thread is None:
            return False
        self._server.should_exit = True
        self._thread.join(_STOP_SECONDS)
        if self._thread.is_alive():
            self._server.force_exit = True
            self._thread.join(_STOP_SECONDS)
        self._server = self._thread = None
        return True


@dataclass(slots=True)
class Servers:
    """All servers of a replay, by name."""

    known: dict[str, Serving] = field(default_factory=dict[str, Serving])

    def place(self, name: str, certificate: Certificate, app_at: Callable[[str], ASGIApp]) -> str:
        """Give a server a port of its own and return its URL; it does not serve yet.

        `app_at` returns the application for that URL. Raise `OSError` when there is no port.
        """
        bound = bind(HOST, 0)
        try:
            url = f"https://{HOST}:{bound.getsockname()[1]}"
            self.known[name] = Serving(certificate, app_at(url), bound)
        except BaseException:
            bound.close()
            raise
        return url

    def start(self) -> None:
        """Start all servers; raise `StageFailed` when one does not come up."""
        for server in self.known.values():
            server.start()

    def close(self) -> None:
        """Stop all servers and give their ports back."""
        for server in self.known.values():
            server.close()
        self.known.clear()
