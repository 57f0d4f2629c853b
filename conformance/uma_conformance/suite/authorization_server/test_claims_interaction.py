"""The claims interaction endpoint: visits that succeed (Grant 3.3.2, 3.3.3)."""

from uma_conformance.checks import check
from uma_conformance.judge import Judge, Open
from uma_conformance.outcome import Outcome
from uma_conformance.probes import visits
from uma_conformance.suite.ways_back import WayBack, values, way_back


def _returned(judge: Judge, label: str) -> tuple[WayBack, str]:
    """Return a visit and the address that it leads back to; its rows stay open without one."""
    visit = way_back(judge, label)
    address = visit.to(visit.uri)
    if not address:
        raise Open(Outcome.CANT_TELL, visit.outline, [visit.first.number, visit.last.number])
    return visit, address


@check("G-3.3.3-03", "G-3.3.3-05", probe=visits.completed)
def test_a_new_ticket_comes_back(judge: Judge) -> None:
    """The redirection back has a ticket, and another one than the client sent."""
    visit, address = _returned(judge, "visit")
    tickets = values(address, "ticket", visit.uri)
    seen = f"{len(tickets)} tickets in the redirection back, one expected"
    judge.require("G-3.3.3-03", len(tickets) == 1 and bool(tickets[0]), seen, visit.last)
    same = visit.asked["ticket"] in tickets
    judge.require("G-3.3.3-05", not same, "the ticket came back that was sent", visit.last)


@check("G-3.3.3-07", "G-3.3.2-22", probe=visits.completed)
def test_state_comes_back(judge: Judge) -> None:
    """A state that was sent comes back as it was."""
    visit, address = _returned(judge, "visit")
    states, expected = values(address, "state", visit.uri), judge.text("state")
    for row in ("G-3.3.3-07", "G-3.3.2-22"):
        seen = f"state came back as {list(states)!r}, {expected!r} expected"
        judge.require(row, list(states) == [expected], seen, visit.first, visit.last)
