"""Tickets at the claims interaction endpoint: used up there, or no good (Grant 3.3.3, 5.5)."""

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.navigation import added
from uma_conformance.probes import spent_tickets
from uma_conformance.suite.ways_back import WayBack, assessed, control, values, way_back

_FAILURES = (
    ("an unknown ticket", 0, "unknown"),
    ("a used ticket", 0, "used"),
    ("an expired ticket", 1, "expired"),
    ("a party who gave up", 2, "declined"),
)


@check(
    "G-3.3.3-17",
    probe=(spent_tickets.wrong_tickets, spent_tickets.expired, spent_tickets.declined),
)
def test_the_client_is_told_of_failures(judge: Judge) -> None:
    """A visit that fails for other reasons than its address ends at the client, with an error."""
    row, judged, problem = "G-3.3.3-17", 0, ""
    for what, probe, label in _FAILURES:
        gap = judge.episode(probe).gap
        if gap is not None and not judge.has(label, probe):
            problem = gap.reason
            continue
        if label == "used" and not assessed(judge.exchange("use")):
            problem = "an RPT request did not come as far as using its ticket up"
            continue
        control(judge, probe=probe)
        judged += 1
        _require_error(judge, row, way_back(judge, label, probe), what)
    judge.control(judged > 0, problem or "no failure could be brought about")


def _require_error(judge: Judge, row: str, visit: WayBack, what: str) -> None:
    address = visit.to(visit.uri)
    if not address and visit.stuck:
        judge.cant_tell(row, f"{what}: {visit.outline}", visit.first, visit.last)
        return
    told = any(name == "error" and code for name, code in added(address, visit.uri))
    seen = f"{what}: {visit.outline}; {visit.uri!r} with an error expected"
    judge.require(row, told, seen, visit.first, visit.last)
    state = visit.asked.get("state", "")
    if told and list(values(address, "state", visit.uri)) != [state]:
        judge.remark(row, f"{what}: state did not come back with the error", visit.last)


@check("G-3.3.2-05", probe=spent_tickets.wrong_tickets)
def test_without_a_ticket_none_comes_back(judge: Judge) -> None:
    """A visit without a ticket does not end as after success."""
    control(judge)
    visit = way_back(judge, "missing")
    tickets = values(visit.to(visit.uri), "ticket", visit.uri)
    seen = "a ticket came back from a visit without one"
    judge.require("G-3.3.2-05", not tickets, seen, visit.first, visit.last)


@check("G-5.5-03", probe=spent_tickets.wrong_tickets)
def test_used_tickets_are_no_good_at_the_claims_page(judge: Judge) -> None:
    """A ticket that was presented at the token endpoint gives no other at the claims page."""
    if not judge.has("used") or not assessed(judge.exchange("use")):
        judge.inapplicable("G-5.5-03", "no used ticket was taken to a claims page")
        return
    control(judge)
    use = judge.exchange("use")
    visit = way_back(judge, "used")
    tickets = values(visit.to(visit.uri), "ticket", visit.uri)
    seen = "a ticket that was used at the token endpoint was replaced at the claims page"
    judge.require("G-5.5-03", not tickets, seen, use, visit.last)


@check("G-5.5-04", probe=spent_tickets.abandoned)
def test_tickets_are_used_up_by_arriving(judge: Judge) -> None:
    """A ticket that came to the claims page is good for nothing, though nobody went on there."""
    row = "G-5.5-04"
    control(judge)
    fresh = judge.exchange("token request, control")
    judge.control(assessed(fresh), f"a fresh ticket: {fresh.outline}", fresh)
    arrival, answer = judge.exchange("arrival"), judge.exchange("token request")
    seen = f"after it came to the claims page, the token endpoint still took it: {answer.outline}"
    judge.require(row, not assessed(answer), seen, arrival, answer, fresh)
    visit = way_back(judge, "another session")
    tickets = values(visit.to(visit.uri), "ticket", visit.uri)
    seen = "after it came to the claims page, it was taken there in another session"
    judge.require(row, not tickets, seen, judge.exchange("arrival before another"), visit.last)
