"""Faults in what comes of a visit to the claims interaction endpoint (Grant 3.3.3)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from uma_reference.authorization_server.model import Ticket
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.store import Store
from uma_reference.authorization_server.tokens import rotated
from uma_reference.faults.fault import Fault
from uma_reference.faults.wire import CLAIMS, Change, Reply, answers

Parameters = dict[str, str]


def _back(change: Callable[[Parameters], Mapping[str, str]]) -> Change:
    """Return a change of the parameters by which a requesting party goes back to the client."""

    def changed(reply: Reply) -> Reply:
        address, _, query = reply.location.partition("?")
        parameters = dict(parse_qsl(query, keep_blank_values=True))
        if not {"ticket", "error"} & parameters.keys():
            return reply
        return reply.redirecting(f"{address}?{urlencode(change(parameters))}")

    return answers(CLAIMS, changed)


def _without(name: str) -> Change:
    return _back(lambda sent: {key: value for key, value in sent.items() if key != name})


def _altered_state(sent: Parameters) -> Parameters:
    return sent | ({"state": sent["state"].split("=")[0]} if "state" in sent else {})


def _same_ticket(rules: Rules) -> Rules:
    """Send the ticket back that came last; what is kept of a visit does not hold its value."""
    presented: list[str] = []

    def take(store: Store, value: str) -> Ticket | None:
        presented.append(value)
        return store.take_ticket(value)

    def returned(ticket: Ticket, value: str, client_id: str, expires_at: int) -> Ticket:
        del value
        return rotated(ticket, presented[-1], client_id, expires_at)

    return replace(rules, take_ticket=take, returned_ticket=returned)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "visit-without-ticket",
            "A requesting party comes back without a ticket.",
            ("G-3.3.3-03",),
            wire=_without("ticket"),
        ),
        Fault(
            "visit-same-ticket",
            "The ticket that was sent to the claims page comes back.",
            ("G-3.3.3-05",),
            rules=_same_ticket,
        ),
        Fault(
            "state-lost",
            "state is not sent back.",
            ("G-3.3.2-22", "G-3.3.3-07"),
            wire=_without("state"),
        ),
        Fault(
            "state-cut",
            "state comes back in part.",
            ("G-3.3.2-22", "G-3.3.3-07"),
            wire=_back(_altered_state),
        ),
    )
