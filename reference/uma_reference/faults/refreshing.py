"""Faults of refreshing RPTs (Grant 3.6)."""

from dataclasses import replace

from uma_reference.authorization_server.config import Lifetimes
from uma_reference.authorization_server.errors import WireError, invalid_grant
from uma_reference.authorization_server.handles import RefreshToken
from uma_reference.authorization_server.live import PoliciesOf
from uma_reference.authorization_server.model import Permission
from uma_reference.authorization_server.replacing import refreshable
from uma_reference.authorization_server.store import Store
from uma_reference.faults.fault import Fault
from uma_reference.faults.sightings import KEYCLOAK
from uma_reference.faults.wire import TOKEN, Reply, answers


def _unknown(reply: Reply) -> Reply:
    if "grant_type=refresh_token" not in reply.form:
        return reply
    return reply.with_status(400).with_json({"error": "unsupported_grant_type"})


def _widened(
    found: RefreshToken, store: Store, policies_of: PoliciesOf | None, now: int
) -> tuple[Permission, ...]:
    """Give what the policies of the resources allow by now."""
    allowed = {
        item.resource_id: frozenset(s for p in store.policies(item.resource_id) for s in p.scopes)
        for item in found.permissions or ()
    }
    return tuple(
        replace(item, scopes=item.scopes | allowed[item.resource_id])
        for item in refreshable(found, store, policies_of, now)
    )


def _needs_info(
    found: RefreshToken, store: Store, policies_of: PoliciesOf | None, now: int
) -> tuple[Permission, ...]:
    """Want claims anew when the policies have changed."""
    permissions = refreshable(found, store, policies_of, now)
    for item in permissions:
        if not item.policies & {policy.id for policy in store.policies(item.resource_id)}:
            hints: dict[str, object] = {"required_claims": [{"name": "email"}]}
            raise WireError(403, "need_info", "", {"ticket": "x" * 43, **hints})
    return permissions


def _too_late(
    found: RefreshToken, store: Store, policies_of: PoliciesOf | None, now: int
) -> tuple[Permission, ...]:
    """Refuse a refresh token after an hour."""
    if now >= found.expires_at - Lifetimes().refresh + Lifetimes().rpt:
        raise invalid_grant("the RPT has expired")
    return refreshable(found, store, policies_of, now)


def _dead(
    found: RefreshToken, store: Store, policies_of: PoliciesOf | None, now: int
) -> tuple[Permission, ...]:
    """Give permissions that have ended."""
    permissions = refreshable(found, store, policies_of, now)
    return tuple(replace(item, expires_at=now) for item in permissions)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "refresh-unknown",
            "Refresh tokens are issued and not taken back.",
            ("G-3.6-02",),
            wire=answers(TOKEN, _unknown),
        ),
        Fault(
            "refresh-only-before-expiry",
            "An RPT that has expired cannot be refreshed.",
            ("G-3.6-02",),
            rules=lambda rules: replace(rules, refreshable=_too_late),
        ),
        Fault(
            "refreshed-rpt-dead",
            "A refreshed RPT counts for nothing.",
            ("G-3.6-02",),
            rules=lambda rules: replace(rules, refreshable=_dead),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "refresh-widens",
            "A refreshed RPT permits what the policies allow by now.",
            ("G-3.6-04",),
            rules=lambda rules: replace(rules, refreshable=_widened),
        ),
        Fault(
            "refresh-needs-info",
            "A refresh is answered with need_info when the policies have changed.",
            ("G-3.6-04",),
            rules=lambda rules: replace(rules, refreshable=_needs_info),
        ),
    )
