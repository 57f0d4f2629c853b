"""Faults in what comes of a visit to the claims interaction endpoint (Grant 3.3.3)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from uma_reference.authorization_server.config import Config
from uma_reference.authorization_server.metadata import metadata
from uma_reference.authorization_server.model import Claims, Ticket
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.store import Store
from uma_reference.authorization_server.tokens import rotated
from uma_reference.faults.fault import Fault
from uma_reference.faults.tokens import with_error
from uma_reference.faults.wire import CLAIMS, Change, Reply, answers

Parameters = dict[str, str]
_ADDED = ("ticket", "error", "state")


def going_back(change: Callable[[Reply, str, Parameters], Reply]) -> Change:
    """Return a change of redirections to a client, told the address and what is added to it."""

    def changed(reply: Reply) -> Reply:
        address, _, query = reply.location.partition("?")
        pairs = dict(parse_qsl(query, keep_blank_values=True))
        if not {"ticket", "error"} & pairs.keys():
            return reply
        own = {name: value for name, value in pairs.items() if name not in _ADDED}
        uri = f"{address}?{urlencode(own)}" if own else address
        return change(reply, uri, {name: pairs[name] for name in _ADDED if name in pairs})

    return answers(CLAIMS, changed)


def _back(change: Callable[[Parameters], Mapping[str, str]]) -> Change:
    """Return a change of the parameters by which a requesting party goes back to the client."""

    def changed(reply: Reply, uri: str, added: Parameters) -> Reply:
        joint = "&" if "?" in uri else "?"
        return reply.redirecting(f"{uri}{joint}{urlencode(change(added))}")

    return going_back(changed)


def _without(name: str) -> Change:
    return _back(lambda added: {key: value for key, value in added.items() if key != name})


def _altered_state(added: Parameters) -> Parameters:
    return added | ({"state": added["state"].split("=")[0]} if "state" in added else {})


def _left_at_server(reply: Reply, uri: str, added: Parameters) -> Reply:
    del uri
    return reply.with_page("<p>Thank you.</p>") if "ticket" in added else reply


def _in_fragment(reply: Reply, uri: str, added: Parameters) -> Reply:
    return reply.redirecting(f"{uri}#{urlencode(added)}")


def _without_query(reply: Reply, uri: str, added: Parameters) -> Reply:
    return reply.redirecting(f"{uri.partition('?')[0]}?{urlencode(added)}")


def _same_ticket(rules: Rules) -> Rules:
    """Send the ticket back that came last; what is kept of a visit does not hold its value."""
    presented: list[str] = []

    def take(store: Store, value: str) -> Ticket | None:
        presented.append(value)
        return store.take_ticket(value)

    def returned(ticket: Ticket, value: str, client_id: str, expires_at: int) -> Ticket:
        del value
        return rotated(ticket, presented[-1], client_id, expires_at)

    return replace(rules, take_ticket_of_visit=take, returned_ticket=returned)


def _returned(change: Callable[[Ticket], Ticket]) -> Callable[[Rules], Rules]:
    """Return a change of the ticket that a requesting party brings back."""

    def returned(ticket: Ticket, value: str, client_id: str, expires_at: int) -> Ticket:
        return change(rotated(ticket, value, client_id, expires_at))

    return lambda rules: replace(rules, returned_ticket=returned)


def _fewer_scopes(ticket: Ticket) -> Ticket:
    narrowed = tuple(replace(item, scopes=frozenset[str]()) for item in ticket.permissions)
    return replace(ticket, permissions=narrowed)


def _telling() -> tuple[Callable[[Rules], Rules], Change]:
    """Return changes by which the redirection tells who the requesting party is."""
    told: list[str] = []

    def hear(ticket: Ticket) -> Ticket:
        emails = (claims.values.get("email") for claims in ticket.claims.each)
        told[:] = [email for email in emails if isinstance(email, str)]
        return ticket

    def tell(added: Parameters) -> Parameters:
        return added | ({"who": told[0]} if told and "ticket" in added else {})

    return _returned(hear), _back(tell)


def _hint(*, value: object) -> Change:
    def changed(reply: Reply) -> Reply:
        there = "redirect_user" in reply.members
        return reply.with_member("redirect_user", value) if there else reply

    return with_error("need_info", changed)


def _declared(place: str) -> Callable[[Rules], Rules]:
    """Return a change by which another claims interaction endpoint is declared."""

    def changed(config: Config) -> Mapping[str, object]:
        return {**metadata(config), "claims_interaction_endpoint": place}

    return lambda rules: replace(rules, metadata=changed)


def _state_wanted(reply: Reply) -> Reply:
    if reply.path != CLAIMS or "state" in reply.sent:
        return reply
    return reply.redirecting(f"{reply.sent['claims_redirect_uri']}?error=invalid_request")


def _after_need_info_only(rules: Rules) -> Rules:
    """Take only tickets at the claims page that came with need_info."""

    def take(store: Store, value: str) -> Ticket | None:
        ticket = store.take_ticket(value)
        return ticket if ticket is not None and ticket.client else None

    return replace(rules, take_ticket_of_visit=take)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    telling, told = _telling()
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
            "visit-dead-ticket",
            "The ticket that comes back is not valid.",
            ("G-3.3.3-04",),
            rules=_returned(lambda ticket: replace(ticket, expires_at=0)),
        ),
        Fault(
            "visit-claims-forgotten",
            "What a requesting party told at the claims page is forgotten.",
            ("G-3.3.3-04",),
            rules=_returned(lambda ticket: replace(ticket, claims=Claims())),
        ),
        Fault(
            "visit-other-permissions",
            "The ticket that comes back stands for fewer scopes.",
            ("G-3.3.3-04",),
            rules=_returned(_fewer_scopes),
        ),
        Fault(
            "visit-ends-at-server",
            "A requesting party is thanked at the claims page, and left there.",
            ("G-2-08", "G-3.3-03", "G-3.3.3-01", "G-3.3.6-32"),
            wire=going_back(_left_at_server),
        ),
        Fault(
            "visit-parameters-in-fragment",
            "Ticket and state come back in a fragment.",
            ("G-3.3.3-02", "G-3.3.3-17"),
            wire=going_back(_in_fragment),
        ),
        Fault(
            "visit-query-dropped",
            "The query of the claims redirection URI is replaced.",
            ("G-3.3.2-13",),
            wire=going_back(_without_query),
        ),
        Fault(
            "visit-tells-who",
            "The redirection back says who the requesting party is.",
            ("G-3.3.3-09",),
            rules=telling,
            wire=told,
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
        Fault(
            "state-always",
            "An empty state comes back where none was sent.",
            ("G-3.3.3-08",),
            wire=_back(lambda added: {"state": "", **added}),
        ),
        Fault(
            "state-required",
            "A visit without state is refused.",
            ("G-3.3.2-21",),
            wire=answers(CLAIMS, _state_wanted, method="GET"),
        ),
        Fault(
            "visit-not-remembered",
            "Who agrees to be remembered is not.",
            ("G-3.3.3-11",),
            rules=_returned(lambda ticket: replace(ticket, persist=False)),
        ),
        Fault(
            "redirect-user-boolean",
            "redirect_user is a Boolean.",
            ("G-3.3.6-32",),
            wire=_hint(value=True),
        ),
        Fault(
            "redirect-user-relative",
            "redirect_user is a relative reference.",
            ("G-3.3.6-32",),
            wire=_hint(value=CLAIMS),
        ),
        Fault(
            "claims-endpoint-relative",
            "The declared claims interaction endpoint is a relative reference.",
            ("G-2-08",),
            rules=_declared(CLAIMS),
        ),
        Fault(
            "fresh-tickets-refused",
            "The claims page takes no ticket that comes from a resource server.",
            ("G-3.3-03",),
            rules=_after_need_info_only,
        ),
    )
