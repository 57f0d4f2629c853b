"""Servers of a replay keep their ports from the first moment to the last."""

import errno
import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from uma_conformance.replay.builtin.servers import HOST, Servers
from uma_conformance.target import trust
from uma_reference.listening import bind
from uma_reference.tls import Certificate, make_authority


@contextmanager
def placed(folder: Path) -> Generator[tuple[Servers, str, httpx.Client]]:
    certificate = make_authority(folder).issue(HOST)
    servers = Servers()
    try:
        url = servers.place("greeter", certificate, lambda url: PlainTextResponse(f"at {url}"))
        with httpx.Client(verify=trust(folder / "ca.pem"), trust_env=False) as http:
            yield servers, url, http
    finally:
        servers.close()


def test_a_server_is_told_where_it_is_and_serves_when_all_do(tmp_path: Path) -> None:
    with placed(tmp_path) as (servers, url, http):
        with pytest.raises(httpx.ConnectError):
            http.get(url)
        servers.start()
        assert http.get(url).text == f"at {url}"


def test_a_stopped_server_refuses_and_comes_back_at_its_port(tmp_path: Path) -> None:
    with placed(tmp_path) as (servers, url, http):
        servers.start()
        greeter = servers.known["greeter"]
        for _ in range(2):
            greeter.stop()
            with pytest.raises(httpx.ConnectError):
                http.get(url)
        greeter.start()
        assert http.get(url).text == f"at {url}"


@pytest.mark.parametrize("stopped", [False, True])
def test_nobody_else_gets_the_port_before_the_end(tmp_path: Path, *, stopped: bool) -> None:
    with placed(tmp_path) as (servers, _, _):
        port = servers.known["greeter"].port
        if stopped:
            servers.start()
            servers.known["greeter"].stop()
        with socket.socket() as other, pytest.raises(OSError, match="in use") as refused:
            other.bind((HOST, port))
        assert refused.value.errno == errno.EADDRINUSE
    bind(HOST, port).close()


def test_a_server_that_cannot_be_made_leaves_no_port_behind() -> None:
    ports: list[int] = []

    def broken(url: str) -> ASGIApp:
        ports.append(int(url.rpartition(":")[2]))
        raise LookupError("no application")

    servers = Servers()
    with pytest.raises(LookupError):
        servers.place("broken", Certificate(Path(), Path()), broken)
    assert not servers.known
    bind(HOST, ports[0]).close()
