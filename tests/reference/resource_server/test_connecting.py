"""An owner connects the server by an authorization code, before a scripted authorization server."""

import base64
import hashlib
import json
from collections.abc import Callable
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from uma_reference.authorization_server import AdjustableClock
from uma_reference.client import HttpxSender
from uma_reference.clock import SystemRandomness
from uma_reference.resource_server import Config, Core, MemoryStore, put_together
from uma_reference.resource_server.model import Connection

AS = "https://as.example"
RS = "https://rs.example"
ALICE = ("alice", "alice-rs-password")
CONNECT = f"{RS}/owners/alice/connect"
LISTING = f"{RS}/owners/alice/documents"
CALLBACK = f"{RS}/connect/callback"
Document = dict[str, object]


class ScriptedServer:
    """An authorization server whose owner says yes at once; PATs are `pat-1`, `pat-2` and so on."""

    def __init__(self) -> None:
        self.codes: dict[str, dict[str, str]] = {}
        self.good: set[str] = set()
        self.refresh: set[str] = set()
        self.issued = 0
        self.refreshing = True
        self.expires_in: int | None = 600
        self.resources: dict[str, object] = {}
        self.tokens: list[httpx.Request] = []
        self.instead: Document = {}
        self.refused: Callable[[], None] = lambda: None

    def authorize(self, location: str) -> dict[str, str]:
        """Return the parameters with which the owner comes back."""
        parts = urlsplit(location)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{AS}/authorize"
        asked = dict(parse_qsl(parts.query))
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": AS}

    def handle(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/.well-known/uma2-configuration":
            names = {"token": "token", "permission": "perm", "resource_registration": "rreg"}
            names |= {"introspection": "introspect", "authorization": "authorize"}
            places = {f"{name}_endpoint": f"{AS}/{place}" for name, place in names.items()}
            return httpx.Response(200, json={"issuer": AS, **places})
        if path == "/token":
            self.tokens.append(request)
            return self._token(dict(parse_qsl(request.content.decode())))
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.good:
            return httpx.Response(401, json={"error": "invalid_token"})
        if path == "/perm":
            return httpx.Response(201, json={"ticket": "ticket"})
        if request.method == "GET":
            return httpx.Response(200, json=list(self.resources))
        found = f"r{len(self.resources)}"
        self.resources[found] = json.loads(request.content)
        return httpx.Response(201, json={"_id": found}, headers={"location": f"/rreg/{found}"})

    def _token(self, form: dict[str, str]) -> httpx.Response:
        if self.instead:
            return httpx.Response(200, json=self.instead)
        if form["grant_type"] == "authorization_code":
            asked = self.codes.pop(form["code"], None)
            if asked is None or form["redirect_uri"] != asked["redirect_uri"]:
                return httpx.Response(400, json={"error": "invalid_grant"})
            challenge = hashlib.sha256(form["code_verifier"].encode()).digest()
            encoded = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
            if encoded != asked["code_challenge"] or asked["code_challenge_method"] != "S256":
                return httpx.Response(400, json={"error": "invalid_grant"})
        elif form["refresh_token"] in self.refresh:
            self.refresh.remove(form["refresh_token"])
        else:
            self.refused()
            return httpx.Response(400, json={"error": "invalid_grant"})
        self.issued += 1
        pat, refresh = f"pat-{self.issued}", f"refresh-{self.issued}"
        self.good = {pat}
        body: Document = {"access_token": pat, "token_type": "Bearer", "scope": "uma_protection"}
        if self.expires_in is not None:
            body["expires_in"] = self.expires_in
        if self.refreshing:
            self.refresh.add(refresh)
            body["refresh_token"] = refresh
        return httpx.Response(200, json=body)


@pytest.fixture
def scripted() -> ScriptedServer:
    return ScriptedServer()


@pytest.fixture
def client_document() -> Document:
    return {"id": "rs-client", "secret": "rs-client-secret"}


@pytest.fixture
def core(
    rs_document: Document,
    client_document: Document,
    password_hash: str,
    scripted: ScriptedServer,
    rs_store: MemoryStore,
    clock: AdjustableClock,
) -> Core:
    notes = {"id": "notes", "name": "Notes"}
    alice = {"id": "alice", "password_hash": password_hash, "documents": [notes]}
    bob = {"id": "bob", "password_hash": password_hash}
    document = rs_document | {
        "authorization_server": {"issuer": AS, "client": client_document},
        "owners": [alice, bob],
    }
    sender = HttpxSender(transport=httpx.MockTransport(scripted.handle))
    config = Config.from_document(document)
    return put_together(config, rs_store, sender, clock, SystemRandomness())


@pytest.fixture
def back(rs: httpx.Client, scripted: ScriptedServer) -> Callable[..., httpx.Response]:
    """Return what goes all the way, with changes to the parameters of the way back."""

    def go(**changes: str | None) -> httpx.Response:
        away = rs.get(CONNECT, auth=ALICE)
        parameters = scripted.authorize(away.headers["location"]) | changes
        kept = {name: value for name, value in parameters.items() if value is not None}
        return rs.get(CALLBACK, params=kept)

    return go


def test_the_owner_is_sent_to_the_authorization_endpoint(rs: httpx.Client) -> None:
    answer = rs.get(CONNECT, auth=ALICE)
    assert answer.status_code == 303
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["client_id"] == ["rs-client"]
    assert asked["redirect_uri"] == [CALLBACK]
    assert asked["scope"] == ["uma_protection"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == len(asked["state"][0]) == 43
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-uma-connect-rs=")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert asked["state"][0] not in cookie


def test_only_the_owner_can_connect(rs: httpx.Client) -> None:
    assert rs.get(CONNECT).status_code == 401
    assert rs.get(CONNECT, auth=("alice", "wrong")).status_code == 401
    assert rs.get(CONNECT, auth=("bob", ALICE[1])).status_code == 403


def test_who_comes_back_has_her_documents_registered(
    rs: httpx.Client, back: Callable[..., httpx.Response], scripted: ScriptedServer
) -> None:
    before = rs.get(LISTING, auth=ALICE).json()
    assert (before["connected"], before["connect"]) == (False, CONNECT)
    assert before["documents"][0]["registered"] is False
    answer = back()
    assert (answer.status_code, answer.headers["location"]) == (303, LISTING)
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert "code" not in answer.headers["location"]
    after = rs.get(LISTING, auth=ALICE).json()
    assert after["connected"] is True
    assert after["documents"][0]["registered"] is True
    assert len(scripted.resources) == 1
    assert scripted.tokens[0].headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "wrong"},
        {"state": None},
        {"code": None},
        {"code": ""},
        {"iss": "https://other.example"},
        {"error": "access_denied", "code": None},
    ],
)
def test_a_way_back_that_is_wrong_connects_nothing(
    core: Core,
    back: Callable[..., httpx.Response],
    changes: dict[str, str | None],
) -> None:
    assert back(**changes).status_code in {400, 403}
    assert core.store.connection("alice") is None


