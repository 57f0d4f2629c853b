"""Faults by which other sites can use the claims page in a person's name (Grant 5.1)."""

import re
from dataclasses import replace
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from uma_reference.authorization_server.rules import Rules
from uma_reference.faults.fault import Fault
from uma_reference.faults.wire import CLAIMS, Reply

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_VISIT = f"{CLAIMS}/visit"


def taken(*what: object) -> bool:
    """Take whatever comes."""
    del what
    return True


def _unguarded(rules: Rules) -> Rules:
    """Take a form from any site, and for whatever visit goes on in the browser."""
    return replace(
        rules,
        is_genuine=taken,
        is_form_of=taken,
    )


def _for_all_sites(reply: Reply) -> Reply:
    """Let browsers send cookies with the requests of any site."""
    headers = (
        (name, value.replace("SameSite=lax", "SameSite=none")) for name, value in reply.headers
    )
    return replace(reply, headers=tuple(headers))


def _unasked(app: ASGIApp) -> ASGIApp:
    """Give the claims of whoever came before and is signed in, without showing her a page."""
    known: list[bool] = []

    async def hurried(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if scope["path"] == CLAIMS:
            known[:] = [b"as-session" in headers.get(b"cookie", b"")]
        if scope["path"] != _VISIT or not any(known):
            await app(scope, receive, send)
            return
        page: list[Message] = []

        async def keep(message: Message) -> None:
            page.append(message)

        await app(scope, receive, keep)
        body = b"".join(message.get("body", b"") for message in page).decode()
        form = {**dict(_HIDDEN.findall(body)), "decision": "continue"}
        sent = urlencode(form).encode()

        async def filled_in() -> Message:
            return {"type": "http.request", "body": sent, "more_body": False}

        cookie = [(name, value) for name, value in scope["headers"] if name == b"cookie"]
        kind = (b"content-type", b"application/x-www-form-urlencoded")
        await app({**scope, "method": "POST", "headers": [*cookie, kind]}, filled_in, send)

    return hurried


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "claims-form-unguarded",
            "The form of the claims page is taken from any site.",
            ("G-5.1-01",),
            rules=_unguarded,
            wire=_for_all_sites,
        ),
        Fault(
            "claims-given-unasked",
            "Who is signed in gives her claims to any client by coming to the claims page.",
            ("G-5.1-02",),
            around=_unasked,
        ),
    )
