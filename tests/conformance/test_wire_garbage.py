"""Answers that are broken as HTTP, too long, or packed: each ends as a failure or is cut."""

import gzip
import json
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from uma_conformance.legible import illegible
from uma_conformance.redaction import Redactor
from uma_conformance.trace import FailureKind
from uma_conformance.wire import Answer, Context, Limits, Message, Wire

Behaviour = Callable[[socket.socket], None]
Listening = Callable[[Behaviour], AbstractContextManager[str]]
_CONTEXT = Context("probe", "step", "purpose", "rs", "authorization server", "introspection")
_LIMITS = Limits(exchange_seconds=1, run_seconds=30, body_bytes=65536)
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_GOOD = b'{"active": true}'


@pytest.fixture
def wire() -> Iterator[Wire]:
    opened = Wire(Redactor(b"k" * 32), _LIMITS, verify=ssl.create_default_context())
    yield opened
    opened.close()


def send(wire: Wire, url: str) -> Answer:
    return wire.send(Message("GET", url), _CONTEXT)


def reply(answer: bytes) -> Behaviour:
    return lambda connection: connection.sendall(answer)


def again_and_again(start: bytes, part: bytes) -> Behaviour:
    """Send a start, and then a part until the other side has had enough."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(start)
        until = time.monotonic() + 3
        while time.monotonic() < until:
            connection.sendall(part)

    return behave


def sized(body: bytes, *headers: bytes) -> bytes:
    lines = b"".join(header + b"\r\n" for header in headers)
    return _OK + lines + b"Content-Length: %d\r\n\r\n" % len(body) + body


@pytest.mark.parametrize(
    "behave",
    [
        again_and_again(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 100),
        again_and_again(b"HTTP/1.1 200 OK\r\nX-Long: ", b"a" * 10_000),
        again_and_again(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
        again_and_again(_CHUNKED, b"2;" + b"a" * 10_000),
        again_and_again(_CHUNKED + b"2\r\n{}\r\n0\r\n", b"X-More: and more\r\n" * 100),
    ],
    ids=["headers", "header", "interim answers", "chunk extension", "trailers"],
)
def test_what_never_ends_is_ended(wire: Wire, target: Listening, behave: Behaviour) -> None:
    with target(behave) as url:
        began = time.monotonic()
        answer = send(wire, url)
        assert time.monotonic() - began < 3
    assert answer.exchange.failure is not None


def test_a_body_of_tiny_chunks_is_cut(wire: Wire, target: Listening) -> None:
    with target(again_and_again(_CHUNKED, b"1\r\na\r\n" * 1000)) as url:
        answer = send(wire, url)
    assert not answer.exchange.members
    assert answer.exchange.failure is not None or illegible(answer.exchange)


@pytest.mark.parametrize(
    "answer",
    [
        _OK + b"Content-Length: 500\r\n\r\n" + _GOOD,
        _OK + b"Content-Length: -5\r\n\r\n" + _GOOD,
        _OK + b"Content-Length: 16, 2\r\n\r\n" + _GOOD,
        _OK + b"Content-Length: 2\r\nContent-Length: 16\r\n\r\n" + _GOOD,
        _OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n" + _GOOD,
        _CHUNKED + b"ZZ\r\n" + _GOOD + b"\r\n0\r\n\r\n",
        _CHUNKED + b"1\r\n" + _GOOD + b"\r\n0\r\n\r\n",
        _CHUNKED + b"10\r\n" + _GOOD + b"\r\n",
        _OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n10\r\n" + _GOOD + b"\r\n0\r\n\r\n",
        _GOOD,
        b"HTTP/1.1 000 Nothing\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b'HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer realm="a\rX: y"\r\nContent-Length: 0\r\n\r\n',
        b"HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer \x00\r\nContent-Length: 0\r\n\r\n",
        sized(_GOOD, b"Content-Encoding: gzip"),
        sized(gzip.compress(_GOOD)[:-9], b"Content-Encoding: gzip"),
        sized(_GOOD, b"Content-Encoding: br"),
        sized(gzip.compress(gzip.compress(_GOOD)), b"Content-Encoding: gzip, gzip"),
    ],
)
def test_broken_answers_are_no_answers(wire: Wire, target: Listening, answer: bytes) -> None:
    with target(reply(answer)) as url:
        found = send(wire, url).exchange
    assert found.failure is not None
    assert found.failure.kind is FailureKind.PROTOCOL
    assert not found.members


def test_a_body_that_is_longer_than_it_says_is_cut_off(wire: Wire, target: Listening) -> None:
    with target(reply(_OK + b"Content-Length: 5\r\n\r\n" + _GOOD)) as url:
        found = send(wire, url).exchange
        following = send(wire, url).exchange
    assert illegible(found) == "it is no JSON"
    assert not following.members


@pytest.mark.parametrize(
    ("packed", "coding"),
    [
        (gzip.compress(_GOOD), b"gzip"),
        (gzip.compress(_GOOD), b"X-GZip"),
        (zlib.compress(_GOOD), b"deflate"),
        (_GOOD, b"identity"),
    ],
    ids=["gzip", "x-gzip", "deflate", "identity"],
)
def test_one_coding_is_taken_off(
    wire: Wire, target: Listening, packed: bytes, coding: bytes
) -> None:
    """Nobody asked for it, and a server that packs all the same can be read."""
    with target(reply(sized(packed, b"Content-Encoding: " + coding))) as url:
        assert send(wire, url).exchange.members == {"active": True}


def test_what_unpacks_to_more_than_the_limit_is_cut(wire: Wire, target: Listening) -> None:
    bomb = gzip.compress(b'{"a": "' + b"a" * 50_000_000 + b'"}')
    with target(reply(sized(bomb, b"Content-Encoding: gzip"))) as url:
        found = send(wire, url).exchange
    assert found.response is not None
    assert found.response.truncated
    assert len(found.response.body) == _LIMITS.body_bytes
    assert illegible(found)


@pytest.mark.parametrize("place", [b"http://[::", b"//\xff\xfe", b"http://x:99999999/", b"\t"])
def test_an_answer_that_leads_nowhere_is_an_answer(
    wire: Wire, target: Listening, place: bytes
) -> None:
    answer = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + place + b"\r\n\r\n"
    with target(reply(answer)) as url:
        found = send(wire, url)
    assert found.status == 302
    assert found.header("location") == place.decode("latin-1").strip()


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"active": True}).encode("utf-16"),
        json.dumps({"active": True}).encode("utf-32"),
        '{"active": true, "näme": 1}'.encode("latin-1"),
        b'{"active": true, "a\\\xff": 1}',
        b'{"active": true, "a": "\\\\\xff"}',
        b"\xef\xbb\xbf" + _GOOD,
    ],
)
def test_what_is_no_utf8_is_no_json(wire: Wire, target: Listening, body: bytes) -> None:
    """RFC 8259 section 8.1, whatever the media type says of a charset."""
    with target(reply(sized(body))) as url:
        assert illegible(send(wire, url).exchange) == "it is no JSON"
