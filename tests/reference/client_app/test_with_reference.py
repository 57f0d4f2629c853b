"""The application and the reference authorization server, with a tiny resource server between."""

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest
from starlette.types import ASGIApp

from uma_reference.authorization_server import AdjustableClock
from uma_reference.client import HttpxSender, MemoryWallet
from uma_reference.client_app import Config, create_app
from uma_reference.clock import SystemRandomness

if TYPE_CHECKING:
    from tests.reference.client_app.conftest import Visiting
else:
    Visiting = Any

OWNER = ("alice", "alice-password")
FEATURES = ["dynamic-registration", "pct", "refresh", "request_submitted", "revocation"]
Document = dict[str, object]


@pytest.fixture
def document(document: Document) -> Document:
    return document | {"features": [*FEATURES, "rpt-upgrade"]}


class Servers(httpx.BaseTransport):
    """Hands requests to the authorization server, or is the resource server with one document."""

    def __init__(self, server: httpx.Client, pat: Mapping[str, str], resource: str) -> None:
        self.server = server
        self.pat = pat
        self.resource = resource
        self.content = b"first"

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        if request.url.host == "as.example":
            return self.passed_on(request)
        scope = "change" if request.method == "PUT" else "view"
        rpt = request.headers.get("authorization", "").removeprefix("Bearer ")
        if rpt and scope in self.granted(rpt):
            self.content = body if request.method == "PUT" else self.content
            return httpx.Response(200, content=self.content, headers={"content-type": "text/plain"})
        wanted = {"resource_id": self.resource, "resource_scopes": [scope]}
        ticket = self.server.post("/perm", json=wanted, headers=self.pat).json()["ticket"]
        value = f'UMA as_uri="https://as.example", ticket="{ticket}"'
        return httpx.Response(401, headers={"www-authenticate": value})

    def passed_on(self, request: httpx.Request) -> httpx.Response:
        answer = self.server.request(
            request.method, request.url, content=request.content, headers=request.headers
        )
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    def granted(self, rpt: str) -> list[str]:
        """Return the scopes of the document that an RPT opens."""
        found = self.server.post("/introspect", data={"token": rpt}, headers=self.pat).json()
        return [
            scope
            for item in found.get("permissions", [])
            if item["resource_id"] == self.resource
            for scope in item["resource_scopes"]
        ]


@pytest.fixture
def resource(register: Callable[..., str]) -> str:
    return register("view", "change")


@pytest.fixture
def servers(server: httpx.Client, pat: dict[str, str], resource: str) -> Servers:
    return Servers(server, pat, resource)


@pytest.fixture
def sender(servers: Servers) -> Generator[HttpxSender]:
    sender = HttpxSender(transport=servers)
    yield sender
    sender.close()


@pytest.fixture
def bob(
    sender: HttpxSender, app_document: Document, app_wallet: MemoryWallet, clock: AdjustableClock,
    id_token: Callable[..., dict[str, str]], visit_app: Callable[[ASGIApp], Visiting],
) -> Visiting:  # fmt: skip
    """Return Bob's browser at an application that may say who he is."""
    token = {"token": id_token(exp=clock.now() + 10_000)["claim_token"]}
    app_document |= {
        "people": [{"id": "bob", "password": "bob-password", "claim_tokens": [token]}],
    }
    config = Config.from_document(app_document)
    browser = visit_app(create_app(config, sender, app_wallet, clock, SystemRandomness()))
    browser.sign_in()
    return browser


def test_a_claim_that_the_application_may_push_opens_the_document(
    bob: Visiting, allow: Callable[..., str], resource: str
) -> None:
    allow(resource, "view", role="doctor")
    bob.open()
    assert "first" in bob.says
    assert "claim token 1" in bob.says


def test_without_a_policy_there_is_nothing(bob: Visiting) -> None:
    bob.open()
    assert "You were not given access" in bob.says


def test_the_owner_is_asked_and_allows(
    bob: Visiting, server: httpx.Client, clock: AdjustableClock, resource: str
) -> None:
    ask = {"scopes": ["view"], "anyone": True, "ask": True}
    place = f"/owner/resources/{resource}/policies"
    server.post(place, json=ask, auth=OWNER).raise_for_status()
    bob.open()
    assert "The owner has been asked" in bob.says
    waiting = bob.path
    assert bob.last.headers["refresh"] in {"4", "5"}
    clock.advance(6)
    bob.go(waiting)
    assert "The owner has been asked" in bob.says
    (asked,) = server.get("/owner/requests", auth=OWNER).json()
    decision = {"decision": "approve"}
    place = f"/owner/requests/{quote(asked['id'])}"
    server.post(place, json=decision, auth=OWNER).raise_for_status()
    clock.advance(6)
    bob.go(waiting)
    assert "first" in bob.says


def test_a_change_takes_an_upgraded_rpt_and_forgetting_ends_it(
    bob: Visiting,
    servers: Servers,
    allow: Callable[..., str],
    resource: str,
    app_wallet: MemoryWallet,
) -> None:
    allow(resource, "view", "change", role="doctor")
    bob.open()
    page = bob.path
    bob.go(f"{page}/edit")
    bob.send(f"{page}/edit", content="second")
    assert "Your change was saved" in bob.says
    assert servers.content == b"second"
    (rpt,) = app_wallet.read().rpts
    assert sorted(servers.granted(rpt.value)) == ["change", "view"]
    bob.go("/")
    bob.send("/forget")
    assert "What is kept for you" not in bob.says
    assert servers.granted(rpt.value) == []
