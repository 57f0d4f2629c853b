"""Permission tickets: single use, expiry, and how hard they are to guess (Grant 3.3.6, 5.5)."""

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes import claims, tickets
from uma_conformance.trace import Exchange

_OUTCOMES = ("success", "denial", "no claims")
_FEWEST_BITS = 100
_USUAL_BITS = 128


def _control(judge: Judge) -> Exchange:
    control = judge.exchange("control")
    judge.control(control.succeeded, f"a fresh ticket: {control.outline}", control)
    return control


@check("G-5.5-02", "G-5.5-03", probe=tickets.reused)
def test_tickets_are_single_use(judge: Judge) -> None:
    """A ticket that was presented once is good for nothing, whatever came of it."""
    control = _control(judge)
    for row in ("G-5.5-02", "G-5.5-03"):
        for name in _OUTCOMES:
            first = judge.exchange(f"first, {name}")
            second = judge.exchange(f"second, after {name}")
            seen = f"a ticket gave an RPT on its second presentation, after {name}"
            judge.require(row, not second.succeeded, seen, first, second, control)
            if not second.succeeded and second.error in _GOING_ON:
                seen = f"a used ticket was assessed again: {second.outline}"
                judge.require(row, False, seen, first, second, control)  # noqa: FBT003 - it fails


_GOING_ON = frozenset({"need_info", "request_submitted"})


@check("G-3.3.6-04", probe=tickets.reused)
def test_used_tickets_are_invalid_grant(judge: Judge) -> None:
    """A used ticket has status 400 and invalid_grant."""
    _control(judge)
    for name in _OUTCOMES:
        _require_invalid_grant(judge, "G-3.3.6-04", f"second, after {name}", "a used ticket")


@check("G-3.3.6-02", probe=tickets.unknown)
def test_unknown_tickets_are_invalid_grant(judge: Judge) -> None:
    """A ticket that was never issued has status 400 and invalid_grant."""
    _control(judge)
    _require_invalid_grant(judge, "G-3.3.6-02", "random", "an unknown ticket")


@check("G-1.3-03", probe=tickets.unknown)
def test_nobody_else_makes_tickets(judge: Judge) -> None:
    """Neither a made-up nor an altered ticket gives an RPT."""
    control, unaltered = _control(judge), judge.exchange("unaltered")
    judge.control(unaltered.succeeded, f"the unaltered ticket: {unaltered.outline}", unaltered)
    for label in ("random", "altered"):
        answer = judge.exchange(label)
        seen = f"an RPT was issued for a ticket that was {label}"
        judge.require("G-1.3-03", not answer.succeeded, seen, answer, control)


@check("G-3.3.6-03", "G-5.5-05", probe=tickets.expired)
def test_expired_tickets_are_invalid_grant(judge: Judge) -> None:
    """An expired ticket gives no RPT; it has status 400 and invalid_grant."""
    control, afterwards = _control(judge), judge.exchange("control afterwards")
    judge.control(afterwards.succeeded, f"a fresh ticket: {afterwards.outline}", afterwards)
    answer = judge.exchange("expired")
    seen = f"an expired ticket answered {answer.outline}"
    judge.require("G-5.5-05", not answer.succeeded, seen, answer, control)
    _require_invalid_grant(judge, "G-3.3.6-03", "expired", "an expired ticket")


def _require_invalid_grant(judge: Judge, row: str, label: str, what: str) -> None:
    answer = judge.exchange(label)
    fits = answer.status == 400 and answer.error == "invalid_grant"
    seen = f"{what} answered {answer.outline}, status 400 with error 'invalid_grant' expected"
    judge.require(row, fits, seen, answer)


@check("G-3.3.6-04", probe=claims.need_info)
def test_tickets_of_another_client(judge: Judge) -> None:
    """A ticket from need_info is refused to another client; an RPT is a remark."""
    if judge.fact("seen") is not True:
        judge.inapplicable("G-3.3.6-04", "the server never gave a ticket with need_info")
        return
    answer = judge.exchange("answered by another client")
    if answer.succeeded:
        seen = "another client got an RPT with the ticket from need_info"
        judge.remark("G-3.3.6-04", seen, answer)
    else:
        _require_invalid_grant(
            judge, "G-3.3.6-04", "answered by another client", "another client's ticket"
        )


@check("G-5.4-01", probe=tickets.sample)
def test_tickets_cannot_be_guessed(judge: Judge) -> None:
    """Tickets are all different and come from a space that is too large to search.

    The estimate is an upper bound, so a failure is certain and a pass is not.
    """
    collected, distinct = judge.fact("collected"), judge.fact("distinct")
    seen = f"{distinct} different tickets among {collected}"
    judge.require("G-5.4-01", collected == distinct, seen)
    bits = judge.fact("bits")
    space = bits if isinstance(bits, int) else 0
    seen = f"tickets differ in at most {space} bits, at least {_FEWEST_BITS} expected"
    judge.require("G-5.4-01", space >= _FEWEST_BITS, seen)
    if _FEWEST_BITS <= space < _USUAL_BITS:
        judge.remark("G-5.4-01", f"tickets differ in at most {space} bits; 128 are usual")
