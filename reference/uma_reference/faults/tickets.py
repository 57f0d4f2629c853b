"""Faults of permission tickets: use, expiry, rotation (Grant 3.3.6, 5.4, 5.5)."""

from dataclasses import replace
from itertools import count

from uma_reference.authorization_server.clock import Randomness
from uma_reference.authorization_server.documents import read_form
from uma_reference.authorization_server.model import Ticket
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.store import Store
from uma_reference.authorization_server.tokens import redeem, rotated
from uma_reference.faults.fault import Fault
from uma_reference.faults.sightings import GRAVITEE, JANSSEN, KEYCLOAK, SIMPLE_ID_SERVER, WSO2
from uma_reference.faults.tokens import with_error
from uma_reference.faults.wire import Reply
from uma_reference.names import UMA_GRANT

Form = dict[str, str]


def _kept(rules: Rules) -> Rules:
    """Keep tickets after their presentation."""

    def take(store: Store, value: str) -> Ticket | None:
        ticket = store.take_ticket(value)
        if ticket is not None:
            store.put_ticket(ticket)
        return ticket

    return replace(rules, take_ticket=take)


def _kept_without_claims(rules: Rules) -> Rules:
    """Keep tickets that were presented without claims."""
    last: Form = {}

    def form(body: bytes) -> Form:
        last.clear()
        last.update(read_form(body))
        return dict(last)

    def take(store: Store, value: str) -> Ticket | None:
        ticket = store.take_ticket(value)
        if ticket is not None and "claim_token" not in last:
            store.put_ticket(ticket)
        return ticket

    return replace(rules, read_form=form, take_ticket=take)


def last_for_unknown(rules: Rules, *, optional: bool) -> Rules:
    """Take the last ticket for one that is unknown, or for none at all."""
    issued: list[Ticket] = []

    def take(store: Store, value: str) -> Ticket | None:
        ticket = store.take_ticket(value)
        if ticket is not None:
            issued.append(ticket)
        stands_in = bool(issued) and (value == "none" if optional else True)
        return ticket or (issued[-1] if stands_in else None)

    def form(body: bytes) -> Form:
        found = read_form(body)
        missing = found.get("grant_type") == UMA_GRANT and "ticket" not in found
        return {**found, "ticket": "none"} if missing and optional else found

    return replace(rules, take_ticket=take, read_form=form)


def _never_expires(ticket: Ticket | None, client_id: str, now: int) -> Ticket:
    return redeem(ticket and replace(ticket, expires_at=now + 1), client_id, now)


def _not_rotated(ticket: Ticket, value: str, client_id: str, expires_at: int) -> Ticket:
    following = rotated(ticket, value, client_id, expires_at)
    return following if ticket.request else replace(following, value=ticket.value)


def _dead_rotation(ticket: Ticket, value: str, client_id: str, expires_at: int) -> Ticket:
    return rotated(ticket, value, client_id, expires_at if ticket.request else 0)


def _other_permissions(ticket: Ticket, value: str, client_id: str, expires_at: int) -> Ticket:
    wider = tuple(replace(p, scopes=p.scopes | {"edit"}) for p in ticket.permissions)
    return Ticket(value, ticket.domain, wider, expires_at, client_id, ticket.claims)


def _invalid_ticket(reply: Reply) -> Reply:
    if "uma-ticket" not in reply.form:
        return reply
    return reply.with_status(403).with_member("error", "invalid_ticket")


class _Counter:
    """Makes values that the next one can be told from."""

    def __init__(self, source: Randomness) -> None:
        del source
        self._numbers = count(10**12)

    def token(self) -> str:
        """Return the next number."""
        return f"permission-ticket-{next(self._numbers)}"


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "unknown-ticket-accepted",
            "An unknown ticket stands for the last one.",
            (
                "G-1.1-01",
                "G-1.3-03",
                "G-3.3.6-02",
                "G-3.3.6-04",
                "G-5.5-02",
                "G-5.5-03",
                "G-5.5-04",
            ),
            rules=lambda rules: last_for_unknown(rules, optional=False),
        ),
        Fault(
            "ticket-reusable",
            "A ticket can be used again.",
            ("G-3.3.3-17", "G-3.3.6-04", "G-5.5-02", "G-5.5-03"),
            rules=_kept,
            seen_in=(KEYCLOAK, JANSSEN, SIMPLE_ID_SERVER, WSO2),
        ),
        Fault(
            "ticket-reusable-without-claims",
            "A ticket lives on when it is presented without claims.",
            ("G-3.3.3-17", "G-3.3.6-04", "G-5.5-02", "G-5.5-03"),
            rules=_kept_without_claims,
        ),
        Fault(
            "ticket-never-expires",
            "An expired ticket gives an RPT.",
            ("G-3.3.3-17", "G-3.3.6-03", "G-5.5-05"),
            rules=lambda rules: replace(rules, redeem=_never_expires),
        ),
        Fault(
            "tickets-counted",
            "Tickets and PCTs are numbered.",
            ("G-3.3.5-08", "G-5.4-01", "G-5.4-02"),
            randomness=_Counter,
        ),
        Fault(
            "invalid-ticket-code",
            "Tickets that are not valid answer 403 invalid_ticket.",
            ("G-3.3.6-02", "G-3.3.6-03", "G-3.3.6-04"),
            wire=with_error("invalid_grant", _invalid_ticket),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "need-info-same-ticket",
            "need_info gives the same ticket back.",
            ("G-3.3.3-17", "G-3.3.6-04", "G-3.3.6-14", "G-5.5-02", "G-5.5-03"),
            rules=lambda rules: replace(rules, rotated=_not_rotated),
            seen_in=(GRAVITEE, SIMPLE_ID_SERVER),
        ),
        Fault(
            "need-info-dead-ticket",
            "The ticket of need_info does not work.",
            ("G-1.3.1-02", "G-3.3.6-13", "G-3.3.6-32"),
            rules=lambda rules: replace(rules, rotated=_dead_rotation),
        ),
        Fault(
            "need-info-other-permissions",
            "The ticket of need_info stands for other permissions.",
            ("G-3.3.6-13",),
            rules=lambda rules: replace(rules, rotated=_other_permissions),
        ),
    )
