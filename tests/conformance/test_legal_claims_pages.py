"""Claims pages that use their freedom differently are still conformant: no row fails for them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from urllib.parse import parse_qsl, quote, urlencode

import httpx
import pytest
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from uma_conformance.drivers.builtin import BuiltinDriver, fresh_deployment
from uma_conformance.opening import OpenTarget
from uma_conformance.outcome import Outcome
from uma_conformance.rows import JudgedRow
from uma_conformance.run import run_against
from uma_conformance.suite.collection import checks_for
from uma_conformance.target import builtin_target
from uma_reference.authorization_server import (
    AdjustableClock,
    Config,
    MemoryStore,
    SystemRandomness,
)
from uma_reference.authorization_server.claims_address import claims_address
from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.metadata import metadata
from uma_reference.authorization_server.rules import Rules
from uma_reference.faults import Fault
from uma_reference.faults.forgeries import taken
from uma_reference.faults.tokens import with_error
from uma_reference.faults.visits import going_back
from uma_reference.faults.wire import CLAIMS, Reply, answers
from uma_reference.web import came_from_elsewhere

pytestmark = pytest.mark.usefixtures("unmeasured")

ISSUER = "https://as.example"
MODULES = ("test_claims_", "test_clients", "test_discovery")
# A wrong address that leads to the registered one shows no page to look at.
OPEN = {"to the registered address": {"G-3.3.3-13"}, "redirect_user alone": set[str]()}


def by_refresh(reply: Reply, uri: str, added: dict[str, str]) -> Reply:
    del uri, added
    to = escape(reply.location)
    return reply.with_page(f'<meta http-equiv="refresh" content="1;url={to}"><p>Back to it.</p>')


def by_script(reply: Reply, uri: str, added: dict[str, str]) -> Reply:
    del uri, added
    to = reply.location.replace("/", "\\/")
    return reply.with_page(f'<p>Back to it.</p><script>window.location.replace("{to}");</script>')


def recoded(reply: Reply, uri: str, added: dict[str, str]) -> Reply:
    place, _, query = uri.partition("?")
    pairs = [*added.items(), ("iss", ISSUER), *reversed(parse_qsl(query))]
    return reply.redirecting(f"{place}?{urlencode(pairs, quote_via=quote)}")


def in_steps(app: ASGIApp) -> ASGIApp:
    """Lead back over one more place of the server."""

    async def stepping(scope: Scope, receive: Receive, send: Send) -> None:
        query = scope.get("query_string", b"").decode()
        if scope["path"] == "/leave":
            to = dict(parse_qsl(query))["to"].encode()
            start = {"type": "http.response.start", "status": 307, "headers": [(b"location", to)]}
            await send(start)
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, receive, send)

    return stepping


def over_a_step(reply: Reply, uri: str, added: dict[str, str]) -> Reply:
    del uri, added
    return reply.redirecting(f"/leave?{urlencode({'to': reply.location})}")


def friendly(reply: Reply) -> Reply:
    return reply.with_page("<h1>Oops</h1>", 200) if reply.status == 400 else reply


def as_json(reply: Reply) -> Reply:
    return reply.with_json({"error": "invalid_request"}) if reply.status == 400 else reply


def for_all_sites(reply: Reply) -> Reply:
    opened = [
        (name, value.replace("SameSite=lax", "SameSite=none")) for name, value in reply.headers
    ]
    return replace(reply, headers=tuple(opened))


def by_cookies_alone(rules: Rules) -> Rules:
    return replace(rules, is_genuine=taken, is_form_of=taken)


def by_origin_alone(rules: Rules) -> Rules:
    def genuine(request: Request, origin: str, cookie: str, form: Mapping[str, str]) -> bool:
        del cookie, form
        return not came_from_elsewhere(request, origin)

    return replace(rules, is_genuine=genuine, is_form_of=taken)


def registered_instead(client: Client | None, sent: Mapping[str, str]) -> str:
    uris = client.claims_redirect_uris if client else ()
    if len(uris) == 1 and sent.get("claims_redirect_uri") not in uris:
        return uris[0]
    return claims_address(client, sent)


def hint(value: str) -> Callable[[Reply], Reply]:
    def changed(reply: Reply) -> Reply:
        there = "redirect_user" in reply.members
        return reply.with_member("redirect_user", value) if there else reply

    return with_error("need_info", changed)


def not_declared(rules: Rules) -> Rules:
    def document(config: Config) -> Mapping[str, object]:
        whole = metadata(config)
        return {key: value for key, value in whole.items() if key != "claims_interaction_endpoint"}

    return replace(rules, metadata=document)


LEGAL = {
    "back by refresh": Fault("refresh", "", (), wire=going_back(by_refresh)),
    "back by script": Fault("script", "", (), wire=going_back(by_script)),
    "query in other words": Fault("recoded", "", (), wire=going_back(recoded)),
    "back in steps": Fault("steps", "", (), wire=going_back(over_a_step), around=in_steps),
    "error pages with 200": Fault("friendly", "", (), wire=answers(CLAIMS, friendly)),
    "errors as JSON": Fault("json", "", (), wire=answers(CLAIMS, as_json)),
    "forms guarded by cookies": Fault("cookies", "", (), rules=by_cookies_alone),
    "forms guarded by origin": Fault("origin", "", (), rules=by_origin_alone, wire=for_all_sites),
    "to the registered address": Fault(
        "registered", "", (), rules=lambda r: replace(r, claims_address=registered_instead)
    ),
    "redirect_user with a query": Fault("hint", "", (), wire=hint(f"{ISSUER}/claims?id=7")),
    "redirect_user alone": Fault("hint-alone", "", (), rules=not_declared),
}


def rows_of(fault: Fault, *, static: bool) -> dict[str, JudgedRow]:
    """Judge a server with the checks of the claims page, and return the rows by id."""
    deployment = fresh_deployment()
    config = Config.from_document(deployment.document(ISSUER))
    app = fault.app(config, MemoryStore(), AdjustableClock(), SystemRandomness())
    transport = httpx.ASGITransport(app)
    driver = BuiltinDriver(ISSUER, deployment, transport=httpx.ASGITransport(app))
    target = builtin_target()
    if not static:
        target = replace(target, features={**target.features, "static-claims-endpoint": False})
    checks = [item for item in checks_for("as") if any(name in item.name for name in MODULES)]
    try:
        with run_against(OpenTarget(target, driver, transport=transport)) as run:
            run.drive(checks)
            for check in checks:
                run.judge(check)
            assert run.faults_of_suite() == ()
            judged = {row for check in checks for row in check.rows}
            rows = run.rows(checks)
    finally:
        driver.close()
    return {row.requirement.id: row for row in rows if row.requirement.id in judged}


@pytest.mark.parametrize("name", LEGAL)
def test_a_legal_claims_page_fails_no_row(name: str) -> None:
    rows = rows_of(LEGAL[name], static=name != "redirect_user alone")
    assert {key for key, row in rows.items() if row.outcome is Outcome.FAILED} == set()
    # Nor does its freedom keep the suite from judging it.
    open_rows = {
        key
        for key, row in rows.items()
        if row.outcome in {Outcome.CANT_TELL, Outcome.UNTESTED} and row.planned
    }
    assert open_rows == OPEN.get(name, set())
