"""What reaches the servers on behalf of owners, so that a replay can prove that they are away."""

import base64
import binascii
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Where only owners have business.
_OWNERS_PLACES = ("/owner/", "/my/", "/authorize")
_LONGEST = 65_536


@dataclass(slots=True)
class Watch:
    """Keeps who asked for what in an owner's name; it is filled by threads of servers."""

    owners: frozenset[str]
    _seen: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def saw(self, owner: str, what: str) -> None:
        """Keep that something was asked in an owner's name."""
        with self._lock:
            self._seen.append((owner, what))

    def taken(self) -> list[tuple[str, str]]:
        """Return what was seen since the last call."""
        with self._lock:
            seen, self._seen = self._seen, []
            return seen


class Watched:
    """An application that is watched for requests of owners, by password, session page or form."""

    def __init__(self, app: ASGIApp, watch: Watch, name: str) -> None:
        self._app = app
        self._watch = watch
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Watch a request and hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        what = f"{scope['method']} {scope['path']} at {self._name}"
        owner = _basic(scope["headers"])
        if owner in self._watch.owners:
            self._watch.saw(owner, what)
        elif str(scope["path"]).startswith(_OWNERS_PLACES):
            for name in sorted(self._watch.owners):
                self._watch.saw(name, what)
        if scope["method"] == "POST" and scope["path"] == "/sign-in":
            receive = _Form(receive, self._watch, what).receive
        await self._app(scope, receive, send)


class _Form:
    """Reads along in a form of the sign-in page."""

    def __init__(self, receive: Receive, watch: Watch, what: str) -> None:
        self._receive = receive
        self._watch = watch
        self._what = what
        self._body = b""

    async def receive(self) -> Message:
        message = await self._receive()
        if len(self._body) < _LONGEST:
            self._body += message.get("body", b"")
        if message["type"] == "http.request" and not message.get("more_body"):
            name = parse_qs(self._body.decode("latin-1")).get("name", [""])[0]
            if name in self._watch.owners:
                self._watch.saw(name, self._what)
        return message


def _basic(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the name in an Authorization header of the scheme Basic; empty without one."""
    for key, value in headers:
        scheme, _, credentials = value.partition(b" ")
        if key.lower() == b"authorization" and scheme.lower() == b"basic":
            try:
                return base64.b64decode(credentials, validate=True).partition(b":")[0].decode()
            except (binascii.Error, UnicodeDecodeError):
                return ""
    return ""
