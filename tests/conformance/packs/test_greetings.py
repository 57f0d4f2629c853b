"""Greeting servers under TLS: what is sent is understood, and any answer comes to an end."""

import socket
import ssl
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from uma_conformance.actors.tls import (
    TLS_1_2,
    TLS_1_3,
    Agreement,
    Greeting,
    Reaction,
    greet,
    understood,
    written,
)
from uma_conformance.probes.security.tls import GREETINGS
from uma_reference.tls import make_authority

Answer = Callable[[socket.socket], None]


@contextmanager
def server(answer: Answer) -> Generator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            connection, _ = listener.accept()
            with connection:
                answer(connection)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)


def handshake(folder: Path, version: ssl.TLSVersion) -> Answer:
    certificate = make_authority(folder).issue("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate_file, certificate.key_file)
    context.minimum_version = context.maximum_version = version

    def shake(connection: socket.socket) -> None:
        try:
            with context.wrap_socket(connection, server_side=True):
                pass
        except OSError:
            pass

    return shake


@pytest.mark.parametrize(
    ("name", "version", "reaction"),
    [
        ("TLS 1.3", ssl.TLSVersion.TLSv1_3, Reaction.ACCEPTED),
        ("TLS 1.2", ssl.TLSVersion.TLSv1_2, Reaction.ACCEPTED),
        ("TLS 1.2", ssl.TLSVersion.TLSv1_3, Reaction.REFUSED),
        ("TLS 1.1", ssl.TLSVersion.TLSv1_2, Reaction.REFUSED),
        ("weak suites under TLS 1.2", ssl.TLSVersion.TLSv1_2, Reaction.REFUSED),
    ],
)
def test_servers_understand(
    name: str, version: ssl.TLSVersion, reaction: Reaction, tmp_path: Path
) -> None:
    with server(handshake(tmp_path, version)) as port:
        found = greet("127.0.0.1", port, GREETINGS[name], 5)
    assert found.reaction is reaction
    if reaction is Reaction.ACCEPTED:
        assert written(found)["version"] == name
        assert found.suite in GREETINGS[name].suites


def test_a_server_of_something_else_refuses() -> None:
    with server(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad\r\n\r\n")) as port:
        assert greet("127.0.0.1", port, GREETINGS["TLS 1.2"], 5) == Agreement(Reaction.REFUSED)


def test_a_server_that_hangs_up_refuses() -> None:
    with server(lambda connection: connection.close()) as port:
        assert greet("127.0.0.1", port, GREETINGS["TLS 1.2"], 5).reaction is Reaction.REFUSED


def test_a_server_that_says_nothing_is_silent() -> None:
    done = threading.Event()
    with server(lambda _: assert_waited(done)) as port:
        assert greet("127.0.0.1", port, GREETINGS["TLS 1.2"], 0.2).reaction is Reaction.SILENT
        done.set()


def assert_waited(done: threading.Event) -> None:
    assert done.wait(5)


@pytest.mark.parametrize("length", range(1, 60))
def test_answers_that_are_cut_off_are_no_agreement(length: int) -> None:
    content = b"\x02\x00\x00\x30" + b"\x03\x03" + bytes(32) + b"\x00" + b"\xc0\x2f" + b"\x00" * 9
    whole = b"\x16\x03\x03" + len(content).to_bytes(2, "big") + content
    found = understood(whole[:length])
    complete = length >= len(whole)
    assert (found == Agreement(Reaction.ACCEPTED, TLS_1_2, 0xC02F)) is complete
    assert found is None or complete


@pytest.mark.parametrize("extra", [b"", b"\x00", b"\xff\xff\xff\xff", b"\x00\x2b\x00\x02"])
def test_extensions_that_make_no_sense_do_no_harm(extra: bytes) -> None:
    content = b"\x02\x00\x00\x30" + b"\x03\x03" + bytes(32) + b"\x00\x13\x01\x00\x00\x08" + extra
    whole = b"\x16\x03\x03" + len(content).to_bytes(2, "big") + content
    found = understood(whole)
    assert found is not None
    assert found.version in {0, TLS_1_2, TLS_1_3}


def test_a_host_with_a_name_is_named() -> None:
    from uma_conformance.actors.tls import hello  # noqa: PLC0415 - what this test is about

    assert b"as.example" in hello("as.example", Greeting(TLS_1_3, (0x1301,)))
    assert b"127.0.0.1" not in hello("127.0.0.1", Greeting(TLS_1_3, (0x1301,)))
