"""`uma2 client`: resources over TLS, with the reference and with a scripted server."""

import json
import os
import re
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from typer.testing import CliRunner, Result

from uma_conformance.cli.client import client_commands
from uma_conformance.drivers.builtin import fresh_deployment
from uma_conformance.drivers.builtin.claims import id_token
from uma_conformance.drivers.builtin.deployment import Deployment
from uma_conformance.drivers.protocol import CLIENT, OWNER, PARTY, RESOURCE_SERVER
from uma_reference.authorization_server import (
    AdjustableClock,
    Config,
    MemoryStore,
    SystemRandomness,
    create_app,
)
from uma_reference.tls import Certificate, make_authority

PICTURE = b"\xff\xd8\x00picture\r\n"
PROGRAM = "from uma_conformance.cli.client import client_commands; client_commands()()"


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


@contextmanager
def serving(place: Place, make: Callable[[str], ASGIApp]) -> Generator[str]:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    base = f"https://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        make(base),
        ssl_certfile=str(place.certificate.certificate_file),
        ssl_keyfile=str(place.certificate.key_file),
        log_level="critical",
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield base
    finally:
        server.should_exit = True
        thread.join()


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
def scripted_server(place: Place) -> Generator[Scripted]:
    script = Scripted()
    with serving(place, script.app):
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


GRANT: dict[str, object] = {"access_token": "canary-rpt"}


def test_the_resource_goes_to_the_output_as_it_is(
    script: Scripted, uma2: Callable[..., Result]
) -> None:
    script.answers.append(GRANT)
    result = uma2("get", f"{script.base}/photo")
    assert (result.exit_code, result.stdout_bytes) == (0, PICTURE)
    assert result.stderr == ""
    (document,) = script.registered
    uris = document["claims_redirect_uris"]
    assert isinstance(uris, list)
    assert re.fullmatch(r"\['http://127\.0\.0\.1:\d+/returned'\]", str(cast("object", uris)))


def test_the_resource_can_go_to_a_file(
    script: Scripted, uma2: Callable[..., Result], tmp_path: Path
) -> None:
    script.answers.append(GRANT)
    out = tmp_path / "picture.jpg"
    result = uma2("get", f"{script.base}/photo", f"--out={out}")
    assert (result.exit_code, result.stdout_bytes) == (0, b"")
    assert out.read_bytes() == PICTURE


def test_a_body_can_be_sent(script: Scripted, uma2: Callable[..., Result], tmp_path: Path) -> None:
    script.answers.append(GRANT)
    body = tmp_path / "body"
    body.write_bytes(b"\x00body")
    result = uma2("get", f"{script.base}/photo", "--method=post", f"--data={body}")
    assert result.stdout_bytes == b"\x00body"


@pytest.mark.parametrize("flag", ["-v", "-vv"])
def test_each_step_is_explained_without_secrets(
    script: Scripted, uma2: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, flag: str
) -> None:
    slept: list[float] = []
    now = time.time
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "time", lambda: now() + sum(slept))
    script.will({"error": "request_submitted", "interval": 9}, {**GRANT, "pct": "canary-p"})
    result = uma2("get", f"{script.base}/photo", flag, "--wait=20")
    assert result.exit_code == 0
    assert "ticket 1" in result.stderr
    assert "ticket 2" in result.stderr
    assert len(slept) == 1
    assert "asking again in" in result.stderr
    assert "canary" not in result.stderr
    assert ("grant_type:" in result.stderr) is (flag == "-vv")


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        ({"error": "request_denied"}, 1, "denies access"),
        ({"error": "request_submitted", "interval": 60}, 3, "not decided yet"),
        ({"error": "need_info", "required_claims": ["?"]}, 1, "state"),
    ],
)
def test_the_exit_status_says_how_it_ended(
    script: Scripted,
    uma2: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
    answer: dict[str, object],
    status: int,
    words: str,
) -> None:
    def forge(url: str) -> bool:
        uri = parse_qs(urlsplit(url).query)["claims_redirect_uri"][0]
        forged = f"{uri}?ticket=a&state=forged"
        threading.Thread(target=lambda: httpx.get(forged, trust_env=False)).start()
        return True

    monkeypatch.setattr("webbrowser.open", forge)
    script.answers.append(answer)
    result = uma2("get", f"{script.base}/photo", "--wait=1")
    assert result.exit_code == status
    assert words in result.stderr
    assert result.stdout_bytes == b""


def test_a_server_without_its_authorization_server_is_told(
    script: Scripted, uma2: Callable[..., Result]
) -> None:
    script.unreachable = True
    result = uma2("get", f"{script.base}/photo")
    assert result.exit_code == 3
    assert "cannot reach its authorization server" in result.stderr


