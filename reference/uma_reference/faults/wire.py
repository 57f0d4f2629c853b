"""Wrong answers on the wire: responses rewritten between the server and its client."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Reply:
    """A request as far as it matters, and the response to it."""

    method: str
    path: str
    query: str
    authorization: str
    form: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def authorized(self) -> bool:
        """Whether the request has an Authorization header."""
        return bool(self.authorization)

    @property
    def json(self) -> object:
        """The parsed body, `None` when it is empty."""
        return json.loads(self.body) if self.body else None

    @property
    def members(self) -> dict[str, object]:
        """A copy of the members of the JSON object in the body."""
        value = self.json
        return dict(cast("Mapping[str, object]", value)) if isinstance(value, dict) else {}

    def with_status(self, status: int) -> "Reply":
        """Return the reply with another status."""
        return replace(self, status=status)

    def with_json(self, value: object) -> "Reply":
        """Return the reply with another JSON body."""
        return replace(self, body=json.dumps(value).encode()).with_header(
            "content-type", "application/json"
        )

    def with_member(self, name: str, value: object) -> "Reply":
        """Return the reply with a member set in its JSON object."""
        return self.with_json({**self.members, name: value})

    def without_member(self, name: str) -> "Reply":
        """Return the reply without a member."""
        return self.with_json({key: item for key, item in self.members.items() if key != name})

    def with_member_twice(self, name: str, value: object) -> "Reply":
        """Return the reply with a member that stands twice, first with this value."""
        rest = json.dumps(self.members)[1:]
        twice = f"{{{json.dumps(name)}: {json.dumps(value)}, {rest}"
        return replace(self.with_json({}), body=twice.encode())

    @property
    def sent(self) -> dict[str, str]:
        """The parameters in the query of the request."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def location(self) -> str:
        """Where the reply redirects to; empty if it does not."""
        return dict(self.headers).get("location", "")

    def redirecting(self, address: str) -> "Reply":
        """Return the reply as a redirection to an address."""
        moved = replace(self, status=302, body=b"").without_header("content-type")
        return moved.with_header("location", address)

    def with_page(self, text: str, status: int = 200) -> "Reply":
        """Return the reply as a page instead of a redirection."""
        page = replace(self, status=status, body=text.encode()).without_header("location")
        return page.with_header("content-type", "text/html; charset=utf-8")

    def with_header(self, name: str, value: str) -> "Reply":
        """Return the reply with a header set."""
        kept = self.without_header(name).headers
        return replace(self, headers=(*kept, (name, value)))

    def without_header(self, name: str) -> "Reply":
        """Return the reply without a header."""
        return replace(self, headers=tuple(h for h in self.headers if h[0] != name))

    def empty(self) -> "Reply":
        """Return the reply without a body."""
        return replace(self, body=b"").without_header("content-type")


Change = Callable[[Reply], Reply]
DISCOVERY, TOKEN, PERMISSION, INTROSPECTION = "/.well-known", "/token", "/perm", "/introspect"
CLAIMS, REGISTER = "/claims", "/register"
COLLECTION, ITEM = "collection", "item"


def answers(
    place: str, change: Change, *, method: str = "", status: int = 0, error: str = ""
) -> Change:
    """Return a change for the answers at one place, with one method, status or error code."""

    def changed(reply: Reply) -> Reply:
        fits = (
            at_place(reply.path, place)
            and method in {"", reply.method}
            and status in {0, reply.status}
            and (not error or reply.members.get("error") == error)
        )
        return change(reply) if fits else reply

    return changed


def at_place(path: str, place: str) -> bool:
    """Tell whether a path belongs to a place."""
    if place in {COLLECTION, ITEM}:
        parts = path.strip("/").split("/")
        return parts[0] == "rreg" and (len(parts) == 1) is (place == COLLECTION)
    return path.startswith(place)


def rewriting(app: ASGIApp, change: Change) -> ASGIApp:
    """Return an application whose responses pass through a change."""

    async def rewritten(scope: Scope, receive: Receive, send: Send) -> None:
        received: list[bytes] = []

        async def recording() -> Message:
            message = await receive()
            received.append(message.get("body", b""))
            return message

        started: list[Message] = []
        chunks: list[bytes] = []

        async def collecting(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
            else:
                chunks.append(message.get("body", b""))

        await app(scope, recording, collecting)
        headers = dict(scope["headers"])
        reply = change(
            Reply(
                scope["method"],
                scope["path"],
                scope["query_string"].decode("utf-8", "replace"),
                headers.get(b"authorization", b"").decode("latin-1"),
                b"".join(received).decode("utf-8", "replace"),
                started[0]["status"],
                tuple((k.decode(), v.decode()) for k, v in started[0]["headers"]),
                b"".join(chunks),
            )
        ).without_header("content-length")
        changed = [(k.encode(), v.encode()) for k, v in reply.headers]
        changed.append((b"content-length", str(len(reply.body)).encode()))
        await send({"type": "http.response.start", "status": reply.status, "headers": changed})
        await send({"type": "http.response.body", "body": reply.body})

    return rewritten
