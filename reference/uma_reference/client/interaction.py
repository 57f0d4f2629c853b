"""How a requesting party at this machine visits the claims interaction endpoint and comes back."""

import os
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Protocol
from urllib.parse import urlsplit

_PATH = "/returned"
_PAGE = (
    b"<!doctype html><html lang=en><meta charset=utf-8><title>Returned</title>"
    b"<p>You can close this window and go back to the program."
)


class NobodyReturned(Exception):  # noqa: N818 - the name of what happened
    """The requesting party did not come back in time."""


class Interaction(Protocol):
    """Sends the requesting party away and receives the return (Grant 3.3.2, 3.3.3)."""

    def visit(self, url: str) -> str:
        """Return the query of the claims redirection URI; raise `NobodyReturned`."""
        ...


class _Listener(HTTPServer):
    # Elsewhere than on POSIX systems this would let another program listen on the same port.
    allow_reuse_address = os.name == "posix"
    query: str | None = None


class _Handler(BaseHTTPRequestHandler):
    timeout = 1

    def do_GET(self) -> None:
        """Take the first return; everything else is not found."""
        parts = urlsplit(self.path)
        server = self.server
        here = f"127.0.0.1:{self.connection.getsockname()[1]}"
        # A page of another site that was given this address by DNS names another host.
        fits = parts.path == _PATH and self.headers.get("Host") == here and bool(parts.query)
        if fits and isinstance(server, _Listener) and server.query is None:
            server.query = parts.query
        self.send_response(200 if fits else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(_PAGE if fits else b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Log nothing: the query holds a ticket."""


class LoopbackInteraction:
    """Shows a URL, mostly by a browser, and listens on 127.0.0.1 for the return.

    The port is taken when the object is made; `port` 0 takes a free one. `seconds` is how long to
    wait for one return.
    """

    def __init__(
        self,
        show: Callable[[str], object],
        port: int = 0,
        seconds: float = 300,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._show = show
        self._seconds = seconds
        self._clock = clock
        self._server = _Listener(("127.0.0.1", port), _Handler)

    @property
    def claims_redirect_uri(self) -> str:
        """Where the authorization server sends the requesting party back to."""
        return f"http://127.0.0.1:{self._server.server_port}{_PATH}"

    def visit(self, url: str) -> str:
        """Show the URL and return the query of the return; raise `NobodyReturned`."""
        self._server.query = None
        self._server.timeout = 0.2
        self._show(url)
        ends = self._clock() + self._seconds
        while self._server.query is None:
            if self._clock() > ends:
                raise NobodyReturned("nobody came back from the authorization server")
            self._server.handle_request()
        return self._server.query

    def close(self) -> None:
        """Give the port back."""
        self._server.server_close()


def port_is_free(port: int) -> bool:
    """Tell whether a port of 127.0.0.1 can be listened on."""
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
