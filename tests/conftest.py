"""A scripted authorization server and resource server, spoken to by HTTP without sockets."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from uma_reference.client import Done, HeldPct, HeldRpt, Holdings, MemoryWallet

RS = "https://rs.example"
AS = "https://as.example"
PHOTO = f"{RS}/photo"
RETURNED = "https://client.example/returned"
Form = dict[str, str]
Answer = tuple[int, dict[str, object]]


class World:
    """Both servers: the RS accepts the RPTs in `good`, the AS answers what `answers` holds."""

    def __init__(self) -> None:
        self.good: set[str] = set()
        self.answers: list[Answer | Callable[[Form], Answer]] = []
        self.requests: list[httpx.Request] = []
        self.tickets = 0
        self.metadata: dict[str, object] = {
            "issuer": AS,
            "token_endpoint": f"{AS}/token",
            "unknown_member": {"ignored": True},
        }
        self.resource: Callable[[httpx.Request], httpx.Response] | None = None
        self.registration: Answer = (201, {"client_id": "dyn", "client_secret": "dyn-secret"})
        self.now = 1_000_000.0
        self.slept: list[float] = []

    def ticket(self) -> str:
        self.tickets += 1
        return f"ticket-{self.tickets:06}"

    def challenge(self) -> httpx.Response:
        value = f'Basic realm="x", UMA realm="a, b", as_uri="{AS}", ticket="{self.ticket()}"'
        return httpx.Response(401, headers={"www-authenticate": value})

    def handle(  # noqa: PLR0911 - one answer for each place
        self, request: httpx.Request
    ) -> httpx.Response:
        self.requests.append(request)
        match request.url.host, request.url.path:
            case "as.example", "/.well-known/uma2-configuration":
                return httpx.Response(200, json=self.metadata)
            case "as.example", "/token":
                answer = self.answers.pop(0)
                status, body = answer(form_of(request)) if callable(answer) else answer
                return httpx.Response(status, content=json.dumps(body))
            case "as.example", "/register":
                return httpx.Response(self.registration[0], json=self.registration[1])
            case "as.example", "/revoke":
                return httpx.Response(200)
            case "rs.example", _ if self.resource is not None:
                return self.resource(request)
            case "rs.example", _:
                rpt = request.headers.get("authorization", "").removeprefix("Bearer ")
                return (
                    httpx.Response(200, content=b"\x00picture")
                    if rpt in self.good
                    else (self.challenge())
                )
            case _:
                return httpx.Response(404)

    def grant(self, rpt: str = "rpt-000001", **more: object) -> None:
        def answer(_: Form) -> Answer:
            self.good.add(rpt)
            return 200, {"access_token": rpt, "token_type": "Bearer", **more}

        self.answers.append(answer)

    def fail(self, error: str, status: int = 400, **more: object) -> None:
        self.answers.append((status, {"error": error, **more}))

    def need_info(self, **more: object) -> None:
        self.answers.append(
            lambda _: (403, {"error": "need_info", "ticket": self.ticket(), **more})
        )

    def submitted(self, **more: object) -> None:
        self.answers.append(
            lambda _: (403, {"error": "request_submitted", "ticket": self.ticket(), **more})
        )

    def forms(self) -> list[Form]:
        return [form_of(item) for item in self.requests if item.url.path == "/token"]

    def sent_rpts(self) -> list[str]:
        """Return the Authorization headers of the resource requests."""
        return [
            item.headers.get("authorization", "")
            for item in self.requests
            if item.url.host == "rs.example"
        ]

    def got(self, outcome: object) -> bytes:
        """Return the resource that a flow ended with."""
        assert isinstance(outcome, Done), outcome
        return outcome.response.body

    def held(self, value: str = "rpt-old", **more: Any) -> HeldRpt:
        """Make an RPT that the client got before."""
        members: dict[str, Any] = {
            "server": "https://rs.example:443",
            "issuer": AS,
            "party": "me",
            "client_id": "client",
            "value": value,
            "resources": (PHOTO,),
        }
        return HeldRpt(**(members | more))

    def wallet(self, *rpts: HeldRpt, pct: str = "") -> MemoryWallet:
        """Make a wallet with some RPTs, and perhaps a PCT."""
        wallet = MemoryWallet()
        pcts = (HeldPct(AS, "client", "me", pct),) if pct else ()
        wallet.change(lambda _: Holdings(rpts, pcts))
        return wallet

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def form_of(request: httpx.Request) -> Form:
    pairs = parse_qs(request.content.decode(), keep_blank_values=True)
    assert all(len(values) == 1 for values in pairs.values())
    return {name: values[0] for name, values in pairs.items()}


@pytest.fixture
def world() -> World:
    return World()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes longest begin first, so that no worker is left alone with it at the end."""
    items.sort(key=_brief)


def _brief(item: pytest.Item) -> bool:
    measured = "unmeasured" not in getattr(item, "fixturenames", ())
    return measured and item.get_closest_marker("long") is None
