"""The client application in this process, with scripted servers behind it."""

import re
from collections.abc import Callable, Generator
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from starlette.types import ASGIApp

from uma_reference.client import HttpxSender, MemoryWallet
from uma_reference.client_app import Config, create_app
from uma_reference.clock import SystemRandomness

if TYPE_CHECKING:
    from tests.conftest import World
else:
    World = Any

BASE = "https://app.example"
PHOTO = "https://rs.example/photo"
Document = dict[str, object]


class WorldClock:
    """The clock of the scripted servers."""

    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> int:
        return int(self._world.now)


class Words(HTMLParser):
    """Reads what a page says, its headings, links and forms."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """Everything it says, with single spaces."""
        return re.sub(r"\s+", " ", " ".join(self.words)).strip()


class Visiting:
    """A browser without scripts: keeps cookies, follows redirections on one site, has forms."""

    def __init__(self, app: ASGIApp, transport: httpx.BaseTransport) -> None:
        self.app = app
        self.http = httpx.Client(transport=transport, base_url=BASE, trust_env=False)
        self.last = httpx.Response(200)

    def go(self, path: str) -> httpx.Response:
        """Visit an address, and follow where it leads on this site."""
        return self._follow(self.http.get(path))

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of the page that was visited last, and follow."""
        return self._follow(self.post(path, **fields))

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form without following."""
        data = {"form_token": self.token(), **fields}
        return self.http.post(path, data=data, headers={"origin": BASE})

    def token(self) -> str:
        """Return the token of the forms on the last page."""
        found = re.search(r'name="form_token" value="([0-9a-f]+)"', self.last.text)
        return found.group(1) if found else ""

    def sign_in(self, name: str = "bob", password: str = "") -> httpx.Response:
        """Sign in."""
        self.go("/sign-in")
        return self.send("/sign-in", name=name, password=password or f"{name}-password")

    def open(self, address: str = PHOTO) -> httpx.Response:
        """Open an address from the start page."""
        self.go("/")
        return self.send("/open", address=address)

    @property
    def says(self) -> str:
        """What the last page says."""
        return Words(self.last.text).text

    @property
    def path(self) -> str:
        """Where the last page is."""
        return self.last.url.path

    def _follow(self, answer: httpx.Response) -> httpx.Response:
        for _ in range(5):
            place = answer.headers.get("location", "")
            if not place.startswith(BASE):
                break
            answer = self.http.get(place)
        if answer.headers.get("content-type", "").startswith("text/html"):
            self.last = answer
        return answer


@pytest.fixture
def app_document() -> Document:
    """Return a configuration that a test may change before it asks for `visiting`."""
    return {
        "base": BASE,
        "people": [
            {"id": "bob", "name": "Bob", "password": "bob-password"},
            {"id": "carol", "name": "Carol", "password": "carol-password"},
        ],
        "resource_servers": ["https://rs.example"],
        "authorization_servers": [
            {
                "issuer": "https://as.example",
                "client_id": "client",
                "client_secret": "client-secret",
            }
        ],
        "shortcuts": [{"name": "Photo of Alice", "url": PHOTO}],
    }


@pytest.fixture
def app_wallet() -> MemoryWallet:
    return MemoryWallet()


@pytest.fixture
def make_app(
    world: World, app_document: Document, app_wallet: MemoryWallet
) -> Callable[[], ASGIApp]:
    def make() -> ASGIApp:
        return create_app(
            Config.from_document(app_document),
            HttpxSender(transport=httpx.MockTransport(world.handle)),
            app_wallet,
            WorldClock(world),
            SystemRandomness(),
        )

    return make


@pytest.fixture
def visit_app(
    in_process: Callable[[ASGIApp], httpx.BaseTransport],
) -> Generator[Callable[[ASGIApp], Visiting]]:
    """Return what opens a browser of its own for an application."""
    browsers: list[Visiting] = []

    def visit(app: ASGIApp) -> Visiting:
        browsers.append(Visiting(app, in_process(app)))
        return browsers[-1]

    yield visit
    for browser in browsers:
        browser.http.close()


@pytest.fixture
def visiting(make_app: Callable[[], ASGIApp], visit_app: Callable[[ASGIApp], Visiting]) -> Visiting:
    """Return a browser at the application, in which nobody is signed in."""
    return visit_app(make_app())


@pytest.fixture
def serving(world: World) -> Callable[..., None]:
    """Return what has the resource server give a document to whoever has a good RPT."""

    def give(body: bytes = b"picture", kind: str = "text/plain", **headers: str) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            rpt = request.headers.get("authorization", "").removeprefix("Bearer ")
            if rpt not in world.good:
                return world.challenge()
            return httpx.Response(200, content=body, headers={"content-type": kind, **headers})

        world.resource = answer

    return give


@pytest.fixture
def bob(visiting: Visiting) -> Visiting:
    """Return a browser in which Bob is signed in."""
    visiting.sign_in()
    return visiting
