"""A server that asks requesting parties themselves, and clients that send them there."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl

import httpx
import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

Document = dict[str, object]
BACK = "https://app.example/claims?x=1;y=%2F"
CALLBACK = "https://app.example/cb"


@pytest.fixture
def document(document: Document) -> Document:
    more: list[object] = [
        {
            "id": "web",
            "secret": "web-secret",
            "name": "The web app",
            "redirect_uris": [CALLBACK],
            "claims_redirect_uris": [BACK],
        },
        {
            "id": "two",
            "secret": "two-secret",
            "claims_redirect_uris": ["https://two.example/a", "com.example.two:/b"],
        },
        {
            "id": "public",
            "token_endpoint_auth_method": "none",
            "claims_redirect_uris": ["http://127.0.0.1/claims"],
        },
    ]
    carol: Document = {
        "id": "carol",
        "password": "carol-password",
        "claims": {"role": "doctor", "team": ["red", "blue"], "diary": "private"},
    }
    dave: Document = {"id": "dave", "password": "dave-password", "claims": {"role": "nurse"}}
    return {
        **document,
        "clients": [*cast("list[object]", document["clients"]), *more],
        "requesting_parties": [carol, dave],
        "features": ["interactive-claims", "pct", "request_submitted", "revocation"],
    }


@pytest.fixture
def visitor(browser: Callable[..., Browser]) -> Browser:
    """Return the browser of a requesting party."""
    return browser()


@pytest.fixture
def arrive() -> Callable[..., httpx.Response]:
    """Return a function that follows a client's link; `None` leaves a parameter out."""

    def go(
        visitor: Browser, ticket: str, client: str = "web", **more: str | None
    ) -> httpx.Response:
        query = {"client_id": client, "ticket": ticket, **more}
        return visitor.get("/claims", **{k: v for k, v in query.items() if v is not None})

    return go


@pytest.fixture
def page_of(arrive: Callable[..., httpx.Response]) -> Callable[..., httpx.Response]:
    """Return a function that arrives, signs in if need be, and returns the page of the visit."""

    def go(
        visitor: Browser, ticket: str, name: str = "carol", client: str = "web", **more: str | None
    ) -> httpx.Response:
        answer = visitor.follow(arrive(visitor, ticket, client, **more))
        if answer.status_code == 303:
            form = visitor.follow(answer)
            signed = visitor.send(form, "/sign-in", name=name, password=f"{name}-password")
            answer = visitor.follow(signed)
        assert answer.status_code == 200, answer.text
        return answer

    return go


@pytest.fixture
def told() -> Callable[..., dict[str, str]]:
    """Return a function that reads what a client is told by a redirection to its address."""

    def read(answer: httpx.Response, address: str = f"{BACK}&") -> dict[str, str]:
        assert answer.status_code == 303, answer.text
        place = answer.headers["location"]
        assert place.startswith(address), place
        pairs = parse_qsl(place.removeprefix(address), keep_blank_values=True, strict_parsing=True)
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    return read


@pytest.fixture
def gather(
    visitor: Browser,
    page_of: Callable[..., httpx.Response],
    told: Callable[..., dict[str, str]],
) -> Callable[..., str]:
    """Return a function that makes a whole visit and returns the ticket that comes back."""

    def go(ticket: str, name: str = "carol", **fields: str | None) -> str:
        page = page_of(visitor, ticket, name)
        return told(visitor.send(page, "/claims/visit", decision="continue", **fields))["ticket"]

    return go