def test_iss_may_be_missing(core: Core, back: Callable[..., httpx.Response]) -> None:
    assert back(iss=None).status_code == 303
    assert core.store.connection("alice") is not None


def test_a_code_that_is_refused_connects_nothing(
    core: Core, back: Callable[..., httpx.Response]
) -> None:
    assert back(code="another").status_code == 502
    assert core.store.connection("alice") is None


def test_a_repeated_parameter_is_refused(rs: httpx.Client) -> None:
    assert rs.get(f"{CALLBACK}?state=a&state=b").status_code == 400


def test_another_browser_cannot_come_back(
    core: Core, rs: httpx.Client, scripted: ScriptedServer
) -> None:
    away = rs.get(CONNECT, auth=ALICE)
    parameters = scripted.authorize(away.headers["location"])
    rs.cookies.clear()
    assert rs.get(CALLBACK, params=parameters).status_code == 400
    assert core.store.connection("alice") is None


def test_the_way_back_works_once(rs: httpx.Client, scripted: ScriptedServer) -> None:
    away = rs.get(CONNECT, auth=ALICE)
    parameters = scripted.authorize(away.headers["location"])
    cookie = {"Cookie": away.headers["set-cookie"].partition(";")[0]}
    assert rs.get(CALLBACK, params=parameters, headers=cookie).status_code == 303
    assert rs.get(CALLBACK, params=parameters, headers=cookie).status_code == 400


def test_the_way_back_is_open_for_ten_minutes(
    rs: httpx.Client, scripted: ScriptedServer, clock: AdjustableClock
) -> None:
    away = rs.get(CONNECT, auth=ALICE)
    parameters = scripted.authorize(away.headers["location"])
    clock.advance(600)
    assert rs.get(CALLBACK, params=parameters).status_code == 400


def test_a_pat_is_refreshed_when_its_time_is_over(
    core: Core,
    rs: httpx.Client,
    back: Callable[..., httpx.Response],
    clock: AdjustableClock,
) -> None:
    back()
    clock.advance(600)
    assert rs.get(f"{LISTING}/notes").status_code == 401
    kept = core.store.connection("alice")
    assert kept is not None
    assert (kept.pat, kept.refresh_token) == ("pat-2", "refresh-2")


