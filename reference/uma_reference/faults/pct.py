"""Faults of persisted claims tokens (Grant 3.3.1, 3.3.5, 5.2, 5.4, 6.2)."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import count

from uma_reference.authorization_server.documents import read_form
from uma_reference.authorization_server.errors import invalid_grant, invalid_request
from uma_reference.authorization_server.handles import PersistedClaims
from uma_reference.authorization_server.model import Claims, Permission, Ticket
from uma_reference.authorization_server.remembering import recalled
from uma_reference.authorization_server.results import Granted
from uma_reference.authorization_server.rules import Rules
from uma_reference.faults.fault import Fault
from uma_reference.faults.wire import INTROSPECTION, TOKEN, Change, Reply, at_place


def _counted(rules: Rules) -> Rules:
    numbers = count(10**12)

    def value(fresh: str, ticket: Ticket) -> str:
        del fresh, ticket
        return f"persisted-claims-{next(numbers)}"

    return replace(rules, pct_value=value)


def _party(value: str, ticket: Ticket) -> str:
    """Return the same PCT for a party, whichever client it is for."""
    del value
    return hashlib.sha256(ticket.claims.subject.encode()).hexdigest()


def _constant(value: str, ticket: Ticket) -> str:
    del value
    return hashlib.sha256(ticket.domain.owner.encode()).hexdigest()


def _signed(value: str, members: Mapping[str, object]) -> str:
    """Return what a JSON Web Token looks like that holds these members."""
    header = {"alg": "HS256", "typ": "JWT"}
    parts = (json.dumps(part).encode() for part in (header, {**members, "jti": value}))
    encoded = [base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts]
    return f"{'.'.join(encoded)}.{value}"


def _open_claims(value: str, ticket: Ticket) -> str:
    return _signed(value, {"claims": {"email": ticket.claims.values.get("email")}})


def _hashed_claims(value: str, ticket: Ticket) -> str:
    email = str(ticket.claims.values.get("email"))
    return _signed(value, {"email": hashlib.sha256(email.encode()).hexdigest()})


def _any_client(
    found: PersistedClaims | None, ticket: Ticket, client_id: str, now: int
) -> PersistedClaims | None:
    mine = found and replace(found, client=client_id)
    return recalled(mine, ticket, client_id, now)


def _ignored(
    found: PersistedClaims | None, ticket: Ticket, client_id: str, now: int
) -> PersistedClaims | None:
    del found, ticket, client_id, now
    return None


def _refused(
    found: PersistedClaims | None, ticket: Ticket, client_id: str, now: int
) -> PersistedClaims | None:
    del found, ticket, client_id, now
    raise invalid_request("pct is no parameter of this server")


def _only_for_its_own(rules: Rules, *, resource: bool) -> Rules:
    """Refuse a PCT for another resource, or at another resource server, than its first one."""
    first: dict[str, Ticket] = {}

    def value(fresh: str, ticket: Ticket) -> str:
        first[fresh] = ticket
        return fresh

    def recall(
        found: PersistedClaims | None, ticket: Ticket, client_id: str, now: int
    ) -> PersistedClaims | None:
        mine = recalled(found, ticket, client_id, now)
        before = first.get(mine.value) if mine else None
        if before and (
            before.domain != ticket.domain or (resource and _about(before) != _about(ticket))
        ):
            raise invalid_grant("the PCT is for something else")
        return mine

    return replace(rules, pct_value=value, recalled=recall)


def _about(ticket: Ticket) -> frozenset[str]:
    return frozenset(item.resource_id for item in ticket.permissions)


def _demanded(rules: Rules) -> Rules:
    """Want a PCT for a resource ever after one was presented for it."""
    last: dict[str, str] = {}
    seen: set[frozenset[str]] = set()

    def form(body: bytes) -> dict[str, str]:
        last.clear()
        last.update(read_form(body))
        return dict(last)

    def permitted(granted: Granted, ticket: Ticket) -> tuple[Permission, ...]:
        if "pct" in last:
            seen.add(_about(ticket))
        elif _about(ticket) in seen:
            raise invalid_request("pct is missing")
        return granted.permissions

    return replace(rules, read_form=form, permitted=permitted)


def _everybody(ticket: Ticket, persisted: PersistedClaims | None) -> Claims | None:
    """Remember claims whether the requesting party agreed or not."""
    known = persisted is not None and persisted.claims == ticket.claims.vouched
    return ticket.claims.vouched if ticket.claims.values and not known else None


def _leaking(place: str, show: Change) -> Change:
    """Show the last PCT somewhere else."""
    last: list[str] = []

    def changed(reply: Reply) -> Reply:
        if at_place(reply.path, TOKEN) and "pct" in reply.members:
            last.append(str(reply.members["pct"]))
        if not at_place(reply.path, place) or not last:
            return reply
        return show(reply.with_header("x-pct", last[-1]))

    return changed


def _into_introspection(reply: Reply) -> Reply:
    pct = dict(reply.headers)["x-pct"]
    return reply.without_header("x-pct").with_member("pct", pct)


def _into_page(reply: Reply) -> Reply:
    pct = dict(reply.headers)["x-pct"].encode()
    page = replace(reply, body=reply.body.replace(b"</body>", b"<!-- " + pct + b" --></body>"))
    return page.without_header("x-pct")


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "pct-ignored",
            "A PCT stands for nothing.",
            ("G-3.3.5-07",),
            rules=lambda rules: replace(rules, recalled=_ignored),
        ),
        Fault("pcts-counted", "PCTs are numbered.", ("G-3.3.5-08", "G-5.4-02"), rules=_counted),
        Fault(
            "pct-of-an-owner",
            "Every party gets the same PCT for the resources of an owner.",
            ("G-3.3.5-08", "G-5.4-02", "G-5.2-07"),
            rules=lambda rules: replace(rules, pct_value=_constant),
        ),
        Fault(
            "pct-of-a-party",
            "Every client gets the same PCT for a party.",
            ("G-5.2-07",),
            rules=lambda rules: replace(rules, pct_value=_party),
        ),
        Fault(
            "pct-with-claims",
            "A PCT is a signed token with claims in it.",
            ("G-3.3.5-09", "G-3.3.5-10"),
            rules=lambda rules: replace(rules, pct_value=_open_claims),
        ),
        Fault(
            "pct-with-hashed-claims",
            "A PCT is a signed token with claims in it that are hashed.",
            ("G-3.3.5-10",),
            rules=lambda rules: replace(rules, pct_value=_hashed_claims),
        ),
        Fault(
            "pct-introspected",
            "Introspection shows the last PCT.",
            ("G-5.2-04", "G-5.2-07"),
            wire=_leaking(INTROSPECTION, _into_introspection),
        ),
        Fault(
            "pct-on-a-page",
            "A page of the claims interaction endpoint shows the last PCT.",
            ("G-5.2-04", "G-5.2-07"),
            wire=_leaking("/claims/visit", _into_page),
        ),
        Fault(
            "pct-of-any-client",
            "A PCT works for every client.",
            ("G-5.2-09",),
            rules=lambda rules: replace(rules, recalled=_any_client),
        ),
        Fault(
            "pct-refused",
            "A request with a PCT is refused.",
            ("G-3.3.1-15", "G-3.3.1-17", "G-3.3.1-18", "G-3.3.5-07"),
            rules=lambda rules: replace(rules, recalled=_refused),
        ),
        Fault(
            "pct-for-one-resource",
            "A PCT for another resource than its first is refused.",
            ("G-3.3.1-17", "G-3.3.1-18"),
            rules=lambda rules: _only_for_its_own(rules, resource=True),
        ),
        Fault(
            "pct-for-one-resource-server",
            "A PCT at another resource server than its first is refused.",
            ("G-3.3.1-18",),
            rules=lambda rules: _only_for_its_own(rules, resource=False),
        ),
        Fault(
            "pct-demanded",
            "Where a PCT was presented once, it has to come every time.",
            ("G-3.3.1-14",),
            rules=_demanded,
        ),
        Fault(
            "pct-without-agreement",
            "A PCT comes for a party who did not agree to be remembered.",
            ("G-6.2-02",),
            rules=lambda rules: replace(rules, remembered=_everybody),
        ),
    )
