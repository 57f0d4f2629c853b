"""Faults that show only after certain other steps: what checks of single steps do not meet.

They stand apart from all others: a run sees them when it explores (`uma2 certify --explore`).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from uma_reference.authorization_server.model import AccessToken, Ticket
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.store import Store
from uma_reference.faults.fault import Fault
from uma_reference.faults.wire import COLLECTION, ITEM, Change, Reply, at_place


def _revived(rules: Rules) -> Rules:
    """Make the ticket that was used last good again when another one is used."""
    used: list[Ticket] = []

    def take(store: Store, value: str) -> Ticket | None:
        ticket = store.take_ticket(value)
        if ticket is not None:
            for other in used:
                store.put_ticket(other)
            used[:] = [ticket]
        return ticket

    return replace(rules, take_ticket=take)


def _unrevoked(rules: Rules) -> Rules:
    """Make revoked RPTs active again when a ticket is presented."""
    ended: list[AccessToken] = []

    def revoked(store: Store, value: str, client_id: str) -> Sequence[AccessToken]:
        found = rules.revoked(store, value, client_id)
        ended.extend(found)
        return found

    def take(store: Store, value: str) -> Ticket | None:
        for token in ended:
            store.put_token(token)
        ended.clear()
        return store.take_ticket(value)

    return replace(rules, revoked=revoked, take_ticket=take)


def _forgetful() -> Change:
    """Leave out of lists what was registered just before the resource that was updated last."""
    updated: list[str] = []

    def changed(reply: Reply) -> Reply:
        if at_place(reply.path, ITEM) and reply.method == "PUT" and reply.status == 200:
            updated[:] = [reply.path.rpartition("/")[2]]
        listed = at_place(reply.path, COLLECTION) and reply.method == "GET" and reply.status == 200
        if not listed or not updated:
            return reply
        found = cast("list[str]", reply.json)
        following = [*found[1:], ""]
        kept = [name for at, name in enumerate(found) if following[at] != updated[0]]
        return reply.with_json(kept)

    return changed


def exploring_faults() -> tuple[Fault, ...]:
    """Return the faults that only exploring trips, each with the rows that it then trips."""
    return (
        Fault(
            "ticket-revived",
            "A used ticket is good again as soon as another one was used.",
            ("G-5.5-02", "G-5.5-03"),
            rules=_revived,
        ),
        Fault(
            "revocation-undone",
            "A revoked RPT is active again as soon as a ticket was presented.",
            ("G-3.7-01",),
            rules=_unrevoked,
        ),
        Fault(
            "list-forgets-after-update",
            "After an update of one resource, another one is missing in the list.",
            ("F-3.2.5-01",),
            wire=_forgetful(),
        ),
    )