def test_a_pat_is_refreshed_when_it_is_refused(
    core: Core, rs: httpx.Client, back: Callable[..., httpx.Response], scripted: ScriptedServer
) -> None:
    back()
    scripted.good.clear()
    assert rs.get(f"{LISTING}/notes").status_code == 401
    kept = core.store.connection("alice")
    assert kept is not None
    assert kept.pat == "pat-2"


def test_without_a_refresh_token_the_owner_has_to_connect_again(
    rs: httpx.Client,
    back: Callable[..., httpx.Response],
    scripted: ScriptedServer,
    clock: AdjustableClock,
) -> None:
    scripted.refreshing = False
    back()
    assert rs.get(f"{LISTING}/notes").status_code == 401
    clock.advance(600)
    answer = rs.get(f"{LISTING}/notes")
    assert answer.status_code == 403
    assert answer.headers["warning"] == '199 - "UMA Authorization Server Unreachable"'
    assert rs.get(LISTING, auth=ALICE).json()["connected"] is False
    assert back().status_code == 303
    assert rs.get(f"{LISTING}/notes").status_code == 401
    assert len(scripted.resources) == 1


def test_a_refresh_token_that_is_refused_ends_the_connection(
    core: Core, rs: httpx.Client, back: Callable[..., httpx.Response], scripted: ScriptedServer
) -> None:
    back()
    scripted.good.clear()
    scripted.refresh.clear()
    assert rs.get(f"{LISTING}/notes").status_code == 403
    assert core.store.connection("alice") is None


def test_what_another_process_refreshed_is_used(
    core: Core, rs: httpx.Client, back: Callable[..., httpx.Response], scripted: ScriptedServer
) -> None:
    back()
    newer = Connection("alice", AS, "pat-of-another", 0, "refresh-of-another")
    scripted.good = {newer.pat}
    scripted.refresh.clear()
    scripted.refused = lambda: core.store.put_connection(newer)
    assert rs.get(f"{LISTING}/notes").status_code == 401
    assert core.store.connection("alice") == newer


@pytest.mark.parametrize(
    "answer",
    [
        {"access_token": "x"},
        {"access_token": "x", "token_type": "DPoP"},
        {"access_token": "a b", "token_type": "Bearer"},
        {"access_token": 1, "token_type": "Bearer"},
        {"access_token": "x", "token_type": "bearer", "scope": "openid"},
    ],
)
def test_a_token_that_is_no_pat_connects_nothing(
    core: Core, back: Callable[..., httpx.Response], scripted: ScriptedServer, answer: Document
) -> None:
    scripted.instead = answer
    assert back().status_code == 502
    assert core.store.connection("alice") is None


def test_a_pat_of_unknown_length_is_used_until_it_is_refused(
    rs: httpx.Client,
    back: Callable[..., httpx.Response],
    scripted: ScriptedServer,
    clock: AdjustableClock,
) -> None:
    scripted.expires_in = None
    back()
    clock.advance(1_000_000)
    assert rs.get(f"{LISTING}/notes").status_code == 401
    assert scripted.issued == 1


def test_an_owner_can_end_the_connection(
    core: Core, rs: httpx.Client, back: Callable[..., httpx.Response]
) -> None:
    back()
    place = f"{RS}/owners/alice/connection"
    assert rs.delete(place).status_code == 401
    assert rs.delete(place, auth=ALICE).status_code == 204
    assert core.store.connection("alice") is None


def test_the_pat_stands_in_no_answer_and_in_no_text_of_a_value(
    core: Core, rs: httpx.Client, back: Callable[..., httpx.Response]
) -> None:
    back()
    kept = core.store.connection("alice")
    assert kept is not None
    for text in (rs.get(LISTING, auth=ALICE).text, repr(kept), repr(core.config)):
        assert kept.pat not in text
        assert kept.refresh_token not in text
        assert "rs-client-secret" not in text


class TestWithAKey:
    @pytest.fixture
    def key(self) -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1())

    @pytest.fixture
    def client_document(self, key: ec.EllipticCurvePrivateKey) -> Document:
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return {"id": "rs-client", "method": "private_key_jwt", "key": pem, "key_id": "k"}

    def test_the_client_signs_an_assertion(
        self,
        back: Callable[..., httpx.Response],
        scripted: ScriptedServer,
        key: ec.EllipticCurvePrivateKey,
    ) -> None:
        assert back().status_code == 303
        form = dict(parse_qsl(scripted.tokens[0].content.decode()))
        claims = jwt.decode(
            form["client_assertion"], key.public_key(), ["ES256"], audience=f"{AS}/token"
        )
        assert (claims["iss"], claims["sub"]) == ("rs-client", "rs-client")
        assert "authorization" not in scripted.tokens[0].headers
