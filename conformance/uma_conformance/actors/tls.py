"""Greeting a server as a TLS client does, to see what it would agree to (RFC 5246, RFC 8446).

Only the first message is sent and the first answer read: nothing is encrypted, and what the local
TLS library still knows of old protocols plays no part.
"""

import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 = 0x0301, 0x0302, 0x0303, 0x0304
_VERSIONS = {TLS_1_0: "TLS 1.0", TLS_1_1: "TLS 1.1", TLS_1_2: "TLS 1.2", TLS_1_3: "TLS 1.3"}
_HANDSHAKE, _SERVER_HELLO = 22, 2
_MOST_BYTES = 1 << 16
# The names of RFC 7919 and RFC 8422: x25519, and the curves P-256, P-384 and P-521.
_GROUPS = (29, 23, 24, 25)
_SIGNATURES = (
    *(0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806),
    *(0x0401, 0x0501, 0x0601, 0x0203, 0x0201),
)


class Reaction(StrEnum):
    """How a server reacts to a greeting."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Greeting:
    """The protocol versions and cipher suites that a client offers, by their numbers."""

    version: int
    suites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The reaction; with an accepted greeting also the version and the suite that were chosen."""

    reaction: Reaction
    version: int = 0
    suite: int = 0


def greet(host: str, port: int, greeting: Greeting, seconds: float) -> Agreement:
    """Send a greeting over a connection of its own, and read the answer to it."""
    try:
        with socket.create_connection((host, port), timeout=seconds) as connection:
            connection.sendall(hello(host, greeting))
            return _answer(connection)
    except TimeoutError:
        return Agreement(Reaction.SILENT)
    except ConnectionError:
        # Some servers hang up instead of sending an alert. One that is gone fails its control.
        return Agreement(Reaction.REFUSED)
    except OSError:
        return Agreement(Reaction.SILENT)


def hello(host: str, greeting: Greeting) -> bytes:
    """Return the record that holds a ClientHello."""
    legacy = min(greeting.version, TLS_1_2)
    suites = b"".join(_two(suite) for suite in greeting.suites)
    body = (
        _two(legacy)
        + os.urandom(32)
        + b"\x00"
        + _long(suites)
        + b"\x01\x00"
        + _long(b"".join(_extensions(host, greeting)))
    )
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return bytes([_HANDSHAKE]) + _two(TLS_1_0) + _long(message)


def _extensions(host: str, greeting: Greeting) -> Iterable[bytes]:
    if not _is_address(host):
        yield _extension(0, _long(b"\x00" + _long(host.encode("idna"))))
    yield _extension(10, _long(b"".join(_two(group) for group in _GROUPS)))
    yield _extension(11, b"\x01\x00")
    yield _extension(0xFF01, b"\x00")
    if greeting.version >= TLS_1_2:
        yield _extension(13, _long(b"".join(_two(item) for item in _SIGNATURES)))
    if greeting.version >= TLS_1_3:
        yield _extension(43, b"\x02" + _two(TLS_1_3))
        # Any 32 bytes are a public key of x25519.
        yield _extension(51, _long(_two(29) + _long(os.urandom(32))))


def _answer(connection: socket.socket) -> Agreement:
    received = b""
    while len(received) < _MOST_BYTES:
        found = understood(received)
        if found is not None:
            return found
        chunk = connection.recv(4096)
        if not chunk:
            return Agreement(Reaction.REFUSED)
        received += chunk
    return Agreement(Reaction.SILENT)


def understood(received: bytes) -> Agreement | None:
    """Return what the beginning of an answer says; `None` as long as that cannot be told."""
    if not received:
        return None
    if received[0] != _HANDSHAKE:
        # An alert; anything else is no TLS, and no agreement either.
        return Agreement(Reaction.REFUSED)
    if len(received) < 5 or len(received) < 5 + int.from_bytes(received[3:5], "big"):
        return None
    message = received[5 : 5 + int.from_bytes(received[3:5], "big")]
    session = message[38] if len(message) > 38 else 0
    after = 39 + session
    if message[:1] != bytes([_SERVER_HELLO]) or len(message) < after + 2:
        return Agreement(Reaction.REFUSED)
    version = int.from_bytes(message[4:6], "big")
    suite = int.from_bytes(message[after : after + 2], "big")
    return Agreement(Reaction.ACCEPTED, _selected(message[after + 3 :]) or version, suite)


def _selected(extensions: bytes) -> int:
    """Return the version that the extension `supported_versions` names, else 0."""
    rest = extensions[2:]
    while len(rest) >= 4:
        kind, length = int.from_bytes(rest[:2], "big"), int.from_bytes(rest[2:4], "big")
        if kind == 43 and length == 2:
            return int.from_bytes(rest[4:6], "big")
        rest = rest[4 + length :]
    return 0


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _extension(kind: int, content: bytes) -> bytes:
    return _two(kind) + _long(content)


def _long(content: bytes) -> bytes:
    return _two(len(content)) + content


def _two(number: int) -> bytes:
    return number.to_bytes(2, "big")


def written(agreement: Agreement) -> dict[str, object]:
    """Return an agreement as a fact: with the suite as the registry of IANA writes it."""
    if agreement.reaction is not Reaction.ACCEPTED:
        return {"reaction": str(agreement.reaction)}
    return {
        "reaction": str(agreement.reaction),
        "version": _VERSIONS.get(agreement.version, f"0x{agreement.version:04X}"),
        "suite": f"0x{agreement.suite:04X}",
    }
