"""An authorization server in this process, spoken to by HTTP without sockets."""

import asyncio
import json
import os
import uuid
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt import api_jws
from jwt.algorithms import ECAlgorithm
from psycopg.sql import SQL, Identifier
from starlette.applications import Starlette
from starlette.types import ASGIApp

from uma_reference.authorization_server import (
    AdjustableClock,
    Config,
    MemoryStore,
    SystemRandomness,
    create_app,
)

ISSUER = "https://as.example"
PROVIDER = "https://identity.example"
UMA_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"
ID_TOKEN_FORMAT = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken"
PAT_CLIENTS = [("alice", "rs"), ("bob", "rs"), ("alice", "rs2")]
Document = dict[str, object]


class InProcess(httpx.BaseTransport):
    """Hands the requests of a synchronous client to an application in this process."""

    def __init__(self, app: ASGIApp, address: str = "127.0.0.1") -> None:
        self._runner = asyncio.Runner()
        self._transport = httpx.ASGITransport(
            app, raise_app_exceptions=False, client=(address, 50000)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._runner.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        return httpx.Response(
            answer.status_code, headers=answer.headers, content=await answer.aread()
        )

    def close(self) -> None:
        self._runner.close()


class Forms(HTMLParser):
    """Reads the forms of a page: where each leads, and its fields as they stand."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        members = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((members["action"], {}))
        ticked = members.get("type") != "checkbox" or "checked" in members
        if tag == "input" and ticked:
            self.found[-1][1][members["name"]] = members["value"]


class Browser:
    """A person's browser without scripts: keeps cookies, sends the forms of pages it was given.

    It follows no redirection by itself, so that each can be looked at.
    """

    def __init__(self, app: ASGIApp, issuer: str, address: str = "127.0.0.1") -> None:
        parts = urlsplit(issuer)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.base = parts.path
        transport = InProcess(app, address)
        self.http = httpx.Client(transport=transport, base_url=self.origin, trust_env=False)

    def get(self, place: str, **query: str) -> httpx.Response:
        return self.http.get(place, params=query or None)

    def follow(self, answer: httpx.Response) -> httpx.Response:
        """Go where a redirection leads, as long as it is a place of the server."""
        place = answer.headers["location"]
        assert place.startswith("/"), place
        return self.get(place)

    def send(
        self, page: httpx.Response, action: str, origin: str | None = "", **fields: str | None
    ) -> httpx.Response:
        """Send a form of a page with some fields filled in; `None` leaves a field out."""
        (form,) = (found for found in Forms(page.text).found if found[0] == self.base + action)
        filled = {**form[1], **fields}
        headers = {} if origin is None else {"Origin": origin or self.origin}
        sent = {name: value for name, value in filled.items() if value is not None}
        return self.http.post(form[0], data=sent, headers=headers)

    def sign_in(self, name: str, place: str = "", password: str = "") -> httpx.Response:
        """Sign a person in and return the redirection that follows."""
        page = self.get(f"{self.base}/sign-in", next=place)
        word = password or f"{name}-password"
        return self.send(page, "/sign-in", name=name, password=word)


@pytest.fixture
def browser(app: Starlette, document: Document) -> Generator[Callable[..., Browser]]:
    """Return a function that opens a browser without cookies, at some address of the network."""
    opened: list[Browser] = []

    def make(address: str = "127.0.0.1") -> Browser:
        opened.append(Browser(app, str(document["issuer"]), address))
        return opened[-1]

    yield make
    for item in opened:
        item.http.close()


@pytest.fixture
def in_process() -> Callable[[ASGIApp], httpx.BaseTransport]:
    """Return what makes a transport to an application in this process."""
    return InProcess


@pytest.fixture(scope="session")
def provider_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def document(provider_key: ec.EllipticCurvePrivateKey) -> Document:
    """Return a configuration document that a test may change before it asks for `server`."""
    public = json.loads(ECAlgorithm.to_jwk(provider_key.public_key()))
    key = {**public, "kid": "key", "use": "sig", "alg": "ES256"}
    pat_clients: list[Document] = [
        {
            "id": f"{server}-{owner}",
            "secret": f"{server}-{owner}-secret",
            "scopes": ["uma_protection"],
            "owner": owner,
            "resource_server": server,
        }
        for owner, server in PAT_CLIENTS
    ]
    clients: list[Document] = [
        {"id": "client", "secret": "client-secret", "scopes": ["download"]},
        {"id": "other", "secret": "other-secret"},
        {"id": "domainless", "secret": "domainless-secret", "scopes": ["uma_protection"]},
    ]
    return {
        "issuer": ISSUER,
        "lifetimes": {"ticket_seconds": 300, "rpt_seconds": 600, "pat_seconds": 900},
        "owners": [{"id": name, "password": f"{name}-password"} for name in ("alice", "bob")],
        "clients": [*clients, *pat_clients],
        "trusted_issuers": [{"issuer": PROVIDER, "jwks": {"keys": [key]}}],
        "controls": True,
    }


@pytest.fixture
def clock() -> AdjustableClock:
    return AdjustableClock()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def app(document: Document, store: MemoryStore, clock: AdjustableClock) -> Starlette:
    return create_app(Config.from_document(document), store, clock, SystemRandomness())


@pytest.fixture
def server(app: Starlette, document: Document) -> Generator[httpx.Client]:
    """Yield a client of a fresh server; a crash of the application shows as status 500."""
    issuer = str(document["issuer"])
    with httpx.Client(transport=InProcess(app), base_url=issuer, trust_env=False) as client:
        yield client


@pytest.fixture
def pat_of(server: httpx.Client) -> Callable[[str], dict[str, str]]:
    """Return a function that gets the PAT of a resource server's client, as a header."""

    def get(client: str) -> dict[str, str]:
        answer = server.post(
            "/token",
            data={"grant_type": "client_credentials", "scope": "uma_protection"},
            auth=(client, f"{client}-secret"),
        )
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    return get


@pytest.fixture
def pat(pat_of: Callable[[str], dict[str, str]]) -> dict[str, str]:
    return pat_of("rs-alice")


@pytest.fixture
def register(server: httpx.Client, pat: dict[str, str]) -> Callable[..., str]:
    def put(*scopes: str, headers: Mapping[str, str] = pat) -> str:
        answer = server.post("/rreg", json={"resource_scopes": scopes}, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["_id"])

    return put


@pytest.fixture
def allow(server: httpx.Client) -> Callable[..., str]:
    """Return a function that opens scopes of a resource to a role, or to anyone."""

    def put(resource: str, *scopes: str, role: str = "", **more: object) -> str:
        condition = {"claim": "role", "values": [role], **more}
        answer = server.post(
            f"/owner/resources/{resource}/policies",
            json={"scopes": scopes, "conditions": [condition] if role else [], "anyone": not role},
            auth=("alice", "alice-password"),
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    return put


@pytest.fixture
def ticket(server: httpx.Client, pat: dict[str, str]) -> Callable[..., str]:
    def get(permissions: Mapping[str, list[str]]) -> str:
        wanted = [{"resource_id": k, "resource_scopes": v} for k, v in permissions.items()]
        answer = server.post("/perm", json=wanted, headers=pat)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["ticket"])

    return get


@pytest.fixture
def redeem(server: httpx.Client) -> Callable[..., httpx.Response]:
    """Return a function that presents a ticket, with further parameters."""

    def post(ticket: str, client: str = "client", **parameters: str) -> httpx.Response:
        form = {"grant_type": UMA_GRANT, "ticket": ticket, **parameters}
        return server.post("/token", data=form, auth=(client, f"{client}-secret"))

    return post


@pytest.fixture
def id_token(
    provider_key: ec.EllipticCurvePrivateKey, clock: AdjustableClock
) -> Callable[..., dict[str, str]]:
    """Return a function that makes the parameters which push an ID Token."""

    def make(
        key: ec.EllipticCurvePrivateKey = provider_key, kid: str = "key", **claims: object
    ) -> dict[str, str]:
        now = clock.now()
        standard: Document = {
            "iss": PROVIDER,
            "sub": "party",
            "aud": "client",
            "iat": now,
            "exp": now + 60,
            "role": "doctor",
        }
        kept = {name: value for name, value in {**standard, **claims}.items() if value is not None}
        # Unlike `jwt.encode` this signs anything, sensible or not.
        token = api_jws.encode(json.dumps(kept).encode(), key, "ES256", {"kid": kid})
        return {"claim_token": token, "claim_token_format": ID_TOKEN_FORMAT}

    return make


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the URL of a database file that is not there yet."""
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def postgresql_schema() -> Callable[[], AbstractContextManager[str]]:
    """Return what makes the URL of an empty PostgreSQL schema, which goes again with its block."""
    server = os.environ.get("UMA2_TEST_POSTGRESQL")
    if not server:
        pytest.skip("UMA2_TEST_POSTGRESQL names no PostgreSQL server; see .ci/postgresql")

    @contextmanager
    def make() -> Generator[str]:
        name = f"test_{uuid.uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(name)))
            yield f"{server}?options=-csearch_path%3D{name}"
            connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(name)))

    return make


@pytest.fixture
def postgresql_url(
    postgresql_schema: Callable[[], AbstractContextManager[str]],
) -> Generator[str]:
    with postgresql_schema() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))
