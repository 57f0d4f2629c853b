"""Faults of tickets, RPTs and refresh tokens that show only to who looks further."""

import asyncio
import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from uma_reference.authorization_server.model import AccessToken, Ticket
from uma_reference.authorization_server.replacing import revoked
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.store import Store
from uma_reference.faults.fault import Fault

_WINDOW_SECONDS = 0.02


def _racing() -> Fault:
    """Return a fault by which requests that come together all find the ticket."""
    together: list[int] = [0]

    def take(store: Store, value: str) -> Ticket | None:
        ticket = store.take_ticket(value)
        if ticket is not None and together[0] > 1:
            store.put_ticket(ticket)
        return ticket

    def around(app: ASGIApp) -> ASGIApp:
        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            together[0] += 1
            try:
                # Long enough for the others of a race to come in.
                await asyncio.sleep(_WINDOW_SECONDS if scope.get("path") == "/token" else 0)
                await app(scope, receive, send)
            finally:
                together[0] -= 1

        return counted

    return Fault(
        "ticket-race",
        "Requests that come at the same moment can all use one ticket.",
        ("SEC-RACE-01",),
        rules=lambda rules: replace(rules, take_ticket=take),
        around=around,
    )


def _counted_rpts(rules: Rules) -> Rules:
    numbers = count(10**12)

    def value(fresh: str, ticket: Ticket) -> str:
        del fresh, ticket
        return f"requesting-party-token-{next(numbers)}"

    return replace(rules, fresh_value=value)


def _unsigned(value: str, ticket: Ticket) -> str:
    """Return what looks like a JSON Web Token, and is signed by nobody."""
    parts = ({"alg": "none"}, {"jti": value, "sub": ticket.claims.subject})
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts)
    return ".".join(part.rstrip("=") for part in encoded) + "."


def _for_all_clients(app: ASGIApp) -> ASGIApp:
    """Take whoever presents a refresh token for the client that it was issued to."""
    issued: dict[str, bytes] = {}

    async def swapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") != "/token":
            await app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        form = parse_qs(body.decode("utf-8", "replace"))
        headers = dict(scope["headers"])
        known = issued.get(form.get("refresh_token", [""])[0])
        if known is not None:
            headers[b"authorization"] = known
        mine = headers.get(b"authorization", b"")

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def noted(answer: Message) -> None:
            try:
                token = json.loads(answer.get("body", b"") or b"{}").get("refresh_token")
            except ValueError:
                token = None
            if isinstance(token, str):
                issued[token] = mine
            await send(answer)

        await app({**scope, "headers": list(headers.items())}, again, noted)

    return swapped


def _revoked_by_all(store: Store, value: str, client_id: str) -> Sequence[AccessToken]:
    token = store.token(value)
    return revoked(store, value, token.client if token is not None else client_id)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        _racing(),
        Fault("rpts-counted", "RPTs are numbered.", ("SEC-TOKEN-01",), rules=_counted_rpts),
        Fault(
            "rpts-unsigned",
            "RPTs are JSON Web Tokens that nobody signed.",
            ("SEC-TOKEN-01",),
            rules=lambda rules: replace(rules, fresh_value=_unsigned),
        ),
        Fault(
            "refresh-by-another-client",
            "A refresh token works for whoever presents it.",
            ("SEC-REFRESH-01",),
            around=_for_all_clients,
        ),
        Fault(
            "revoked-by-another-client",
            "A client can revoke RPTs of others.",
            ("SEC-REVOKE-01",),
            rules=lambda rules: replace(rules, revoked=_revoked_by_all),
        ),
    )
