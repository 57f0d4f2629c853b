"""Faults of requests that wait for the resource owner (Grant 3.3.6, 5.5)."""

from dataclasses import replace

from uma_reference.authorization_server.model import Ticket
from uma_reference.authorization_server.records import AccessRequest, Standing
from uma_reference.authorization_server.results import Denied, Granted, Result, heeded
from uma_reference.authorization_server.tokens import rotated
from uma_reference.faults.fault import Fault
from uma_reference.faults.sightings import SIMPLE_ID_SERVER
from uma_reference.faults.tokens import with_error
from uma_reference.faults.wire import Change, Reply

_SUBMITTED = "request_submitted"
_TOO_EARLY = 298


def _submitted(change: Change) -> Change:
    return with_error(_SUBMITTED, change)


def _as_text(reply: Reply) -> Reply:
    return reply.with_member("interval", str(reply.members["interval"]))


def _same(ticket: Ticket, value: str, client_id: str, expires_at: int) -> Ticket:
    following = rotated(ticket, value, client_id, expires_at)
    return replace(following, value=ticket.value) if ticket.request else following


def _dead(ticket: Ticket, value: str, client_id: str, expires_at: int) -> Ticket:
    return rotated(ticket, value, client_id, 0 if ticket.request else expires_at)


def _short(ticket: Ticket, value: str, client_id: str, expires_at: int) -> Ticket:
    """Let tickets for polling end nearly five minutes early."""
    end = expires_at - _TOO_EARLY if ticket.request else expires_at
    return rotated(ticket, value, client_id, end)


def _approval_lost(result: Result, asked: AccessRequest | None) -> Result:
    if asked is not None and asked.standing is Standing.APPROVED:
        return Denied()
    return heeded(result, asked)


def _refusal_lost(result: Result, asked: AccessRequest | None) -> Result:
    if asked is not None and asked.standing is Standing.DENIED:
        return Granted(asked.permissions)
    return heeded(result, asked)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "submitted-202",
            "request_submitted comes with status 202.",
            ("G-1.3.1-01", "G-3.3.6-38"),
            wire=_submitted(lambda r: r.with_status(202)),
        ),
        Fault(
            "submitted-400",
            "request_submitted comes with status 400.",
            ("G-3.3.6-38",),
            wire=_submitted(lambda r: r.with_status(400)),
        ),
        Fault(
            "submitted-without-ticket",
            "request_submitted comes without a ticket.",
            ("G-3.3.6-39", "G-3.3.6-41"),
            wire=_submitted(lambda r: r.without_member("ticket")),
        ),
        Fault(
            "submitted-interval-as-text",
            "interval is a string of digits.",
            ("G-3.3.6-45",),
            wire=_submitted(_as_text),
        ),
        Fault(
            "submitted-same-ticket",
            "request_submitted gives the same ticket back on each poll.",
            ("G-3.3.6-43",),
            rules=lambda rules: replace(rules, rotated=_same),
            seen_in=(SIMPLE_ID_SERVER,),
        ),
        Fault(
            "submitted-dead-ticket",
            "The ticket of request_submitted does not work.",
            ("G-3.3.6-42",),
            rules=lambda rules: replace(rules, rotated=_dead),
        ),
        Fault(
            "submitted-short-ticket",
            "The ticket of request_submitted expires before the interval is over.",
            ("G-5.5-09",),
            rules=lambda rules: replace(rules, rotated=_short),
        ),
        Fault(
            "approval-lost",
            "A request that the owner approved is refused.",
            ("G-3.3.6-37",),
            rules=lambda rules: replace(rules, heeded=_approval_lost),
        ),
        Fault(
            "refusal-lost",
            "A request that the owner refused is granted.",
            ("G-3.3.6-37",),
            rules=lambda rules: replace(rules, heeded=_refusal_lost),
        ),
    )
