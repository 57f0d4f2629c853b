"""`uma2 client` as a program, over real TLS sockets."""

import json
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

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

if TYPE_CHECKING:
    from tests.conformance.cli_client.conftest import OverTls, Place, Scripted
else:
    OverTls = Any
    Place = Any
    Scripted = Any

from contextlib import AbstractContextManager

PICTURE = b"\xff\xd8\x00picture\r\n"
GRANT: dict[str, object] = {"access_token": "canary-rpt"}
Program = subprocess.Popen[bytes]
Run = Callable[..., AbstractContextManager[Program]]


def visited_url(process: Program) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        _, found, url = line.decode().partition("visit this address to go on: ")
        if found:
            return url.strip()
    raise AssertionError("the program named no address")


def test_the_program_receives_the_return_of_a_browser(
    place: Place, script: Scripted, program: Run
) -> None:
    visit = f"{script.base}/claims?id=7"
    script.will({"error": "need_info", "redirect_user": visit}, GRANT)
    with program("get", f"{script.base}/photo", "--no-browser") as running:
        url = visited_url(running)
        with httpx.Client(verify=place.trust, follow_redirects=True, trust_env=False) as browser:
            page = browser.get(url)
        output, errors = running.communicate(timeout=30)
    assert (page.status_code, running.returncode, output) == (200, 0, PICTURE), errors
    assert "close this window" in page.text
    assert script.registered[0]["claims_redirect_uris"] == [str(page.url).partition("?")[0]]


def test_an_interruption_is_clean(script: Scripted, program: Run) -> None:
    script.answers.append({"error": "need_info", "redirect_user": f"{script.base}/claims"})
    with program("get", f"{script.base}/photo", "--no-browser") as running:
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
    place: Place, over_tls: OverTls, program: Run, wallet_file: Path, tmp_path: Path
) -> None:
    deployment = fresh_deployment()

    def reference(base: str) -> ASGIApp:
        # Without the claims page, which the client would send somebody to and wait.
        config = Config.from_document({**deployment.document(base), "features": []})
        return create_app(config, MemoryStore(), AdjustableClock(), SystemRandomness())

    client = deployment.client(CLIENT)
    token = id_token(deployment.provider_key, PARTY, client.client_id, None, frozenset())
    claim_file = tmp_path / "claims.jwt"
    claim_file.write_text(token.value + "\n")
    options = [f"--client-id={client.client_id}", "--client-secret-env=UMA_TEST_SECRET"]
    with (
        over_tls(place.certificate, reference) as issuer,
        httpx.Client(base_url=issuer, verify=place.trust, trust_env=False) as speaking,
        over_tls(place.certificate, Gallery(issuer, deployment, speaking).app) as gallery,
    ):
        for more, status in (([], 1), ([f"--claim-token={claim_file}", "-vv"], 0), ([], 0)):
            arguments = ["get", f"{gallery}/photo", f"--issuer={issuer}", *options, *more]
            with program(*arguments, UMA_TEST_SECRET=client.client_secret) as running:
                output, errors = running.communicate(timeout=60)
            assert running.returncode == status, errors
            assert output == (PICTURE if status == 0 else b"")
            for secret in (client.client_secret, token.value):
                assert secret.encode() not in errors
    document = json.loads(wallet_file.read_text())
    assert [item["party"] for item in document["rpts"]] == ["me"]
    assert client.client_secret not in wallet_file.read_text()
