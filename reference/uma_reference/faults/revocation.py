"""Faults of token revocation (Grant 3.7)."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from uma_reference.authorization_server.handles import PersistedClaims, RefreshToken
from uma_reference.authorization_server.model import AccessToken
from uma_reference.authorization_server.replacing import revoked
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.store import Store
from uma_reference.faults.fault import Fault
from uma_reference.faults.wire import Reply, answers

_REVOCATION = "/revoke"


def _spared(spare: Callable[[Store, str], bool]) -> Callable[[Rules], Rules]:
    """Leave some kind of token as it is, and say that it was revoked."""

    def revoke(store: Store, value: str, client_id: str) -> Sequence[AccessToken]:
        return [] if spare(store, value) else revoked(store, value, client_id)

    return lambda rules: replace(rules, revoked=revoke)


def _unsupported(reply: Reply) -> Reply:
    if "token_type_hint=pct" not in reply.form:
        return reply
    return reply.with_status(400).with_json({"error": "unsupported_token_type"})


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "revoked-rpt-lives-on",
            "The revocation of an RPT has no effect.",
            ("G-3.7-01",),
            rules=_spared(lambda store, value: store.token(value) is not None),
        ),
        Fault(
            "revoked-refresh-token-lives-on",
            "The revocation of a refresh token has no effect.",
            ("G-3.7-02",),
            rules=_spared(lambda store, value: store.handle(RefreshToken, value) is not None),
        ),
        Fault(
            "revoked-pct-lives-on",
            "The revocation of a PCT has no effect.",
            ("G-3.7-03",),
            rules=_spared(lambda store, value: store.handle(PersistedClaims, value) is not None),
        ),
        Fault(
            "hint-pct-unsupported",
            "The hint pct makes a revocation fail.",
            ("G-3.7-03", "G-3.7-04"),
            wire=answers(_REVOCATION, _unsupported),
        ),
    )
