"""Permission tickets across traffic: what became of one that was presented before (Grant 5.5)."""

from collections.abc import Iterator

from uma_conformance.actors.client import TOKEN
from uma_conformance.actors.user_agent import CLAIMS
from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.passive.evidence import Passive, together, whole
from uma_conformance.passive.masks import is_masked
from uma_conformance.passive.visits import parameters
from uma_conformance.trace import Evidence, Exchange

_ASSESSED = frozenset({"need_info", "request_denied", "request_submitted"})
_GOING_ON = frozenset({"need_info", "request_submitted"})


@check("G-5.5-02", "G-5.5-03", "G-3.3.6-04")
def used_tickets_are_good_for_nothing(judge: Judge) -> None:
    """See that a ticket that was assessed once is refused with invalid_grant from then on."""
    for first, second in _presented_again(judge.evidence):
        again = second.succeeded or second.error in _GOING_ON
        seen = f"a ticket was used again: {first.outline}, then {second.outline}"
        for row in ("G-5.5-02", "G-5.5-03"):
            judge.require(row, not again, seen, first, second)
        if second.error == "invalid_grant":
            seen = f"a used ticket answered {second.outline}, status 400 expected"
            judge.require("G-3.3.6-04", second.status == 400, seen, first, second)


def _presented_again(evidence: Evidence) -> Iterator[tuple[Exchange, Exchange]]:
    """Yield each later presentation of a ticket with the first one.

    The first one had been answered before, after an assessment, and the later one is no copy of it:
    two programs may have recorded the same exchange.
    """
    first: dict[str, Exchange] = {}
    for exchange in evidence.at(TOKEN):
        ticket = exchange.form.get("ticket", "")
        if not ticket or is_masked(ticket) or not whole(exchange):
            continue
        before = first.get(ticket)
        if before is None:
            if _assessed(exchange):
                first[ticket] = exchange
        elif _after(before, exchange) and not _same_answer(before, exchange):
            yield before, exchange


def _assessed(exchange: Exchange) -> bool:
    return exchange.error in _ASSESSED or (
        exchange.succeeded and "access_token" in exchange.members
    )


def _after(first: Exchange, second: Exchange) -> bool:
    return second.started >= first.started + first.seconds > first.started


def _same_answer(first: Exchange, second: Exchange) -> bool:
    one, two = first.response, second.response
    return one is not None and two is not None and one.body == two.body


@check("G-5.5-04")
def tickets_of_visits_are_good_for_nothing(judge: Judge) -> None:
    """See that a ticket that was presented on a visit gives no RPT any more."""
    visits: dict[str, Exchange] = {}
    for exchange in judge.evidence.at(CLAIMS, TOKEN):
        ticket = (
            parameters(exchange.request.url).get("ticket", "")
            if exchange.endpoint == CLAIMS
            else exchange.form.get("ticket", "")
        )
        if not ticket or is_masked(ticket):
            continue
        visit = visits.get(ticket)
        if exchange.endpoint == CLAIMS and 200 <= exchange.status < 400:
            visits.setdefault(ticket, exchange)
        elif visit is not None and _told_after(visit, exchange):
            seen = "a ticket gave an RPT after it had been presented on a visit"
            judge.require("G-5.5-04", not exchange.succeeded, seen, visit, exchange)


def _told_after(visit: Exchange, exchange: Exchange) -> bool:
    answered = exchange.succeeded or exchange.error == "invalid_grant"
    return exchange.endpoint == TOKEN and answered and _after(visit, exchange)


def ticket_checks() -> tuple[Passive, ...]:
    """Return the passive checks of tickets."""
    return (
        together(used_tickets_are_good_for_nothing),
        together(tickets_of_visits_are_good_for_nothing),
    )
