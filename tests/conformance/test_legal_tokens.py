"""Servers that use their freedom with PCTs, refresh tokens, upgrades and polls: no row fails."""

import base64
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

import httpx
import pytest

from uma_conformance.catalogue import Severity
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
from uma_reference.authorization_server.documents import read_form
from uma_reference.authorization_server.handles import PersistedClaims
from uma_reference.authorization_server.model import AccessToken, Claims, Ticket
from uma_reference.authorization_server.records import AccessRequest, Standing
from uma_reference.authorization_server.remembering import remembered
from uma_reference.authorization_server.replacing import upgradable
from uma_reference.authorization_server.results import (
    Denied,
    Granted,
    Result,
    Submitted,
    heeded,
)
from uma_reference.authorization_server.rules import Rules
from uma_reference.faults import Fault, all_faults
from uma_reference.faults.tokens import with_error
from uma_reference.faults.wire import TOKEN, Reply, answers

pytestmark = pytest.mark.usefixtures("unmeasured")

ISSUER = "https://as.example"
MODULES = ("pct", "submitted", "refresh", "revocation", "upgrade", "profiles", "policy_uri")
FEATURES = (
    *("dynamic-registration", "interactive-claims", "pct", "refresh", "request_submitted"),
    *("revocation", "rpt-upgrade"),
)
Change = Callable[[Rules], Rules]


def once(rules: Rules) -> Rules:
    """Give a party's PCT to a client once and for all, however often she gives her claims."""
    given: set[str] = set()

    def remember(ticket: Ticket, persisted: PersistedClaims | None) -> Claims | None:
        who = f"{ticket.client} {ticket.claims.subject}"
        found = None if who in given or persisted else remembered(ticket, persisted)
        given.add(who)
        return found

    def redeem(ticket: Ticket | None, client_id: str, now: int) -> Ticket:
        return replace(rules.redeem(ticket, client_id, now), client=client_id)

    return replace(rules, remembered=remember, redeem=redeem)


def every_time(rules: Rules) -> Rules:
    """Give a new PCT with each RPT; the one that was presented ends with that."""

    def remember(ticket: Ticket, persisted: PersistedClaims | None) -> Claims | None:
        del persisted
        return remembered(ticket, None)

    return replace(rules, remembered=remember)


def after_visits_alone(rules: Rules) -> Rules:
    """Remember nothing but what a party agreed to on a page of the server."""

    def remember(ticket: Ticket, persisted: PersistedClaims | None) -> Claims | None:
        told = any(item.issuer == ISSUER for item in ticket.claims.each)
        return remembered(ticket, persisted) if told else None

    return replace(rules, remembered=remember)


def by_reference(value: str, ticket: Ticket) -> str:
    """Return a signed token that refers to the claims, and names its client."""
    del ticket
    members = {"iss": ISSUER, "sub": value, "jti": value, "client_id": "app"}
    parts = ({"alg": "ES256", "typ": "JWT"}, members)
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts)
    return ".".join([*(part.rstrip("=") for part in encoded), value])


def same_string(rules: Rules) -> Rules:
    """Upgrade an RPT without giving it another value."""
    last: list[str] = []

    def upgrade(
        old: AccessToken | None, ticket: Ticket, client_id: str, now: int
    ) -> AccessToken | None:
        found = upgradable(old, ticket, client_id, now)
        last.extend([found.value] if found else [])
        return found

    def value(fresh: str, ticket: Ticket) -> str:
        del ticket
        return last.pop() if last else fresh

    return replace(rules, upgradable=upgrade, fresh_value=value)


def granted_at_once(result: Result, asked: AccessRequest | None) -> Result:
    """Let an owner have approved by the first poll."""
    if asked is not None and asked.standing is Standing.PENDING:
        return Granted(asked.permissions)
    return heeded(result, asked)


def interval(value: object) -> Callable[[Reply], Reply]:
    return with_error("request_submitted", lambda reply: reply.with_member("interval", value))


def rows_of(
    fault: Fault,
    settings: Mapping[str, object] | None = None,
    undeclared: Collection[str] = (),
) -> dict[str, JudgedRow]:
    """Run the checks of these modules against a reference, and return the rows that they judge."""
    deployment = fresh_deployment()
    config = Config.from_document({**deployment.document(ISSUER), **(settings or {})})
    app = fault.app(config, MemoryStore(), AdjustableClock(), SystemRandomness())
    driver = BuiltinDriver(ISSUER, deployment, transport=httpx.ASGITransport(app))
    target = builtin_target()
    declared = {name: there for name, there in target.features.items() if name not in undeclared}
    target = replace(target, features=declared)
    ready = OpenTarget(target, driver, transport=httpx.ASGITransport(app))
    checks = [item for item in checks_for("as") if item.name.split("::")[0].endswith(MODULES)]
    try:
        with run_against(ready) as run:
            run.drive(checks)
            for item in checks:
                run.judge(item)
            assert run.faults_of_suite() == ()
            rows = {row.requirement.id: row for row in run.rows(checks)}
    finally:
        driver.close()
    return {row: rows[row] for item in checks for row in item.rows}


