"""No artefact holds a secret: canaries of every kind are looked for in all that is written."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

import httpx
import pytest

from uma_conformance.catalogue.packs import PACKS
from uma_conformance.drivers.builtin import BuiltinDriver, fresh_deployment
from uma_conformance.jsonvalue import object_of
from uma_conformance.opening import OpenTarget
from uma_conformance.run import run_against
from uma_conformance.suite.collection import checks_for
from uma_conformance.target import builtin_target
from uma_reference.authorization_server import (
    AdjustableClock,
    Config,
    MemoryStore,
    SystemRandomness,
    create_app,
)
from uma_reports import write_reports

_ISSUER = "https://as.example"
_SECRET_MEMBERS = ("access_token", "client_secret", "pct", "refresh_token", "ticket")
_HIDDEN = re.compile(r'type="hidden" name="form_token" value="([^"]+)"')
_EMAIL = re.compile(r"\b[a-z]+@people\.example\b")


class Eavesdropper(httpx.AsyncBaseTransport):
    """Passes everything on to the application and keeps each secret that goes by."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.secrets: set[str] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self.inner.handle_async_request(request)
        await answer.aread()
        self.secrets |= set(_in_request(request)) | set(_in_answer(answer))
        return answer


def _in_request(request: httpx.Request) -> Iterator[str]:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme:
        yield credentials
    form = parse_qs(request.content.decode("utf-8", "replace"))
    for name in ("claim_token", "ticket", "token", "client_secret", "password", "form_token"):
        yield from form.get(name, [])
    yield from _tickets_in(str(request.url))
    for pair in request.headers.get("cookie", "").split("; "):
        yield pair.partition("=")[2]


def _tickets_in(url: str) -> list[str]:
    return parse_qs(urlsplit(url).query).get("ticket", [])


def _in_answer(answer: httpx.Response) -> Iterator[str]:
    for cookie in answer.headers.get_list("set-cookie"):
        yield cookie.partition("=")[2].partition(";")[0]
    yield from _tickets_in(str(answer.headers.get("location", "")))
    yield from _HIDDEN.findall(answer.text)
    yield from _EMAIL.findall(answer.text)
    try:
        members = object_of(json.loads(answer.content))
    except ValueError:
        return
    yield from (str(members[name]) for name in _SECRET_MEMBERS if name in members)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """Return the folder of a whole run and every secret that was in play."""
    deployment = fresh_deployment()
    app = create_app(
        Config.from_document(deployment.document(_ISSUER)),
        MemoryStore(),
        AdjustableClock(),
        SystemRandomness(),
    )
    driver = BuiltinDriver(_ISSUER, deployment, transport=httpx.ASGITransport(app))
    heard = Eavesdropper(httpx.ASGITransport(app))
    folder = tmp_path_factory.mktemp("secrets")
    checks = checks_for("as", PACKS)
    try:
        with run_against(OpenTarget(builtin_target(), driver, transport=heard)) as running:
            running.drive(checks)
            for check in checks:
                running.judge(check)
            write_reports(running.record(checks), folder)
    finally:
        driver.close()
    made_up = {*deployment.passwords.values(), *deployment.secrets.values()}
    return folder, heard.secrets | made_up


def test_enough_secrets_went_by(run: tuple[Path, set[str]]) -> None:
    _, secrets = run
    assert len(secrets) > 200


def test_no_artefact_holds_a_secret(run: tuple[Path, set[str]]) -> None:
    folder, secrets = run
    # Values that the suite made up and that stand for nothing are no secrets.
    real = {item for item in secrets if len(item) >= 8 and "nobody" not in item}
    for path in folder.rglob("*"):
        if path.is_file():
            text = path.read_text("utf-8")
            found = [item for item in real if any(form in text for form in _forms(item))]
            assert found == [], path.name


def _forms(secret: str) -> set[str]:
    return {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}


def test_pseudonyms_show_equality(run: tuple[Path, set[str]]) -> None:
    folder, _ = run
    text = (folder / "run.json").read_text("utf-8")
    tickets = re.findall(r"ticket:[0-9a-f]{12}", text)
    assert len(tickets) > len(set(tickets)) > 50
