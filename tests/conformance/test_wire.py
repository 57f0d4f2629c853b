"""Every exchange ends within its limits, whatever the target does."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from uma_conformance.redaction import Redactor
from uma_conformance.trace import FailureKind
from uma_conformance.wire import Answer, Context, Limits, Message, TargetSilent, Wire

Behaviour = Callable[[socket.socket], None]
Listening = Callable[[Behaviour], AbstractContextManager[str]]
CONTEXT = Context("probe", "step", "purpose", "client", "authorization server", "token")
LIMITS = Limits(exchange_seconds=0.5, run_seconds=30, body_bytes=2048)


def drip(connection: socket.socket) -> None:
    """Send a header one byte at a time, each within any read timeout."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 40:
        connection.send(bytes([byte]))
        time.sleep(0.05)


def hang(connection: socket.socket) -> None:
    """Send nothing for longer than the limit."""
    time.sleep(0.8)
    del connection


def flood(connection: socket.socket) -> None:
    """Announce 100 MB and send until the other side has had enough."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n")
    for _ in range(1600):
        connection.sendall(b"x" * 65536)


def reply(text: str) -> Behaviour:
    """Return a behaviour that sends some bytes and closes."""
    return lambda connection: connection.sendall(text.encode("latin-1"))


@pytest.fixture
def wire() -> Iterator[Wire]:
    """Return a wire with tight limits."""
    opened = Wire(Redactor(b"k" * 32), LIMITS, verify=ssl.create_default_context())
    yield opened
    opened.close()


def send(wire: Wire, url: str) -> Answer:
    """Send a plain request."""
    return wire.send(Message("GET", url), CONTEXT)


@pytest.mark.parametrize("behave", [hang, drip])
def test_slow_targets_time_out(wire: Wire, target: Listening, behave: Behaviour) -> None:
    """A target that hangs or drips costs no more than the limit of one exchange."""
    with target(behave) as url:
        began = time.monotonic()
        answer = send(wire, url)
        assert time.monotonic() - began < 2
    failure = answer.exchange.failure
    assert failure is not None
    assert failure.kind is FailureKind.TIMEOUT
    assert answer.status == 0


def test_huge_bodies_are_cut(wire: Wire, target: Listening) -> None:
    """Of a huge body only the allowed bytes are kept, and the recording says so."""
    with target(flood) as url:
        answer = send(wire, url)
    response = answer.exchange.response
    assert response is not None
    assert response.truncated
    assert len(response.body) == LIMITS.body_bytes


def test_redirects_are_not_followed(wire: Wire, target: Listening) -> None:
    """A redirect to itself is one answer, not a loop."""
    loop = reply("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")
    with target(loop) as url:
        assert send(wire, url).status == 302
    assert len(wire.recorded) == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", FailureKind.PROTOCOL),
        ("what is this\r\n\r\n", FailureKind.PROTOCOL),
        ("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", FailureKind.PROTOCOL),
    ],
)
def test_broken_answers_are_failures(
    wire: Wire, target: Listening, text: str, kind: FailureKind
) -> None:
    """An answer that breaks off or is no HTTP becomes a failure of the exchange."""
    with target(reply(text)) as url:
        failure = send(wire, url).exchange.failure
    assert failure is not None
    assert failure.kind is kind


def test_text_that_is_no_utf8_is_no_json(wire: Wire, target: Listening) -> None:
    """Bytes that are no UTF-8 are shown escaped and do not parse."""
    body = 'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"a":"\xff\xfe?"}'
    with target(reply(body)) as url:
        answer = send(wire, url)
    assert "\\xff" in answer.body
    assert answer.exchange.members == {}


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "https://[broken/", "nothing", "ftp://x/"])
def test_urls_that_lead_nowhere(wire: Wire, url: str) -> None:
    """A URL that cannot be reached or is none at all becomes a failure, not a traceback."""
    answer = send(wire, url)
    assert answer.exchange.failure is not None
    assert answer.exchange.outline.startswith("no answer")


def test_plain_http_where_tls_is_expected(wire: Wire, target: Listening) -> None:
    """A server that speaks no TLS is told apart from one that is not there."""
    with target(reply("HTTP/1.1 400 Bad Request\r\n\r\n")) as url:
        failure = send(wire, url.replace("http:", "https:")).exchange.failure
    assert failure is not None
    assert failure.kind is FailureKind.TLS


def test_a_dead_target_is_given_up(wire: Wire) -> None:
    """After three exchanges without an answer nothing is sent any more."""
    for _ in range(3):
        send(wire, "http://127.0.0.1:1/")
    with pytest.raises(TargetSilent, match="3 times in a row"):
        send(wire, "http://127.0.0.1:1/")
    assert len(wire.recorded) == 3


def test_the_time_of_the_run_is_bounded() -> None:
    """When the time of the run is used up nothing is sent any more."""
    wire = Wire(Redactor(b"k" * 32), Limits(run_seconds=0), verify=ssl.create_default_context())
    time.sleep(0.01)
    with pytest.raises(TargetSilent, match=r"limits\.run_seconds"):
        send(wire, "http://127.0.0.1:1/")
    wire.close()
