"""Faults in what tickets the claims page takes, and what they are used for (Grant 3.3.3, 5.5)."""

from dataclasses import replace

from uma_reference.authorization_server.model import Ticket
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.store import Store
from uma_reference.faults.fault import Fault
from uma_reference.faults.wire import CLAIMS, Reply, answers


def _kept(rules: Rules) -> Rules:
    """Keep tickets that come to the claims page."""

    def take(store: Store, value: str) -> Ticket | None:
        ticket = store.take_ticket(value)
        if ticket is not None:
            store.put_ticket(ticket)
        return ticket

    return replace(rules, take_ticket_of_visit=take)


def _kept_for_visits(rules: Rules) -> Rules:
    """Keep tickets that come to the claims page, for that page."""
    seen: dict[str, Ticket] = {}

    def take(store: Store, value: str) -> Ticket | None:
        ticket = store.take_ticket(value)
        if ticket is not None:
            seen[value] = ticket
        return seen.get(value)

    return replace(rules, take_ticket_of_visit=take)


def _used_elsewhere(rules: Rules) -> Rules:
    """Take tickets at the claims page that were used at the token endpoint."""
    used: dict[str, Ticket] = {}

    def at_token_endpoint(store: Store, value: str) -> Ticket | None:
        ticket = store.take_ticket(value)
        if ticket is not None:
            used[value] = ticket
        return ticket

    def at_claims_page(store: Store, value: str) -> Ticket | None:
        return store.take_ticket(value) or used.get(value)

    return replace(rules, take_ticket=at_token_endpoint, take_ticket_of_visit=at_claims_page)


def _unknown_taken(rules: Rules) -> Rules:
    """Take the last ticket that came to the claims page for one that is unknown."""
    last: list[Ticket] = []

    def take(store: Store, value: str) -> Ticket | None:
        ticket = store.take_ticket(value)
        if ticket is not None:
            last[:] = [ticket]
        return ticket or (last[0] if last else None)

    return replace(rules, take_ticket_of_visit=take)


def _made_up(reply: Reply) -> Reply:
    if reply.path != CLAIMS or "ticket" in reply.sent or not reply.location:
        return reply
    return reply.redirecting(reply.location.replace("error=invalid_request", f"ticket={'x' * 43}"))


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "claims-page-keeps-tickets",
            "A ticket that came to the claims page is still good.",
            ("G-5.5-04",),
            rules=_kept,
        ),
        Fault(
            "claims-page-takes-tickets-again",
            "A ticket that came to the claims page is good there in another session.",
            ("G-5.5-04",),
            rules=_kept_for_visits,
        ),
        Fault(
            "claims-page-takes-used-tickets",
            "A ticket that was used at the token endpoint is good at the claims page.",
            ("G-3.3.3-17", "G-5.5-03"),
            rules=_used_elsewhere,
        ),
        Fault(
            "claims-page-takes-unknown-tickets",
            "An unknown ticket stands for the last one at the claims page.",
            ("G-3.3.3-17", "G-5.5-03", "G-5.5-04"),
            rules=_unknown_taken,
        ),
        Fault(
            "claims-page-makes-tickets-up",
            "A visit without a ticket gives one.",
            ("G-3.3.2-05",),
            wire=answers(CLAIMS, _made_up, method="GET"),
        ),
    )
