"""A scripted authorization server and resource server over TLS, for `uma2 client`."""

import os
import ssl
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from typer.testing import CliRunner, Result

from uma_conformance.cli.client import client_commands
from uma_reference.tls import Certificate, make_authority

PICTURE = b"\xff\xd8\x00picture\r\n"
# Who runs the tests in the background has interrupts ignored, and so would the program.
PROGRAM = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from uma_conformance.cli import main; main()"
)
Program = subprocess.Popen[bytes]
OverTls = Callable[[Certificate, Callable[[str], ASGIApp]], AbstractContextManager[str]]


@dataclass
class Place:
    """A folder with the authority's certificate, and the servers' one."""

    folder: Path
    certificate: Certificate
    ca_file: Path

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca_file)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("tls")
    authority = make_authority(folder)
    return Place(folder, authority.issue("127.0.0.1"), authority.certificate_file)


@dataclass
class Scripted:
    """An authorization server and a resource server in one, which answers as it is told."""

    base: str = ""
    answers: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    forms: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    registered: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    revoked: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    tickets: Iterator[int] = field(default_factory=lambda: iter(range(10**6)))
    unreachable: bool = False

    def app(self, base: str) -> ASGIApp:
        self.base = base
        return Starlette(
            routes=[
                Route("/.well-known/uma2-configuration", self.metadata),
                Route("/register", self.register, methods=["POST"]),
                Route("/token", self.token, methods=["POST"]),
                Route("/revoke", self.revoke, methods=["POST"]),
                Route("/claims", self.claims),
                Route("/photo", self.photo, methods=["GET", "POST"]),
            ]
        )

    def will(self, *answers: dict[str, object]) -> None:
        self.answers.extend(answers)

    def ticket(self) -> str:
        return f"canary-ticket-{next(self.tickets)}"

    async def metadata(self, _: Request) -> Response:
        names = ("token", "registration", "revocation", "claims_interaction")
        paths = ("/token", "/register", "/revoke", "/claims")
        places = {
            f"{name}_endpoint": self.base + path for name, path in zip(names, paths, strict=True)
        }
        return JSONResponse({"issuer": self.base, **places})

    async def register(self, request: Request) -> Response:
        self.registered.append(await request.json())
        return JSONResponse({"client_id": "dynamic", "client_secret": "canary-secret"}, 201)

    async def token(self, request: Request) -> Response:
        self.forms.append(dict(parse_qsl((await request.body()).decode())))
        answer = self.answers.pop(0)
        if "access_token" in answer:
            return JSONResponse({"token_type": "Bearer", **answer})
        more = {"ticket": self.ticket()} if answer["error"] != "request_denied" else {}
        return JSONResponse({**answer, **more}, 403)

    async def revoke(self, request: Request) -> Response:
        self.revoked.append(dict(parse_qsl((await request.body()).decode())))
        return Response()

    async def claims(self, request: Request) -> Response:
        query = urlencode({"ticket": self.ticket(), "state": request.query_params["state"]})
        return RedirectResponse(f"{request.query_params['claims_redirect_uri']}?{query}", 302)

    async def photo(self, request: Request) -> Response:
        if self.unreachable:
            warning = '199 - "UMA Authorization Server Unreachable"'
            return Response(status_code=403, headers={"warning": warning})
        if request.headers.get("authorization") == "Bearer canary-rpt":
            return Response((await request.body()) or PICTURE)
        value = f'UMA as_uri="{self.base}", ticket="{self.ticket()}"'
        return Response(status_code=401, headers={"www-authenticate": value})


@pytest.fixture(scope="module")
def scripted_server(place: Place, over_tls: OverTls) -> Generator[Scripted]:
    script = Scripted()
    with over_tls(place.certificate, script.app):
        yield script


@pytest.fixture
def script(scripted_server: Scripted) -> Scripted:
    for kept in (
        scripted_server.answers,
        scripted_server.forms,
        scripted_server.registered,
        scripted_server.revoked,
    ):
        kept.clear()
    scripted_server.unreachable = False
    return scripted_server


@pytest.fixture
def wallet_file(tmp_path: Path) -> Path:
    return tmp_path / "wallet.json"


@pytest.fixture
def uma2(place: Place, wallet_file: Path) -> Callable[..., Result]:
    def run(*arguments: str) -> Result:
        files = [f"--ca-file={place.ca_file}", f"--wallet={wallet_file}"]
        return CliRunner().invoke(client_commands(), [*arguments, *files])

    return run


@pytest.fixture
def program(place: Place, wallet_file: Path) -> Callable[..., AbstractContextManager["Program"]]:
    """Return a function that runs `uma2 client` as a program, and ends it with the block."""

    @contextmanager
    def run(*arguments: str, **environment: str) -> Generator["Program"]:
        files = [f"--ca-file={place.ca_file}", f"--wallet={wallet_file}"]
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "client", *arguments, *files],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **environment},
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    return run
