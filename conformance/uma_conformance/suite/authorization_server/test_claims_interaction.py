"""The claims interaction endpoint: visits that succeed (Grant 3.3.2, 3.3.3)."""

import re

from uma_conformance.actors.metadata import is_web_uri
from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.navigation import added, keeps_query
from uma_conformance.outcome import Outcome
from uma_conformance.probes import discovery, visits
from uma_conformance.suite.ways_back import WayBack, assessed, control, returned, values, way_back

# What stands in a recording for a claim, a claim token or a password.
_CLAIM = re.compile(r"\b(?:claim|claim-token|secret):[0-9a-f]{12}\b")
_NONE = frozenset[str]()
_ENDPOINT = "claims_interaction_endpoint"


def _require_way_back(judge: Judge, row: str, visit: WayBack, uri: str) -> str:
    """Pass or fail a row by whether a visit ended at the client; return the address if it did."""
    address = visit.to(uri)
    if not address and (visit.stuck or _names(visit, uri)):
        judge.cant_tell(row, f"{visit.outline}; its last page has to be looked at", visit.last)
        return ""
    seen = f"{visit.outline}; {uri!r} expected"
    judge.require(row, bool(address), seen, visit.first, visit.last)
    return address


def _require_success(judge: Judge, row: str, visit: WayBack, uri: str) -> str:
    """Judge as `_require_way_back` does; to come back with an error is a failure, too."""
    address = _require_way_back(judge, row, visit, uri)
    if not values(address, "error", uri):
        return address
    judge.require(row, False, visit.outline, visit.first, visit.last)  # noqa: FBT003 - it fails
    return ""


def _names(visit: WayBack, uri: str) -> bool:
    """Tell whether the last page has the URI in it, and so may lead there in a way of its own."""
    body = visit.last.response.body if visit.last.response else ""
    place = uri.partition("?")[0]
    return place in body or place.replace("/", "\\/") in body


@check("G-3.3.3-01", probe=visits.completed)
def test_the_party_is_led_back(judge: Judge) -> None:
    """A requesting party who did what she was asked for is led back to the client."""
    visit = way_back(judge, "visit")
    address = _require_way_back(judge, "G-3.3.3-01", visit, visit.uri)
    judge.control(not values(address, "error", visit.uri), visit.outline, visit.last)


@check("G-3.3.2-10", probe=visits.choices)
def test_the_address_of_the_request_is_taken(judge: Judge) -> None:
    """Of two registered addresses, the one of the request is led to."""
    first, second = way_back(judge, "first address"), way_back(judge, "second address")
    for visit, other in ((first, second), (second, first)):
        if not visit.to(visit.uri) and not visit.to(other.uri):
            judge.cant_tell("G-3.3.2-10", visit.outline, visit.last)
            continue
        seen = f"{visit.outline}; {visit.uri!r} expected"
        judge.require("G-3.3.2-10", bool(visit.to(visit.uri)), seen, visit.first, visit.last)


@check("G-3.3.2-09", probe=visits.choices)
def test_a_single_address_may_be_left_out(judge: Judge) -> None:
    """A client with a single address need not name it."""
    control(judge)
    _require_success(judge, "G-3.3.2-09", way_back(judge, "no address"), judge.text("single"))


@check("G-3.3.2-21", "G-3.3.3-08", probe=visits.choices)
def test_state_may_be_left_out(judge: Judge) -> None:
    """A visit without state works, and no state comes back from it."""
    control(judge)
    visit = way_back(judge, "no state")
    address = _require_success(judge, "G-3.3.2-21", visit, visit.uri)
    if not address:
        judge.cant_tell("G-3.3.3-08", visit.outline, visit.last)
        return
    states = values(address, "state", visit.uri)
    seen = f"no state was sent, and {list(states)!r} came back"
    judge.require("G-3.3.3-08", not states, seen, visit.first, visit.last)


@check("G-3.3.2-12", "G-3.3.2-13", probe=visits.query)
def test_the_query_of_the_address_is_kept(judge: Judge) -> None:
    """An address may have a query, and all of it is there beside what is added."""
    control(judge)
    visit = way_back(judge, "visit")
    address = _require_success(judge, "G-3.3.2-12", visit, visit.uri)
    if not address:
        judge.cant_tell("G-3.3.2-13", visit.outline, visit.last)
        return
    seen = f"the query of {visit.uri!r} is not all there in {address!r}"
    kept = keeps_query(address, visit.uri)
    judge.require("G-3.3.2-13", kept, seen, visit.first, visit.last)


@check("G-3.3.3-02", probe=visits.completed)
def test_parameters_are_in_the_query(judge: Judge) -> None:
    """What is added to the address is added to its query."""
    visit, address = returned(judge, "visit")
    in_query = {name for name, _ in added(address, visit.uri)}
    outside = {name for name in ("ticket", "state") if values(address, name)} - in_query
    seen = f"outside of the query: {', '.join(sorted(outside))}"
    judge.require("G-3.3.3-02", not outside, seen, visit.last)