def test_a_server_that_is_not_there_is_told(uma2: Callable[..., Result]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        result = uma2("get", f"https://127.0.0.1:{port}/")
    assert result.exit_code == 3
    assert "cannot be reached" in result.stderr


def test_a_resource_that_is_not_there_is_refused(
    script: Scripted, uma2: Callable[..., Result]
) -> None:
    result = uma2("get", f"{script.base}/nothing")
    assert result.exit_code == 1
    assert "status 404" in result.stderr


def test_the_port_of_a_registration_is_used_again(
    script: Scripted, uma2: Callable[..., Result]
) -> None:
    script.answers += [GRANT, GRANT]
    assert uma2("get", f"{script.base}/photo").exit_code == 0
    assert uma2("get", f"{script.base}/photo", "--as=bob").exit_code == 0
    assert len(script.registered) == 1
    assert len(script.forms) == 2


def test_what_is_kept_can_be_forgotten_and_revoked(
    script: Scripted, uma2: Callable[..., Result], wallet_file: Path
) -> None:
    script.answers.append({**GRANT, "pct": "canary-pct", "refresh_token": "canary-refresh"})
    assert uma2("get", f"{script.base}/photo", "--as=bob").exit_code == 0
    assert stat.S_IMODE(wallet_file.stat().st_mode) == 0o600
    assert uma2("forget").exit_code == 0
    assert "canary-pct" in wallet_file.read_text()
    result = uma2("forget", "--as=bob")
    assert result.exit_code == 0
    assert "2 removed for 'bob', 3 revoked" in result.stderr
    hints = {item["token_type_hint"]: item["token"] for item in script.revoked}
    assert hints == {
        "refresh_token": "canary-refresh",
        "access_token": "canary-rpt",
        "pct": "canary-pct",
    }
    assert "canary-pct" not in wallet_file.read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--client-secret-env=NOT_SET_AT_ALL", "--client-id=c"], "NOT_SET_AT_ALL"),
        (["--client-secret-env=HOME"], "--client-id"),
        (["--client-key=missing.pem", "--client-id=c"], "missing.pem"),
        (["--client-id=c", "--client-secret-env=HOME", "--client-auth=magic"], "magic"),
        (["--claim-token=missing.jwt"], "missing.jwt"),
        (["--data=missing.txt"], "missing.txt"),
        (["--out=missing/folder/file"], "missing/folder"),
    ],
)
def test_bad_options_end_with_status_2(
    uma2: Callable[..., Result], arguments: list[str], words: str
) -> None:
    result = uma2("get", "https://rs.example/", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


@pytest.mark.parametrize(
    ("option", "content"),
    [("--claim-token", "canary no jwt"), ("--client-key", "canary"), ("--ca-file", "canary")],
)
def test_bad_files_are_named_and_not_quoted(tmp_path: Path, option: str, content: str) -> None:
    file = tmp_path / "bad-file"
    file.write_text(content)
    arguments = ["get", "https://rs.example/", "--client-id=c", f"{option}={file}"]
    result = CliRunner().invoke(client_commands(), arguments)
    assert result.exit_code == 2
    assert "bad-file" in result.stderr
    assert "canary" not in result.stderr


def test_a_damaged_wallet_ends_with_status_2(
    uma2: Callable[..., Result], wallet_file: Path
) -> None:
    wallet_file.write_text("canary")
    wallet_file.chmod(0o600)
    for command in (["get", "https://rs.example/"], ["forget"]):
        result = uma2(*command)
        assert result.exit_code == 2
        assert "move the file away" in result.stderr
        assert "canary" not in result.stderr


def test_a_port_that_is_taken_ends_with_status_2(uma2: Callable[..., Result]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = uma2("get", "https://rs.example/", f"--callback-port={port}")
    assert result.exit_code == 2
    assert str(port) in result.stderr


def test_a_key_of_the_client_signs(
    script: Scripted, uma2: Callable[..., Result], tmp_path: Path
) -> None:
    script.answers.append(GRANT)
    file = tmp_path / "client.pem"
    key = ec.generate_private_key(ec.SECP256R1())
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    result = uma2("get", f"{script.base}/photo", "--client-id=c", f"--client-key={file}")
    assert result.exit_code == 0
    assert script.forms[0]["client_assertion"].count(".") == 2
    assert script.registered == []


@pytest.mark.parametrize("more", [["--client-id=c"], []])
def test_no_other_server_than_the_given_one_is_dealt_with(
    script: Scripted, uma2: Callable[..., Result], more: list[str]
) -> None:
    result = uma2("get", f"{script.base}/photo", "--issuer=https://as.example", *more)
    assert result.exit_code == 1
    assert script.forms == script.registered == []


@contextmanager
def program(
    place: Place, wallet_file: Path, *arguments: str, **environment: str
) -> Generator["subprocess.Popen[bytes]"]:
    files = [f"--ca-file={place.ca_file}", f"--wallet={wallet_file}"]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments, *files],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def visited_url(process: "subprocess.Popen[bytes]") -> str:
    assert process.stderr is not None
    for line in process.stderr:
        _, found, url = line.decode().partition("visit this address to go on: ")
        if found:
            return url.strip()
    raise AssertionError("the program named no address")


def test_the_program_receives_the_return_of_a_browser(
    place: Place, script: Scripted, wallet_file: Path
) -> None:
    visit = f"{script.base}/claims?id=7"
    script.will({"error": "need_info", "redirect_user": visit}, GRANT)
    with program(place, wallet_file, "get", f"{script.base}/photo", "--no-browser") as running:
        url = visited_url(running)
        with httpx.Client(verify=place.trust, follow_redirects=True, trust_env=False) as browser:
            page = browser.get(url)
        output, errors = running.communicate(timeout=30)
    assert (page.status_code, running.returncode, output) == (200, 0, PICTURE), errors
    assert "close this window" in page.text
    assert script.registered[0]["claims_redirect_uris"] == [str(page.url).partition("?")[0]]


def test_an_interruption_is_clean(place: Place, script: Scripted, wallet_file: Path) -> None:
    script.answers.append({"error": "need_info", "redirect_user": f"{script.base}/claims"})
    with program(place, wallet_file, "get", f"{script.base}/photo", "--no-browser") as running:
        visited_url(running)
        running.send_signal(signal.SIGINT)
        output, errors = running.communicate(timeout=30)
    assert (running.returncode, output) == (130, b"")
    assert b"Traceback" not in errors


@dataclass
class Gallery:
    """A tiny resource server under the protection of the reference authorization server."""

    issuer: str
    deployment: Deployment
    speaking: httpx.Client

    def app(self, _: str) -> ASGIApp:
        speaking = self.speaking
        client = self.deployment.pat_client(RESOURCE_SERVER, OWNER)
        form = {"grant_type": "client_credentials", "scope": "uma_protection"}
        pat = speaking.post(
            "/token", data=form, auth=(client.client_id, client.client_secret)
        ).json()
        speaking.headers["authorization"] = f"Bearer {pat['access_token']}"
        resource = speaking.post("/rreg", json={"resource_scopes": ["view"]}).json()["_id"]
        condition = {"claim": "role", "values": ["doctor"]}
        speaking.post(
            f"/owner/resources/{resource}/policies",
            json={"scopes": ["view"], "conditions": [condition]},
            auth=(OWNER, self.deployment.passwords[OWNER]),
        ).raise_for_status()

        def photo(request: Request) -> Response:
            rpt = request.headers.get("authorization", "").removeprefix("Bearer ")
            if rpt and speaking.post("/introspect", data={"token": rpt}).json()["active"]:
                return Response(PICTURE)
            wanted = {"resource_id": resource, "resource_scopes": ["view"]}
            ticket = speaking.post("/perm", json=wanted).json()["ticket"]
            value = f'UMA realm="gallery", as_uri="{self.issuer}", ticket="{ticket}"'
            return Response(status_code=401, headers={"www-authenticate": value})

        return Starlette(routes=[Route("/photo", photo)])


def test_the_program_and_the_reference_over_tls(
    place: Place, wallet_file: Path, tmp_path: Path
) -> None:
    deployment = fresh_deployment()

    def reference(base: str) -> ASGIApp:
        config = Config.from_document(deployment.document(base))
        return create_app(config, MemoryStore(), AdjustableClock(), SystemRandomness())

    client = deployment.client(CLIENT)
    token = id_token(deployment.provider_key, PARTY, client.client_id, None, frozenset())
    claim_file = tmp_path / "claims.jwt"
    claim_file.write_text(token.value + "\n")
    options = [f"--client-id={client.client_id}", "--client-secret-env=UMA_TEST_SECRET"]
    with (
        serving(place, reference) as issuer,
        httpx.Client(base_url=issuer, verify=place.trust, trust_env=False) as speaking,
        serving(place, Gallery(issuer, deployment, speaking).app) as gallery,
    ):
        for more, status in (([], 1), ([f"--claim-token={claim_file}", "-vv"], 0), ([], 0)):
            arguments = ["get", f"{gallery}/photo", *options, *more]
            with program(
                place, wallet_file, *arguments, UMA_TEST_SECRET=client.client_secret
            ) as running:
                output, errors = running.communicate(timeout=60)
            assert running.returncode == status, errors
            assert output == (PICTURE if status == 0 else b"")
            for secret in (client.client_secret, token.value):
                assert secret.encode() not in errors
    document = json.loads(wallet_file.read_text())
    assert [item["party"] for item in document["rpts"]] == ["me"]
    assert client.client_secret not in wallet_file.read_text()
