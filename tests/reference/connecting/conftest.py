"""A server at which end-user owners let resource servers act for them."""

import base64
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

Document = dict[str, object]
VERIFIER = "v" * 43
CB = "https://rs.example/cb?tenant=a;b"


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def document(document: Document) -> Document:
    scopes = ["uma_protection"]
    more: list[object] = [
        {"id": "web", "secret": "web-secret", "scopes": scopes, "redirect_uris": [CB]},
        {
            "id": "app",
            "token_endpoint_auth_method": "none",
            "scopes": scopes,
            "redirect_uris": ["http://127.0.0.1/cb", "com.example.app:/cb"],
            "claims_redirect_uris": ["https://app.example/claims"],
            "resource_server": "phone",
        },
        {"id": "plain", "secret": "plain-secret", "redirect_uris": ["https://plain.example/cb"]},
    ]
    return {
        **document,
        "clients": [*cast("list[object]", document["clients"]), *more],
        "requesting_parties": [{"id": "carol", "password": "carol-password"}],
        "features": ["dynamic-registration", "interactive-claims", "pct", "revocation"],
        "lifetimes": {"code_seconds": 60, "pat_seconds": 900, "pat_refresh_seconds": 10_000},
    }


@pytest.fixture
def request_of() -> Callable[..., dict[str, str]]:
    """Return a function that makes an authorization request; `None` leaves a parameter out."""

    def make(client: str = "web", **changed: str | None) -> dict[str, str]:
        usual: dict[str, str | None] = {
            "response_type": "code",
            "client_id": client,
            "redirect_uri": CB if client == "web" else None,
            "scope": "uma_protection",
            "state": "a b&c=\u00fc",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
        }
        return {k: v for k, v in {**usual, **changed}.items() if v is not None}

    return make


@pytest.fixture
def owner(browser: Callable[..., Browser]) -> Browser:
    """Return the browser of alice, who signed in."""
    visitor = browser()
    visitor.sign_in("alice")
    return visitor


@pytest.fixture
def allowed(
    owner: Browser, request_of: Callable[..., dict[str, str]]
) -> Callable[..., dict[str, str]]:
    """Return a function that has alice allow a request, and returns what the client is told."""

    def make(client: str = "web", **changed: str | None) -> dict[str, str]:
        page = owner.get("/authorize", **request_of(client, **changed))
        assert page.status_code == 200, page.text
        answer = owner.send(page, "/authorize", decision="allow")
        assert answer.status_code == 303
        query = urlsplit(answer.headers["location"]).query
        return {name: values[0] for name, values in parse_qs(query).items()}

    return make


@pytest.fixture
def exchange(server: httpx.Client) -> Callable[..., httpx.Response]:
    """Return a function that presents a code; `None` leaves a parameter out."""

    def post(code: str, client: str = "web", **changed: str | None) -> httpx.Response:
        usual: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": VERIFIER,
            "redirect_uri": CB if client == "web" else None,
            "client_id": client if client == "app" else None,
        }
        form = {k: v for k, v in {**usual, **changed}.items() if v is not None}
        auth = None if client == "app" else (client, f"{client}-secret")
        return server.post("/token", data=form, auth=auth or httpx.USE_CLIENT_DEFAULT)

    return post