@check("G-3.3.3-03", "G-3.3.3-05", probe=visits.completed)
def test_a_new_ticket_comes_back(judge: Judge) -> None:
    """The redirection back has a ticket, and another one than the client sent."""
    visit, address = returned(judge, "visit")
    tickets = values(address, "ticket", visit.uri)
    seen = f"{len(tickets)} tickets in the redirection back, one expected"
    judge.require("G-3.3.3-03", len(tickets) == 1 and bool(tickets[0]), seen, visit.last)
    same = visit.asked["ticket"] in tickets
    judge.require("G-3.3.3-05", not same, "the ticket came back that was sent", visit.last)


@check("G-3.3.3-04", probe=visits.completed)
def test_the_ticket_goes_on_with_the_process(judge: Judge) -> None:
    """With the ticket, what was gathered counts for what was asked for in the beginning."""
    visit, _ = returned(judge, "visit")
    before, used = judge.exchange("before"), judge.exchange("used")
    judge.control(not before.succeeded, "no visit was needed for an RPT", before)
    seen = f"the ticket that came back answered {used.outline}"
    if not judge.require("G-3.3.3-04", used.succeeded, seen, visit.last, used):
        return
    if "granted" in judge.episode().facts:
        granted, wanted = judge.permissions("granted"), judge.permissions("ticket")
        missing = [
            name for name, scopes in wanted.items() if not scopes <= granted.get(name, _NONE)
        ]
        seen = f"the RPT lacks what the first ticket was for: {', '.join(missing)}"
        judge.require("G-3.3.3-04", not missing, seen, used)


@check("G-3.3.3-07", "G-3.3.2-22", probe=visits.completed)
def test_state_comes_back(judge: Judge) -> None:
    """A state that was sent comes back as it was."""
    visit, address = returned(judge, "visit")
    states, expected = values(address, "state", visit.uri), judge.text("state")
    for row in ("G-3.3.3-07", "G-3.3.2-22"):
        seen = f"state came back as {list(states)!r}, {expected!r} expected"
        judge.require(row, list(states) == [expected], seen, visit.first, visit.last)


@check("G-3.3.3-09", probe=visits.completed)
def test_nothing_gathered_comes_back(judge: Judge) -> None:
    """The redirection back holds no claims of the requesting party."""
    visit, address = returned(judge, "visit")
    if judge.fact("claims known") is not True:
        reason = "the driver names no claims of the requesting party to look for"
        judge.leave_row_open("G-3.3.3-09", Outcome.UNTESTED, reason)
        return
    told = [name for name, value in added(address, visit.uri) if _CLAIM.search(value)]
    seen = f"claims came back in {', '.join(told) or 'the address'}"
    judge.require("G-3.3.3-09", not _CLAIM.search(address), seen, visit.last)


@check("G-3.3.3-11", probe=visits.remembered)
def test_who_is_remembered_gets_a_pct(judge: Judge) -> None:
    """After an agreement to be remembered, a PCT comes with the RPT, not with the redirection."""
    visit, address = returned(judge, "visit")
    used = judge.exchange("used")
    judge.control(used.succeeded, f"the ticket that came back: {used.outline}", visit.last, used)
    if "pct" not in used.members and not judge.declaration.features.get("pct"):
        judge.inapplicable("G-3.3.3-11", "no pct came, and none is declared")
        return
    seen = "no pct came with the RPT, though the requesting party agreed to be remembered"
    judge.require("G-3.3.3-11", "pct" in used.members, seen, visit.last, used)
    early = values(address, "pct", visit.uri)
    judge.require("G-3.3.3-11", not early, "a pct came with the redirection", visit.last)


@check("G-2-08", "G-3.3-03", probe=(visits.declared, discovery.document))
def test_the_declared_endpoint_takes_fresh_tickets(judge: Judge) -> None:
    """A declared claims interaction endpoint is a URI; whoever comes there first is served."""
    document = judge.exchange("document", 1)
    judge.control("token_endpoint" in document.members, "there is no discovery document", document)
    if _ENDPOINT not in document.members:
        for row in ("G-2-08", "G-3.3-03"):
            judge.inapplicable(
                row, "the discovery document declares no claims interaction endpoint"
            )
        return
    value = document.members[_ENDPOINT]
    usable = isinstance(value, str) and is_web_uri(value)
    seen = f"{_ENDPOINT} is {value!r}, no absolute URI"
    if not judge.require("G-2-08", usable, seen, document):
        judge.cant_tell("G-3.3-03", seen, document)
        return
    visit = way_back(judge, "visit")
    _require_way_back(judge, "G-2-08", visit, visit.uri)
    _require_success(judge, "G-3.3-03", visit, visit.uri)


@check("G-3.3.6-32", probe=visits.hinted)
def test_the_hint_leads_to_a_claims_page(judge: Judge) -> None:
    """A redirect_user is the URI of a place where a requesting party is served."""
    answer = judge.exchange("need_info")
    judge.control(assessed(answer), f"an RPT request: {answer.outline}", answer)
    if "redirect_user" not in answer.members:
        judge.inapplicable("G-3.3.6-32", f"no redirect_user came: {answer.outline}")
        return
    value = answer.members["redirect_user"]
    usable = isinstance(value, str) and is_web_uri(value)
    seen = f"redirect_user is {value!r}, no absolute URI"
    if judge.require("G-3.3.6-32", usable, seen, answer):
        visit = way_back(judge, "visit")
        _require_success(judge, "G-3.3.6-32", visit, visit.uri)
