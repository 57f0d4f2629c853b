"""Both reference servers: an owner connects in her browser, and RPTs are JWTs."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest

from uma_reference import resource_server
from uma_reference.authorization_server import AdjustableClock
from uma_reference.client import Done, UmaClient
from uma_reference.resource_server import Core, MemoryStore

if TYPE_CHECKING:
    from tests.reference.resource_server.conftest import Wire
else:
    Wire = Any

AS = "https://as.example"
RS = "https://rs.example"
LISTING = f"{RS}/owners/alice/documents"
NOTES = f"{LISTING}/notes"
ALICE = ("alice", "alice-rs-password")
Json = dict[str, object]


class TestConnecting:
    @pytest.fixture
    def document(self, document: Json) -> Json:
        clients: list[object] = document["clients"]  # type: ignore[assignment]  # made in conftest
        connecting = {
            "id": "rs-client",
            "secret": "rs-client-secret",
            "scopes": ["uma_protection"],
            "resource_server": "rs",
            "redirect_uris": [f"{RS}/connect/callback"],
        }
        return document | {"clients": [*clients, connecting]}

    @pytest.fixture
    def rs_document(self, rs_document: Json, password_hash: str) -> Json:
        client = {"id": "rs-client", "secret": "rs-client-secret"}
        notes = {"id": "notes", "name": "Notes", "content": {"text": "hello"}}
        alice = {"id": "alice", "password_hash": password_hash, "documents": [notes]}
        return rs_document | {
            "authorization_server": {"issuer": AS, "client": client},
            "owners": [alice],
        }

    @pytest.fixture
    def connected(self, rs: httpx.Client, server: httpx.Client) -> httpx.Response:
        """Go the way of an owner's browser; return the answer to her coming back."""
        away = rs.get(f"{RS}/owners/alice/connect", auth=ALICE)
        sign_in = server.get(away.headers["location"], follow_redirects=True)
        form = {**_hidden(sign_in), "name": "alice", "password": "alice-password"}
        page = server.post(f"{AS}/sign-in", data=form, follow_redirects=True)
        allowed = server.post(f"{AS}/authorize", data={**_hidden(page), "decision": "allow"})
        assert allowed.headers["location"].startswith(f"{RS}/connect/callback?")
        return rs.get(allowed.headers["location"])

    def test_the_owner_connects_and_shares(
        self,
        connected: httpx.Response,
        rs: httpx.Client,
        client: UmaClient,
        allow: Callable[..., str],
        resource_of: Callable[[str], str],
    ) -> None:
        assert (connected.status_code, connected.headers["location"]) == (303, LISTING)
        assert rs.get(LISTING, auth=ALICE).json()["connected"] is True
        allow(resource_of("notes"), "view", role="doctor")
        outcome = client.get(NOTES)
        assert isinstance(outcome, Done)
        assert outcome.response.body == b'{"text": "hello"}'

    def test_the_pat_is_refreshed(
        self, connected: httpx.Response, rs: httpx.Client, clock: AdjustableClock, core: Core
    ) -> None:
        assert connected.status_code == 303
        before = core.store.connection("alice")
        clock.advance(900)
        assert rs.get(NOTES).status_code == 401
        after = core.store.connection("alice")
        assert before is not None
        assert after is not None
        assert before.pat != after.pat
        assert before.refresh_token != after.refresh_token


class TestSignedRpts:
    @pytest.fixture
    def document(self, document: Json) -> Json:
        return document | {"rpt_format": "jwt"}

    @pytest.fixture
    def rs_document(self, rs_document: Json) -> Json:
        return rs_document | {"rpt_validation": "local"}

    def test_a_signed_rpt_is_validated_here(
        self,
        core: Core,
        rs: httpx.Client,
        client: UmaClient,
        allow: Callable[..., str],
        resource_of: Callable[[str], str],
        rpt_for: Callable[..., dict[str, str]],
        wire: Wire,
        clock: AdjustableClock,
    ) -> None:
        core.settle()
        allow(resource_of("notes"), "view", role="doctor")
        assert isinstance(client.get(NOTES), Done)
        allow(resource_of("notes"), "view")
        header = rpt_for({resource_of("notes"): ["view"]})
        assert rs.get(NOTES, headers=header).status_code == 200
        assert not wire.seen("POST", "/introspect")
        clock.advance(600)
        assert rs.get(NOTES, headers=header).status_code == 401


def _hidden(page: httpx.Response) -> dict[str, str]:
    assert page.status_code == 200, (page.status_code, urlsplit(str(page.url)).path)
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    return {name: value.replace("&amp;", "&") for name, value in found}


class TestPolicyAddresses:
    @pytest.fixture
    def document(self, document: Json) -> Json:
        return document | {"policy_uris": True}

    @pytest.mark.parametrize("adopted", [False, True])
    def test_the_owner_is_told_where_to_set_policy(
        self, start: Callable[..., Core], speak: Callable[[Core], httpx.Client], *, adopted: bool
    ) -> None:
        core = start()
        core.settle()
        if adopted:
            core = start(MemoryStore())
            core.settle()
        (notes,) = speak(core).get(LISTING, auth=ALICE).json()["documents"]
        assert notes["user_access_policy_uri"].startswith(f"{AS}/")


def test_the_authorization_server_is_known_by_http_alone() -> None:
    folder = Path(resource_server.__file__).parent
    sources = list(folder.rglob("*.py"))
    assert len(sources) > 20
    for source in sources:
        assert "uma_reference.authorization_server" not in source.read_text("utf-8"), source


class TestLicences:
    @pytest.fixture
    def document(self, document: Json) -> Json:
        return document | {"licences": True}

    def test_resource_server_and_client_do_not_mind_them(
        self,
        core: Core,
        client: UmaClient,
        allow: Callable[..., str],
        resource_of: Callable[[str], str],
        wire: Wire,
    ) -> None:
        core.settle()
        allow(resource_of("notes"), "view", role="doctor")
        assert isinstance(client.get(NOTES), Done)
        assert wire.seen("POST", "/introspect")
