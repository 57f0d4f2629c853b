"""Requests that wait for the resource owner: `request_submitted` and polling (Grant 3.3.6, 5.5)."""

from uma_conformance.actors.client import TOKEN, UMA_GRANT
from uma_conformance.checks import check
from uma_conformance.judge import Judge, Open
from uma_conformance.outcome import Outcome
from uma_conformance.probes import submitted
from uma_conformance.trace import Exchange

_ASSESSED = frozenset({"need_info", "request_denied", "request_submitted"})
_NEVER = "the server never answered with request_submitted"


def _seen(judge: Judge) -> list[Exchange]:
    """Return every `request_submitted` of the run; the check ends here when there is none."""
    found = [
        answer
        for answer in judge.evidence.at(TOKEN)
        if answer.form.get("grant_type") == UMA_GRANT and answer.error == submitted.SUBMITTED
    ]
    if not found:
        # With the reason of the probe where it could not even ask.
        _control(judge.exchange("asked"), judge)
        raise Open(Outcome.INAPPLICABLE, _NEVER)
    return found


def _control(asked: Exchange, judge: Judge) -> None:
    """Go on only if what the owner should be asked about was assessed at all."""
    assessed = asked.succeeded or asked.error in _ASSESSED
    judge.control(assessed, f"a request for the owner to decide: {asked.outline}", asked)


@check("G-3.3.6-38", probe=submitted.waiting, whole_trace=True)
def test_request_submitted_is_403(judge: Judge) -> None:
    """request_submitted goes with status 403."""
    for answer in _seen(judge):
        seen = f"request_submitted came with status {answer.status}, 403 expected"
        judge.require("G-3.3.6-38", answer.status == 403, seen, answer)


@check("G-3.3.6-39", "G-3.3.6-41", probe=submitted.waiting, whole_trace=True)
def test_request_submitted_has_a_ticket(judge: Judge) -> None:
    """request_submitted has a ticket."""
    for answer in _seen(judge):
        ticket = answer.members.get("ticket")
        there = isinstance(ticket, str) and bool(ticket)
        for row in ("G-3.3.6-39", "G-3.3.6-41"):
            judge.require(row, there, "request_submitted came without a ticket", answer)


@check("G-3.3.6-43", probe=submitted.waiting, whole_trace=True)
def test_request_submitted_rotates_the_ticket(judge: Judge) -> None:
    """The ticket of request_submitted is not the one that was presented, on each poll."""
    found = [answer for answer in _seen(judge) if answer.members.get("ticket")]
    if not found:
        judge.inapplicable("G-3.3.6-43", "request_submitted never came with a ticket")
    for answer in found:
        fresh = answer.members.get("ticket") != answer.form.get("ticket")
        seen = "request_submitted gave the same ticket back"
        judge.require("G-3.3.6-43", fresh, seen, answer)


@check("G-3.3.6-45", probe=submitted.waiting, whole_trace=True)
def test_the_interval_is_a_number(judge: Judge) -> None:
    """Where request_submitted has an interval, it is a number of seconds."""
    found = [answer for answer in _seen(judge) if "interval" in answer.members]
    if not found:
        judge.inapplicable("G-3.3.6-45", "request_submitted never came with an interval")
    for answer in found:
        value = answer.members["interval"]
        number = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
        seen = f"interval is {value!r}, a number that is not negative expected"
        judge.require("G-3.3.6-45", number, seen, answer)


@check("G-3.3.6-42", "G-5.5-09", probe=submitted.waiting)
def test_the_ticket_is_good_for_polling(judge: Judge) -> None:
    """The ticket of request_submitted works for a poll, and still does after the interval.

    What comes of the poll is free: the owner may have decided meanwhile.
    """
    _seen(judge)
    polls = [judge.exchange(label) for label in submitted.POLLS if judge.has(label)]
    if not polls:
        judge.exchange("asked")
        for row in ("G-3.3.6-42", "G-5.5-09"):
            judge.cant_tell(row, "request_submitted gave no ticket to poll with")
        return
    in_time = judge.has(submitted.AT_ONCE)
    for answer in [*polls, *([judge.exchange(submitted.AT_ONCE)] if in_time else [])]:
        dead = answer.error == "invalid_grant"
        if dead and in_time and answer in polls:
            continue
        seen = f"a poll with the newest ticket: {answer.outline}"
        judge.require("G-3.3.6-42", not dead and answer.status < 500, seen, answer)
        if answer.succeeded:
            told = "a poll gave an RPT although the owner was not heard"
            judge.remark("G-3.3.6-42", told, answer)
    _judge_lifetime(judge, polls)


def _judge_lifetime(judge: Judge, polls: list[Exchange]) -> None:
    row = "G-5.5-09"
    early = judge.episode().facts.get("not waited")
    dead = [answer for answer in polls if answer.error == "invalid_grant"]
    if early is not None:
        judge.leave_row_open(row, Outcome.UNTESTED, f"the suite polled early: {early}")
    elif not dead:
        judge.require(row, True, "", *polls)  # noqa: FBT003 - it holds
    elif judge.has(submitted.AT_ONCE):
        once = judge.exchange(submitted.AT_ONCE)
        judge.control(once.error != "invalid_grant", f"a poll at once: {once.outline}", once)
        seen = "after the interval that the client was told to wait, its ticket has expired"
        judge.require(row, False, seen, *dead, once)  # noqa: FBT003 - it fails
    else:
        judge.cant_tell(row, "no ticket came that could be polled with at once", *dead)


@check("G-3.3.6-37", probe=submitted.decided)
def test_the_owner_decides(judge: Judge) -> None:
    """After the owner's approval a poll gives an RPT; after her refusal it does not."""
    row = "G-3.3.6-37"
    for name in ("approved", "refused"):
        asked = judge.exchange(f"{name}: asked")
        _control(asked, judge)
        if asked.error != submitted.SUBMITTED:
            told = f"the owner has to be asked, and the answer was {asked.outline}"
            judge.inapplicable(row, told)
            continue
        if not asked.members.get("ticket"):
            judge.cant_tell(row, "request_submitted gave no ticket to poll with", asked)
            continue
        before = judge.exchange(f"{name}: before")
        if before.succeeded:
            told = "a poll gave an RPT although the owner was not heard"
            judge.remark(row, told, asked, before)
            continue
        if before.error != submitted.SUBMITTED or not before.members.get("ticket"):
            judge.cant_tell(row, f"a poll before she decided: {before.outline}", asked, before)
            continue
        after = judge.exchange(f"{name}: after")
        seen = f"a poll after the owner {name} the request: {after.outline}"
        judge.require(row, after.succeeded is (name == "approved"), seen, asked, after)
