"""Owners and a requesting party at the pages of a server that has what the pages can show."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

FEATURES = ["interactive-claims", "pct", "request_submitted"]
Register = Callable[..., str]


@pytest.fixture
def document(document: dict[str, object]) -> dict[str, object]:
    party = {
        "id": "party",
        "name": "Pat Party",
        "password": "party-password",
        "claims": {"email": "party@example.org"},
    }
    return {
        **document,
        "features": FEATURES,
        "requesting_parties": [party],
        "withdrawal_ends_rpts": True,
        "policy_uris": True,
    }


@pytest.fixture
def signed_in(browser: Callable[..., Browser]) -> Callable[[str], Browser]:
    """Return what opens a browser in which somebody signed in."""

    def make(name: str) -> Browser:
        opened = browser()
        assert opened.sign_in(name).status_code == 303
        return opened

    return make


@pytest.fixture
def alice(signed_in: Callable[[str], Browser]) -> Browser:
    return signed_in("alice")


@pytest.fixture
def describe(server: httpx.Client, pat: dict[str, str]) -> Register:
    """Return a function that registers a resource with a name and other members."""

    def put(name: str, *scopes: str, **more: str) -> str:
        description = {"name": name, "resource_scopes": scopes or ("view", "print"), **more}
        answer = server.post("/rreg", json=description, headers=pat)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["_id"])

    return put


@pytest.fixture
def letter(describe: Register) -> str:
    return describe("Letter")


@pytest.fixture
def policies(server: httpx.Client) -> Callable[[str], list[dict[str, Any]]]:
    """Return what reads the policies of a resource of Alice, without their identifiers."""

    def read(resource: str) -> list[dict[str, Any]]:
        place = f"/owner/resources/{resource}/policies"
        found = server.get(place, auth=("alice", "alice-password")).json()
        return [{k: v for k, v in item.items() if k != "id"} for item in found]

    return read


@pytest.fixture
def asked(
    server: httpx.Client,
    letter: str,
    ticket: Callable[..., str],
    redeem: Callable[..., httpx.Response],
    id_token: Callable[..., dict[str, str]],
) -> Callable[..., str]:
    """Return what has a requesting party ask for the letter, and returns the ticket to poll with.

    Whoever asks for it has to be approved.
    """
    policy = {"scopes": ["view", "print"], "anyone": True, "ask": True}
    place = f"/owner/resources/{letter}/policies"
    server.post(place, json=policy, auth=("alice", "alice-password"))

    def ask(*scopes: str, **claims: object) -> str:
        wanted = {letter: list(scopes or ("view", "print"))}
        answer = redeem(ticket(wanted), **id_token(**claims))
        assert answer.json()["error"] == "request_submitted", answer.text
        return str(answer.json()["ticket"])

    return ask
