"""Running the server as a program: TLS, its own authority, start and end."""

import socket
import ssl
import stat
from collections.abc import Generator
from urllib.parse import urlsplit

import httpx
import pytest

from uma_reference.authorization_server import RunningServer, serve

WELL_KNOWN = "/.well-known/uma2-configuration"


@pytest.fixture(scope="module")
def running() -> Generator[RunningServer]:
    with serve({}) as server:
        yield server


def address(server: RunningServer) -> tuple[str, int]:
    parts = urlsplit(server.issuer)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port


def trusting(server: RunningServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.ca_file)


def client(server: RunningServer, trust: ssl.SSLContext) -> httpx.Client:
    return httpx.Client(base_url=server.issuer, verify=trust, trust_env=False)


def refused(server: RunningServer, trust: ssl.SSLContext) -> bool:
    with client(server, trust) as speaking:
        try:
            speaking.get(WELL_KNOWN)
        except httpx.ConnectError as error:
            return "CERTIFICATE_VERIFY_FAILED" in str(error)
    return False


def test_a_client_that_trusts_the_authority_is_answered(running: RunningServer) -> None:
    with client(running, trusting(running)) as speaking:
        answer = speaking.get(WELL_KNOWN)
    assert (answer.status_code, answer.json()["issuer"]) == (200, running.issuer)


def test_the_issuer_is_https_on_loopback(running: RunningServer) -> None:
    assert running.issuer.startswith("https://127.0.0.1:")


def test_the_certificate_also_names_localhost(running: RunningServer) -> None:
    port = address(running)[1]
    answer = httpx.get(
        f"https://localhost:{port}{WELL_KNOWN}", verify=trusting(running), trust_env=False
    )
    assert answer.status_code == 200


def test_a_client_that_does_not_trust_the_authority_is_refused(running: RunningServer) -> None:
    assert refused(running, ssl.create_default_context())


def test_the_authority_of_another_run_is_not_trusted(running: RunningServer) -> None:
    with serve({}) as other:
        assert refused(running, trusting(other))


def test_the_certificate_names_no_other_host(running: RunningServer) -> None:
    context = trusting(running)
    with (
        socket.create_connection(address(running), timeout=10) as plain,
        pytest.raises(ssl.SSLCertVerificationError, match="mismatch"),
    ):
        context.wrap_socket(plain, server_hostname="as.example")


def test_a_current_version_of_tls_is_spoken(running: RunningServer) -> None:
    context = trusting(running)
    with (
        socket.create_connection(address(running), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as spoken,
    ):
        assert spoken.version() in {"TLSv1.2", "TLSv1.3"}


def test_plain_http_gets_no_answer_of_the_application(running: RunningServer) -> None:
    received = b""
    with socket.create_connection(address(running), timeout=10) as plain:
        plain.sendall(f"GET {WELL_KNOWN} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        try:
            while chunk := plain.recv(4096):
                received += chunk
        except ConnectionResetError:
            pass
    assert b"HTTP/" not in received
    assert b"issuer" not in received


def test_without_controls_the_clock_cannot_be_moved(running: RunningServer) -> None:
    with client(running, trusting(running)) as speaking:
        assert speaking.post("/controls/clock", json={"advance": 1}).status_code == 404


def test_with_controls_the_clock_moves_forward() -> None:
    with serve({"controls": True}) as server, client(server, trusting(server)) as speaking:
        before = speaking.post("/controls/clock", json={"advance": 0}).json()["now"]
        after = speaking.post("/controls/clock", json={"advance": 3600}).json()["now"]
        assert 3600 <= after - before < 3660
        assert speaking.post("/controls/clock", json={"advance": -1}).status_code == 400


def test_nothing_is_left_after_the_block() -> None:
    with serve({}) as server:
        folder = server.ca_file.parent
        key = folder / "server.key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address(server), timeout=10)


def test_an_error_inside_of_the_block_ends_the_server_too() -> None:
    seen: list[RunningServer] = []

    def fail() -> None:
        with serve({}) as server:
            seen.append(server)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address(seen[0]), timeout=10)
