"""Recorded exchanges as the party that plays a scenario would record them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import pytest

from uma_reports import ExchangeRecord, FailureRecord, RequestRecord, ResponseRecord
from uma_reports.diagrams.facts import UMA_GRANT

FORM = (("content-type", "application/x-www-form-urlencoded"),)
JSON = (("content-type", "application/json"),)
Headers = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Script:
    """Writes exchanges one after the other."""

    exchanges: list[ExchangeRecord] = field(default_factory=list[ExchangeRecord])

    def add(
        self,
        sender: str,
        receiver: str,
        endpoint: str,
        method: str = "POST",
        url: str = "https://as.example/x",
        *,
        headers: Headers = (),
        body: str = "",
        status: int = 200,
        answer: object = None,
        answered: Headers = JSON,
        started: float | None = None,
        seconds: float = 0.01,
    ) -> ExchangeRecord:
        """Add an exchange; status 0 is no answer."""
        number = len(self.exchanges) + 1
        text = answer if isinstance(answer, str) else json.dumps(answer) if answer else ""
        made = ExchangeRecord(
            number=number,
            probe="scenario",
            label=f"step {number}",
            purpose=f"Do step {number}",
            sender=sender,
            receiver=receiver,
            endpoint=endpoint,
            request=RequestRecord(method, url, headers, body),
            response=ResponseRecord(status, answered, text, truncated=False) if status else None,
            failure=None if status else FailureRecord("timeout", "no answer within 5 s"),
            started=number if started is None else started,
            seconds=seconds,
        )
        self.exchanges.append(made)
        return made

    def resource(self, token: str, status: int, challenge: str = "", **more: float) -> None:
        """Let the client ask for the resource."""
        self.add(
            "client",
            "resource server",
            "protected resource",
            "GET",
            "https://rs.example/photos/1",
            headers=(("authorization", f"Bearer {token}"),) if token else (),
            status=status,
            answered=(("www-authenticate", challenge),) if challenge else (),
            started=more.get("started"),
            seconds=more.get("seconds", 0.01),
        )

    def token(self, ticket: str, status: int, answer: object, **more: str) -> None:
        """Let the client ask for an RPT."""
        body = urlencode({"grant_type": UMA_GRANT, "ticket": ticket, **more})
        self.add(
            "client",
            "authorization server",
            "token",
            url="https://as.example/token",
            headers=FORM,
            body=body,
            status=status,
            answer=answer,
        )

    def page(self, address: str, location: str = "", method: str = "GET") -> None:
        """Let the requesting party load a page of the server."""
        self.add(
            "requesting party",
            "authorization server",
            "claims interaction",
            method,
            f"https://as.example{address}",
            status=303 if location else 200,
            answered=(("location", location),) if location else (("content-type", "text/html"),),
        )

    def protect(
        self, endpoint: str, body: object, status: int, answer: object, **more: str
    ) -> None:
        """Let the resource server call the protection API."""
        form = isinstance(body, str)
        self.add(
            "resource server",
            "authorization server",
            endpoint,
            more.get("method", "POST"),
            f"https://as.example/{endpoint}",
            headers=(*(FORM if form else JSON), ("authorization", "Bearer pat:1")),
            body=body if isinstance(body, str) else json.dumps(body),
            status=status,
            answer=answer,
            started=float(more["started"]) if "started" in more else None,
        )


@pytest.fixture
def script() -> Callable[[], Script]:
    """Give a function that begins a new script."""
    return Script


@pytest.fixture
def figure() -> list[ExchangeRecord]:
    """Give a whole flow: policy, challenge, pushed claims, redirection, RPT, resource."""
    play = Script()
    play.protect("resource registration", {"name": "Photo", "resource_scopes": ["view"]}, 201, {})
    play.add("resource owner", "authorization server", "policy", "PUT", status=204)
    # The resource server asks for a ticket before it answers the client.
    play.resource(
        "", 401, 'UMA realm="x", as_uri="https://as.example", ticket="ticket:aa"',
        started=3.0, seconds=0.5,
    )  # fmt: skip
    play.protect(
        "permission", {"resource_id": "r1", "resource_scopes": ["view"]}, 201,
        {"ticket": "ticket:aa"}, started="3.1",
    )  # fmt: skip
    needed = {
        "error": "need_info",
        "ticket": "ticket:bb",
        "redirect_user": "https://as.example/claims",
        "required_claims": [{"name": "email"}],
    }
    play.token("ticket:aa", 403, needed, claim_token="claim-token:cc")
    back = quote("https://app.example/back", safe="")
    play.page(f"/claims?client_id=app&ticket=ticket%3Abb&claims_redirect_uri={back}", "/visit")
    play.page("/visit")
    play.page("/visit", "https://app.example/back?ticket=ticket:dd&state=s", "POST")
    play.token("ticket:dd", 200, {"access_token": "token:ee", "pct": "pct:ff"})
    play.resource("token:ee", 200, started=10.0, seconds=0.5)
    granted = [{"resource_id": "r1", "resource_scopes": ["view"]}]
    play.protect(
        "introspection", urlencode({"token": "token:ee"}), 200,
        {"active": True, "permissions": granted}, started="10.1",
    )  # fmt: skip
    return play.exchanges
