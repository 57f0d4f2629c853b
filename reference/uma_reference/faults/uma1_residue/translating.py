"""Requests of UMA 1 as a server of UMA 2 takes them, so that a variant can speak both."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from uma_reference.authorization_server.documents import elements_of, members_of
from uma_reference.authorization_server.errors import WireError


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as far as it can be translated."""

    path: str
    members: dict[str, object]


def translating(change: Callable[[Asked], Asked]) -> Callable[[ASGIApp], ASGIApp]:
    """Return what stands around an application and changes path and JSON of requests to it."""

    def around(app: ASGIApp) -> ASGIApp:
        async def translated(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["path"].partition("/")[2][:4] not in {
                "rreg",
                "perm",
            }:
                await app(scope, receive, send)
                return
            body, more = b"", True
            while more:
                message = await receive()
                body, more = body + message.get("body", b""), message.get("more_body", False)
            asked = change(Asked(scope["path"], _members(body)))
            sent = json.dumps(asked.members).encode() if asked.members else body

            async def again() -> Message:
                return {"type": "http.request", "body": sent, "more_body": False}

            await app({**scope, "path": asked.path}, again, send)

        return translated

    return around


def renamed(asked: Asked, names: dict[str, str]) -> Asked:
    """Return a request with other names for its members."""
    members = {names.get(name, name): value for name, value in asked.members.items()}
    return Asked(asked.path, members)


def _members(body: bytes) -> dict[str, object]:
    try:
        value: object = json.loads(body)
    except ValueError:
        return {}
    # The form of UMA 2 with several permissions; the first one stands for all here.
    entries = elements_of(value)
    try:
        return dict(members_of(entries[0] if entries else value, "a request"))
    except WireError:
        return {}
