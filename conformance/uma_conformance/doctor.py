"""Proving a target before a run: every hook of its driver is used once and its effect is seen."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from uma_conformance.actors.actor import JSON, Journal, json_body
from uma_conformance.actors.client import SENDER, UMA_GRANT
from uma_conformance.actors.metadata import Blocked
from uma_conformance.drivers.protocol import (
    CLIENT,
    OTHER_CLIENT,
    OTHER_OWNER,
    OTHER_PARTY,
    OTHER_RESOURCE_SERVER,
    OWNER,
    PARTY,
    RESOURCE_SERVER,
    DriverError,
    Flaw,
    Policy,
    Unsupported,
    Wish,
)
from uma_conformance.probes.lifetimes import outlive
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.surroundings import Surroundings
from uma_conformance.wire import Message, TargetSilent

_VIEW = frozenset({"view"})
_OF_ONE_PRODUCT = frozenset({"builtin", "keycloak"})
_POLICIES = "driver"
_TICKETS = "driver.ticket_seconds"
_TIME = "driver.longest_wait_seconds"
_VISITS = "browser"
_KEY = re.compile(r"(driver|target|tls|browser|limits)\.[A-Za-z0-9_.-]*[A-Za-z0-9_]")


class Health(StrEnum):
    """How an examination of one hook ended."""

    FINE = "ok"
    UNSUPPORTED = "unsupported"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Examination:
    """One hook with what was seen of it; `key` is where the target file gives or misses it."""

    hook: str
    health: Health
    note: str = ""
    key: str = ""


def examine(surroundings: Surroundings, kind: str = "") -> Iterator[Examination]:
    """Use every hook of a driver of some kind, and yield what was seen of each."""
    for hook, table, use in _HOOKS:
        key = _key_for(kind, table)
        scene = Scene(surroundings, Journal(surroundings.wire, f"doctor.{hook}"))
        try:
            note = use(scene)
        except Unsupported as answer:
            yield Examination(hook, Health.UNSUPPORTED, str(answer), _named(str(answer)) or key)
        except (Blocked, DriverError, TargetSilent) as problem:
            yield Examination(hook, Health.BROKEN, str(problem), _named(str(problem)) or key)
        else:
            yield Examination(hook, Health.FINE, note, key)


def _key_for(kind: str, table: str) -> str:
    """Return the key that a hook hangs on: a driver of one product has no tables for it."""
    if kind in _OF_ONE_PRODUCT:
        return table if table.startswith("target.") else "driver"
    return _KEYS.get((kind, table), table)


def _named(message: str) -> str:
    """Return the key of the target file that a message is about, if it starts with one."""
    found = _KEY.match(message)
    return found.group() if found else ""


def _discovery(scene: Scene) -> str:
    for name in ("token_endpoint", "permission_endpoint", "resource_registration_endpoint"):
        scene.endpoint(name)
    return f"{len(scene.surroundings.metadata.endpoints)} endpoints at {scene.driver.issuer}"


def _pats(scene: Scene) -> str:
    tokens = [
        scene.driver.pat(owner, server)
        for owner in (OWNER, OTHER_OWNER)
        for server in (RESOURCE_SERVER, OTHER_RESOURCE_SERVER)
    ]
    _see(all(tokens), "an empty PAT was returned")
    for token in tokens:
        answer = scene.resource_server(pat=token).list()
        _see(answer.succeeded, f"a PAT was refused: {answer.exchange.outline}")
    return f"{len(tokens)} PATs, each accepted"


def _plain_token(scene: Scene) -> str:
    _see(bool(scene.driver.plain_token(OWNER, RESOURCE_SERVER)), "an empty token was returned")
    return "a token without uma_protection"


def _clients(scene: Scene) -> str:
    for name in (CLIENT, OTHER_CLIENT):
        answer = scene.client(name).request_rpt("a-ticket-that-nobody-issued")
        _see(answer.status != 401, f"the credentials of {name} were refused")
    return "two clients, credentials accepted"


def _register(scene: Scene) -> str:
    scene.register()
    return "a resource was registered"


def _share(scene: Scene) -> str:
    resource = scene.register(policies=[Policy(_VIEW)])
    ticket = scene.ticket({resource: _VIEW})
    answer = scene.client().request_rpt(ticket, scene.claims())
    granted = scene.permissions(scene.rpt(answer), "granted")
    _see(granted.get(resource) == _VIEW, "the RPT does not hold what the policy allows")
    return "policy set, claims pushed, RPT issued, permissions seen"


def _refuse(scene: Scene) -> str:
    resource = scene.register(policies=[Policy(_VIEW)])
    ticket = scene.ticket({resource: _VIEW})
    answer = scene.client().request_rpt(ticket, scene.claims(OTHER_PARTY))
    _see(not answer.succeeded, "a party without a policy got an RPT")
    return f"another party was refused with {answer.exchange.outline}"


def _withdraw(scene: Scene) -> str:
    resource = scene.register(policies=[Policy(_VIEW)])
    scene.driver.set_policy(OWNER, resource, ())
    ticket = scene.ticket({resource: _VIEW})
    answer = scene.client().request_rpt(ticket, scene.claims())
    _see(not answer.succeeded, "an RPT was issued after all policies were withdrawn")
    return "withdrawal has effect"


def _second_condition(scene: Scene) -> str:
    scene.register(policies=[Policy(_VIEW, also={"role": "doctor"})])
    scene.claims(without=frozenset({"role"}))
    return "a policy with a second claim, and a claim token without it"


def _flaws(scene: Scene) -> str:
    made: list[str] = []
    missing: list[str] = []
    for flaw in Flaw:
        try:
            scene.claims(flaw=flaw)
        except Unsupported as answer:
            missing.append(f"{flaw} ({answer})")
        else:
            made.append(str(flaw))
    if not made:
        raise Unsupported("; ".join(missing))
    return ", ".join(made) + (f"; not: {', '.join(missing)}" if missing else "")


def _client_scopes(scene: Scene) -> str:
    scopes = scene.driver.client_scopes(CLIENT)
    return f"registered: {', '.join(sorted(scopes)) or 'none'}"


def _short_lived(scene: Scene) -> str:
    resource = scene.register(policies=[Policy(_VIEW)])
    with scene.driver.short_lived_tickets() as expiry:
        ticket = scene.ticket({resource: _VIEW})
        expiry.wait()
    answer = scene.client().request_rpt(ticket, scene.claims())
    _see(not answer.succeeded, "a ticket was still good after its lifetime")
    return "a ticket expired"


def _pass_time(scene: Scene) -> str:
    resource = scene.register(policies=[Policy(_VIEW)])
    answer = scene.client().request_rpt(scene.ticket({resource: _VIEW}), scene.claims())
    rpt = scene.rpt(answer)
    outlive(scene, answer)
    after = scene.introspect(rpt, "after")
    _see(after.exchange.members.get("active") is False, "an RPT is active after its lifetime")
    return "an RPT expired"


def _introspection_credentials(scene: Scene) -> str:
    scene.driver.introspection_credentials(RESOURCE_SERVER)
    return "credentials for targets that refuse the PAT"


def _visit(scene: Scene) -> str:
    if not scene.driver.redirects(CLIENT).claims:
        raise Unsupported(f"{CLIENT} has no claims redirection URI")
    resource = scene.register(policies=[Policy(_VIEW, by_visit=True)])
    ticket = scene.ticket({resource: _VIEW})
    place = scene.endpoint("claims_interaction_endpoint")
    query = urlencode({"client_id": scene.credentials().client_id, "ticket": ticket})
    agent = scene.user_agent()
    page = agent.get(f"{place}{'&' if '?' in place else '?'}{query}")
    end = scene.driver.act_as(PARTY, agent, page, Wish.GO_ON)
    _see("ticket=" in end.redirect, f"the visit ended with status {end.status} and no ticket")
    return "a visit was made, and a ticket came back"


def _settle(scene: Scene) -> str:
    resource = scene.register(policies=[Policy(_VIEW, ask=True)])
    answer = scene.client().request_rpt(scene.ticket({resource: _VIEW}), scene.claims())
    if answer.exchange.error != "request_submitted":
        raise Unsupported(f"the owner is not asked: {answer.exchange.outline}")
    scene.driver.settle(OWNER, resource, approve=True)
    after = scene.client().request_rpt(answer.member("ticket"))
    _see(after.succeeded, f"after the approval: {after.exchange.outline}")
    return "a request was submitted, approved, and granted"


def _register_client(scene: Scene) -> str:
    headers = scene.driver.registration_headers()
    if "registration_endpoint" not in scene.surroundings.metadata.endpoints:
        raise Unsupported("there is no registration_endpoint in the discovery document")
    place = scene.endpoint("registration_endpoint")
    wanted = {"client_name": "Doctor", "grant_types": [UMA_GRANT]}
    kept = (("content-type", JSON), *headers.items())
    answer = scene.journal.send(
        Message("POST", place, kept, json_body(wanted)),
        sender=SENDER,
        endpoint="registration",
        label="",
        purpose="Register a client",
    )
    _see(answer.succeeded, f"no client could be registered: {answer.exchange.outline}")
    return "a client registered itself"


def _see(holds: bool, problem: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise DriverError(problem)


# Each hook, the part of the target file that it hangs on, and how it is used.
_HOOKS: tuple[tuple[str, str, Callable[[Scene], str]], ...] = (
    ("discovery", "target.issuer", _discovery),
    ("pat", "driver.pats", _pats),
    ("plain_token", "driver.pats", _plain_token),
    ("client", "driver.clients", _clients),
    ("resource_members", "driver.resource_members", _register),
    ("set_policy", _POLICIES, _share),
    ("set_policy: another party", _POLICIES, _refuse),
    ("set_policy: withdrawal", _POLICIES, _withdraw),
    ("set_policy: also", _POLICIES, _second_condition),
    ("claim_token: flaws", "driver.claims", _flaws),
    ("client_scopes", "driver.clients", _client_scopes),
    ("short_lived_tickets", _TICKETS, _short_lived),
    ("pass_time", _TIME, _pass_time),
    ("introspection_credentials", "driver.introspection", _introspection_credentials),
    ("redirects, act_as", _VISITS, _visit),
    ("settle", _POLICIES, _settle),
    ("registration_headers", "driver.registration_token_env", _register_client),
)
# Where a kind of driver has it elsewhere.
_KEYS: Mapping[tuple[str, str], str] = {
    ("hook", _POLICIES): "driver.url",
    ("hook", _TICKETS): "driver.url",
    ("hook", _TIME): "driver.url",
    ("hook", _VISITS): "driver.url",
}