RULES: dict[str, Change] = {
    "a PCT once and for all": once,
    "a new PCT every time": every_time,
    "PCTs after visits alone": after_visits_alone,
    "a PCT that refers to claims": lambda rules: replace(rules, pct_value=by_reference),
    "upgrades keep the string": same_string,
    "owners approve at once": lambda rules: replace(rules, heeded=granted_at_once),
}
WIRES: dict[str, Callable[[Reply], Reply]] = {
    "no interval": with_error("request_submitted", lambda r: r.without_member("interval")),
    "no waiting": interval(0),
    "half a second": interval(0.5),
    "longer than anybody waits": interval(10**12),
    "revocations answer nothing": answers("/revoke", lambda r: r.empty()),
}


SETTINGS: dict[str, dict[str, object]] = {
    "refresh tokens end with policies": {"withdrawal_ends_rpts": True},
    "all or nothing": {"partial_grants": False},
    "RPTs are JWTs": {"rpt_format": "jwt"},
}
# What these servers never do, or do not say, cannot be judged.
OPEN = {"upgrades keep the string": {"G-3.3.5.1-06"}, "no interval": {"G-3.3.6-45"}}


@pytest.mark.parametrize("name", [*RULES, *WIRES, *SETTINGS])
def test_freedom_fails_no_row(name: str) -> None:
    fault = Fault("legal", name, (), rules=RULES.get(name), wire=WIRES.get(name))
    rows = rows_of(fault, SETTINGS.get(name))
    left = {row: item.message for row, item in rows.items() if item.outcome is not Outcome.PASSED}
    assert left.keys() == OPEN.get(name, set()), left
    assert {rows[row].outcome for row in left} <= {Outcome.INAPPLICABLE}


def test_one_refresh_token_may_do_for_all_times() -> None:
    newest: dict[str, str] = {}

    def form(body: bytes) -> dict[str, str]:
        names = {"refresh_token", "token"}
        return {k: newest.get(v, v) if k in names else v for k, v in read_form(body).items()}

    def kept(reply: Reply) -> Reply:
        sent = dict(parse_qsl(reply.form)).get("refresh_token")
        if sent is None or "refresh_token" not in reply.members:
            return reply
        newest[sent] = str(reply.members["refresh_token"])
        return reply.without_member("refresh_token")

    fault = Fault(
        "legal",
        "A refresh token lives on.",
        (),
        rules=lambda rules: replace(rules, read_form=form),
        wire=answers(TOKEN, kept, status=200),
    )
    rows = rows_of(fault)
    assert {row for row, item in rows.items() if item.outcome is not Outcome.PASSED} == set()


def test_a_grant_at_the_first_poll_is_remarked_on() -> None:
    rows = rows_of(Fault("legal", "", (), rules=RULES["owners approve at once"]))
    for row in ("G-3.3.6-37", "G-3.3.6-42"):
        assert "the owner was not heard" in " ".join(rows[row].remarks)


def test_whoever_claims_no_upgrades_may_upgrade_now_and_then() -> None:
    """Then only that it is inconsistent is warned of (reading A14)."""
    fault = next(item for item in all_faults() if item.id == "upgrade-now-and-then")
    rows = rows_of(fault, undeclared={"rpt-upgrade"})
    assert {row for row, item in rows.items() if item.outcome is Outcome.FAILED} == {"G-3.3.5.1-03"}
    assert rows["G-3.3.5.1-03"].severity is Severity.WARNING


@pytest.mark.parametrize("feature", ["pct", "refresh", "revocation"])
def test_what_is_declared_and_never_shows_fails(feature: str) -> None:
    others = [item for item in FEATURES if item != feature]
    rows = rows_of(Fault("absent", feature, ()), {"features": others})
    failed = {row for row, item in rows.items() if item.outcome is Outcome.FAILED}
    assert failed
    assert failed <= {row for row, item in rows.items() if feature in item.requirement.needs}


def test_owners_who_are_never_asked_show() -> None:
    def denied(result: Result, asked: AccessRequest | None) -> Result:
        found = heeded(result, asked)
        return Denied() if isinstance(found, Submitted) else found

    rows = rows_of(Fault("absent", "", (), rules=lambda rules: replace(rules, heeded=denied)))
    failed = {row for row, item in rows.items() if item.outcome is Outcome.FAILED}
    name = "request_submitted"
    assert failed == {row for row, item in rows.items() if name in item.requirement.needs}


@pytest.mark.parametrize("feature", ["pct", "refresh", "revocation", "request_submitted"])
def test_what_is_neither_declared_nor_there_is_inapplicable(feature: str) -> None:
    others = [item for item in FEATURES if item != feature]
    rows = rows_of(Fault("absent", feature, ()), {"features": others}, undeclared={feature})
    left = {row for row, item in rows.items() if item.outcome is not Outcome.PASSED}
    assert left == {row for row, item in rows.items() if feature in item.requirement.needs}
    assert {rows[row].outcome for row in left} == {Outcome.INAPPLICABLE}
