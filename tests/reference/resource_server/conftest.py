"""A resource server before the reference authorization server, both in this process."""

import base64
import hashlib
import threading
from collections.abc import Callable, Generator

import httpx
import pytest
from starlette.types import ASGIApp

from uma_reference.authorization_server import AdjustableClock
from uma_reference.client import ClaimToken, Credentials, GivenClaims, HttpxSender, UmaClient
from uma_reference.clock import SystemRandomness
from uma_reference.resource_server import Config, Core, MemoryStore, Store, app_of, put_together

AS = "https://as.example"
RS = "https://rs.example"
NOTES = f"{RS}/owners/alice/documents/notes"
ALICE = ("alice", "alice-rs-password")
Document = dict[str, object]


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Return a hash that takes no time to check, unlike those that are made for use."""
    salt = b"salt" * 4
    key = hashlib.scrypt(ALICE[1].encode(), salt=salt, n=2, r=8, p=1, dklen=32)
    texts = (base64.urlsafe_b64encode(item).decode().rstrip("=") for item in (salt, key))
    return "$".join(("scrypt", "2", "8", "1", *texts))


@pytest.fixture
def rs_document(password_hash: str) -> Document:
    """Return a configuration document that a test may change before it asks for `core`."""
    notes: Document = {"id": "notes", "name": "Notes", "content": {"text": "hello"}}
    alice: Document = {
        "id": "alice",
        "password_hash": password_hash,
        "client": {"id": "rs-alice", "secret": "rs-alice-secret"},
        "documents": [notes],
    }
    return {
        "name": "rs",
        "url": RS,
        "authorization_server": {"issuer": AS},
        "owners": [alice],
    }


@pytest.fixture
def rs_store() -> Store:
    return MemoryStore()


class Wire(httpx.BaseTransport):
    """The way from the resource server to the authorization server; it can be cut, and listens."""

    def __init__(self, server: httpx.Client) -> None:
        self._server = server
        self._lock = threading.Lock()
        self.cut = False
        self.requests: list[httpx.Request] = []
        self.instead: Callable[[httpx.Request], httpx.Response | None] = lambda _: None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        with self._lock:
            self.requests.append(request)
            if self.cut:
                raise httpx.ConnectError("cut", request=request)
            found = self.instead(request)
            if found is not None:
                return found
            answer = self._server.request(
                request.method, request.url, content=request.content, headers=request.headers
            )
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    def unlocked(self, work: Callable[[], object]) -> None:
        """Do something from within `instead` that comes this way, too."""
        self._lock.release()
        try:
            work()
        finally:
            self._lock.acquire()

    def seen(self, method: str, path: str) -> list[httpx.Request]:
        """Return the requests of a method below a path."""
        return [
            item
            for item in self.requests
            if item.method == method and item.url.path.startswith(path)
        ]


@pytest.fixture
def wire(server: httpx.Client) -> Wire:
    return Wire(server)


@pytest.fixture
def start(
    rs_document: Document, rs_store: Store, wire: Wire, clock: AdjustableClock
) -> Callable[..., Core]:
    """Return what starts a resource server, with the store of before or another one."""

    def put(store: Store = rs_store, **more: object) -> Core:
        config = Config.from_document(rs_document | more)
        return put_together(config, store, HttpxSender(transport=wire), clock, SystemRandomness())

    return put


@pytest.fixture
def core(start: Callable[..., Core]) -> Core:
    return start()


@pytest.fixture
def speak(
    in_process: Callable[[ASGIApp], httpx.BaseTransport],
) -> Generator[Callable[[Core], httpx.Client]]:
    """Return what makes a client of a resource server."""
    clients: list[httpx.Client] = []

    def make(core: Core) -> httpx.Client:
        transport = in_process(app_of(core))
        client = httpx.Client(transport=transport, base_url=core.config.url, trust_env=False)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def rs(core: Core, speak: Callable[[Core], httpx.Client]) -> httpx.Client:
    return speak(core)


@pytest.fixture
def resource_of(core: Core) -> Callable[[str], str]:
    """Return what tells the resource identifier of one of alice's documents."""

    def find(document: str) -> str:
        found = core.store.registration("alice", document)
        assert found is not None
        return found.resource_id

    return find


class Both(httpx.BaseTransport):
    """Hands the requests of the reference client to either server."""

    def __init__(self, rs: httpx.Client, server: httpx.Client) -> None:
        self._clients = {"rs.example": rs, "as.example": server}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        answer = self._clients[request.url.host].request(
            request.method, request.url, content=request.content, headers=request.headers
        )
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


@pytest.fixture
def client(
    rs: httpx.Client,
    server: httpx.Client,
    clock: AdjustableClock,
    id_token: Callable[..., dict[str, str]],
) -> UmaClient:
    """Return a reference client whose requesting party is a doctor."""
    return UmaClient(
        HttpxSender(transport=Both(rs, server)),
        credentials=Credentials("client", "client_secret_basic", "client-secret"),
        claims=GivenClaims(ClaimToken(id_token()["claim_token"])),
        clock=lambda: float(clock.now()),
        sleep=lambda seconds: clock.advance(round(seconds)),
    )


@pytest.fixture
def rpt_for(
    redeem: Callable[..., httpx.Response], ticket: Callable[..., str]
) -> Callable[..., dict[str, str]]:
    """Return what gets an RPT for resources and scopes, as a header; policy has to allow it."""

    def get(permissions: dict[str, list[str]]) -> dict[str, str]:
        answer = redeem(ticket(permissions))
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    return get
