"""The server as a program that cannot start: what it says, and what it leaves behind."""

import socket
from collections.abc import Generator
from io import StringIO
from pathlib import Path

import pytest

from uma_reference.authorization_server import ServerDidNotStart, serve
from uma_reference.authorization_server.serving import run

READABLE = ["[]", "1", '{"owners": 1}', '{"issuer": "http://as.example"}']


@pytest.fixture(autouse=True)
def sockets(monkeypatch: pytest.MonkeyPatch) -> Generator[list[socket.socket]]:
    """Yield all sockets that are opened in this process, and close what is left open."""
    opened: list[socket.socket] = []

    class Recorded(socket.socket):
        def __init__(self, family: int, kind: int, protocol: int = 0) -> None:
            super().__init__(family, kind, protocol)
            opened.append(self)

    monkeypatch.setattr(socket, "socket", Recorded)
    yield opened
    for item in opened:
        item.close()


def started(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
    """Run the program in this process, with arguments by which it cannot start."""
    out, complaint = StringIO(), StringIO()
    every = ["--tls-cert=none.pem", "--tls-key=none.key", *arguments]
    status = run(every, StringIO(stdin), out, complaint)
    return status, out.getvalue(), complaint.getvalue()


def test_a_wrong_configuration_is_told_to_the_caller_of_serve() -> None:
    document: dict[str, object] = {"clients": [{"id": "x"}]}
    with pytest.raises(ServerDidNotStart, match=r"clients\[0\]\.secret"), serve(document):
        pass


@pytest.mark.parametrize("text", ["", "{", *READABLE])
def test_a_wrong_configuration_is_told_on_the_error_output(text: str) -> None:
    status, out, complaint = started("--config=-", stdin=text)
    assert (status, out) == (2, "")
    assert complaint.startswith("-: ")


@pytest.mark.parametrize("text", READABLE)
def test_a_wrong_configuration_leaves_no_socket_open(
    sockets: list[socket.socket], text: str
) -> None:
    started("--config=-", stdin=text)
    assert all(item.fileno() == -1 for item in sockets)


def test_a_missing_configuration_is_told(tmp_path: Path) -> None:
    status, out, complaint = started(f"--config={tmp_path / 'none.json'}")
    assert (status, out) == (2, "")
    assert "none.json" in complaint


def test_a_configuration_that_is_no_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_bytes(b"\xff\xfe{}")
    assert started(f"--config={file}")[:2] == (2, "")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "as.example"])  # noqa: S104 - refused
def test_the_program_stays_on_loopback_unless_told_otherwise(
    sockets: list[socket.socket], host: str
) -> None:
    status, out, complaint = started("--config=-", f"--host={host}", stdin="{}")
    assert (status, out) == (2, "")
    assert "--allow-remote" in complaint
    assert not sockets


def test_a_taken_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, out, complaint = started("--config=-", f"--port={port}", stdin="{}")
    assert (status, out) == (2, "")
    assert complaint.startswith("-: ")


def test_a_taken_port_leaves_no_socket_open(sockets: list[socket.socket]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        started("--config=-", f"--port={taken.getsockname()[1]}", stdin="{}")
    assert all(item.fileno() == -1 for item in sockets)


@pytest.mark.parametrize(
    ("arguments", "text", "words"),
    [
        (["--workers=0"], "{}", "--workers: at least one"),
        (["--workers=2"], "{}", "--workers: several need a --database"),
        (["--workers=2", "--database=memory:"], "{}", "--workers: several need a --database"),
        (["--workers=2", "--database=sqlite:///x"], '{"controls": true}', "controls: "),
        (["--database=mysql://host/db"], "{}", "--database: databases of the kind mysql"),
        (["--database=sqlite:////none/x"], "{}", "--database: /none/x: it cannot be written"),
    ],
)
def test_a_database_and_workers_that_do_not_go_are_told(
    sockets: list[socket.socket], arguments: list[str], text: str, words: str
) -> None:
    status, out, complaint = started("--config=-", *arguments, stdin=text)
    assert (status, out) == (2, "")
    assert words in complaint
    assert all(item.fileno() == -1 for item in sockets)
