"""Faults of RPT upgrades (Grant 3.3.1, 3.3.5, 3.3.5.1)."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import count

from uma_reference.authorization_server.errors import invalid_grant
from uma_reference.authorization_server.model import AccessToken, Permission, Ticket
from uma_reference.authorization_server.replacing import upgradable
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.store import Store
from uma_reference.faults.fault import Fault
from uma_reference.faults.sightings import JANSSEN, KEYCLOAK
from uma_reference.faults.wire import TOKEN, answers


def _only_new(old: Iterable[Permission], new: Iterable[Permission]) -> tuple[Permission, ...]:
    del old
    return tuple(new)


def _lives_on(store: Store, old: AccessToken) -> None:
    del store, old


def _expired_refused(
    old: AccessToken | None, ticket: Ticket, client_id: str, now: int
) -> AccessToken | None:
    if old is not None and old.expires_at <= now:
        raise invalid_grant("the RPT has expired")
    return upgradable(old, ticket, client_id, now)


def _good_refused(
    old: AccessToken | None, ticket: Ticket, client_id: str, now: int
) -> AccessToken | None:
    if old is not None and old.expires_at > now:
        raise invalid_grant("there is an RPT already")
    return upgradable(old, ticket, client_id, now)


def _now_and_then(rules: Rules) -> Rules:
    """Upgrade every other time."""
    times = count()

    def changed(
        old: AccessToken | None, ticket: Ticket, client_id: str, now: int
    ) -> AccessToken | None:
        found = upgradable(old, ticket, client_id, now)
        return None if found is None or next(times) % 2 else found

    return replace(rules, upgradable=changed)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "upgrade-not-told",
            "An RPT takes over permissions of the one that was sent, and the client is not told.",
            ("G-3.3.5-13", "G-3.3.5.1-05"),
            wire=answers(TOKEN, lambda r: r.without_member("upgraded"), status=200),
        ),
        Fault(
            "upgrade-now-and-then",
            "An RPT that comes with a request is upgraded every other time.",
            ("G-3.3.5.1-03", "G-3.3.5.1-04", "G-3.3.5.1-05"),
            rules=_now_and_then,
        ),
        Fault(
            "upgrade-loses-permissions",
            "An upgraded RPT permits only what is new.",
            ("G-3.3.5.1-04",),
            rules=lambda rules: replace(rules, united=_only_new),
        ),
        Fault(
            "upgraded-rpt-lives-on",
            "An RPT that was upgraded stays active.",
            ("G-3.3.5.1-06",),
            rules=lambda rules: replace(rules, superseded=_lives_on),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "good-rpt-refused",
            "A request with a good RPT is refused.",
            ("G-3.3.1-21",),
            rules=lambda rules: replace(rules, upgradable=_good_refused),
        ),
        Fault(
            "expired-rpt-refused",
            "A request with an expired RPT is refused.",
            ("G-3.3.1-20",),
            rules=lambda rules: replace(rules, upgradable=_expired_refused),
            seen_in=(JANSSEN,),
        ),
    )
