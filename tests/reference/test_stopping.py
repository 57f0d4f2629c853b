"""Stopping the server by a signal: requests in flight are answered, and the status is 0."""

import json
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from uma_reference.tls import make_authority

FORM = b"grant_type=client_credentials&scope=uma_protection"
HEAD = (
    "POST /token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n"
    "Authorization: Basic cnMtYWxpY2U6cnMtYWxpY2Utc2VjcmV0\r\n\r\n"
)
Start = Callable[..., tuple["subprocess.Popen[str]", socket.socket]]


@pytest.fixture
def start(document: dict[str, object], tmp_path: Path) -> Generator[Start]:
    """Yield what starts the program and connects to it."""
    authority = make_authority(tmp_path)
    certificate = authority.issue("127.0.0.1")
    started: list[subprocess.Popen[str]] = []
    opened: list[socket.socket] = []

    def run(*arguments: str) -> tuple["subprocess.Popen[str]", socket.socket]:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "uma_reference.authorization_server", "--config=-"),
                f"--tls-cert={certificate.certificate_file}",
                f"--tls-key={certificate.key_file}",
                *arguments,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdin is not None
        assert process.stdout is not None
        served = {k: v for k, v in document.items() if k not in {"issuer", "controls"}}
        process.stdin.write(json.dumps(served) + "\n")
        process.stdin.flush()
        port = json.loads(process.stdout.readline())["port"]
        trust = ssl.create_default_context(cafile=authority.certificate_file)
        plain = socket.create_connection(("127.0.0.1", port), timeout=30)
        spoken = trust.wrap_socket(plain, server_hostname="127.0.0.1")
        opened.append(spoken)
        return process, spoken

    yield run
    for connection in opened:
        connection.close()
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_request_in_flight_is_answered(
    start: Start, sqlite_url: str, number: signal.Signals, workers: int
) -> None:
    process, connection = start(f"--database={sqlite_url}", f"--workers={workers}")
    connection.sendall(HEAD.format(len(FORM)).encode() + FORM[:10])
    # Nothing comes back: it waits for the rest.
    connection.settimeout(1)
    with pytest.raises(TimeoutError):
        connection.recv(1)
    connection.settimeout(30)
    process.send_signal(number)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=1)
    connection.sendall(FORM[10:])
    assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")
    connection.close()
    out, complaint = process.communicate(timeout=30)
    assert (process.returncode, out, complaint) == (0, "", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_client_that_keeps_its_connection_does_not_keep_the_server(
    start: Start, number: signal.Signals
) -> None:
    process, _ = start()
    process.send_signal(number)
    assert process.wait(timeout=30) == 0
