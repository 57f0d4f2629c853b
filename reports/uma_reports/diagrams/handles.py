"""Tickets and tokens told apart by their pseudonyms, and who holds which."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from uma_reports.diagrams.facts import Facts, text_of

_PROTECTION_API = frozenset({"permission", "introspection", "resource registration"})


class HandleKind(StrEnum):
    """What is passed from one party to another and means something to a third."""

    TICKET = "ticket"
    RPT = "RPT"
    PCT = "PCT"
    REFRESH = "refresh token"


@dataclass(frozen=True, slots=True)
class Handle:
    """A ticket or token by its pseudonym: equal pseudonyms were equal secrets."""

    kind: HandleKind
    value: str


def sent(facts: Facts) -> tuple[Handle, ...]:
    """Return what the sender of a request presented; the PAT is not among it."""
    found: list[tuple[HandleKind, str]] = [(HandleKind.TICKET, facts.ticket_sent)]
    if facts.asks_for_rpt:
        found += [
            (HandleKind.RPT, facts.form.get("rpt", "")),
            (HandleKind.PCT, facts.form.get("pct", "")),
        ]
    if facts.endpoint == "introspection":
        found.append((HandleKind.RPT, facts.form.get("token", "")))
    if facts.endpoint == "revocation":
        hint = facts.form.get("token_type_hint", "")
        kind = HandleKind.REFRESH if hint == "refresh_token" else HandleKind.RPT
        found.append((HandleKind.PCT if hint == "pct" else kind, facts.form.get("token", "")))
    if facts.form.get("grant_type") == "refresh_token":
        found.append((HandleKind.REFRESH, facts.form.get("refresh_token", "")))
    if is_resource(facts.endpoint):
        found.append((HandleKind.RPT, facts.bearer))
    return tuple(Handle(kind, value) for kind, value in found if value)


def given(facts: Facts) -> tuple[Handle, ...]:
    """Return what the sender of a request was given in the answer."""
    found: list[tuple[HandleKind, str]] = [(HandleKind.TICKET, facts.ticket_given)]
    refreshes = facts.form.get("grant_type") == "refresh_token"
    if facts.endpoint == "token" and (facts.asks_for_rpt or refreshes):
        found += [
            (HandleKind.RPT, text_of(facts.answer.get("access_token"))),
            (HandleKind.PCT, text_of(facts.answer.get("pct"))),
            (HandleKind.REFRESH, text_of(facts.answer.get("refresh_token"))),
        ]
    return tuple(Handle(kind, value) for kind, value in found if value)


def is_resource(endpoint: str) -> bool:
    """Whether an endpoint is a protected resource, and no endpoint of an authorization server."""
    return endpoint.endswith("resource")


def needs_pat(endpoint: str) -> bool:
    """Whether an endpoint is of the protection API (FedAuthz 1.3)."""
    return endpoint in _PROTECTION_API


class Names:
    """Numbers tickets and tokens by their first appearance in a diagram."""

    def __init__(self, facts: Iterable[Facts], issued: frozenset[str]) -> None:
        self._issued = issued
        self._names: dict[str, tuple[HandleKind, int]] = {}
        self._counts: dict[HandleKind, int] = {}
        for item in facts:
            for handle in (*sent(item), *given(item)):
                self._take(handle)

    def of(self, handle: Handle) -> str:
        """Return the name of a ticket or token, such as `ticket 2`.

        A kind of token of which there is only one needs no number; a value that no answer of the
        recording gave is said to be unknown.
        """
        kind, number = self._names.get(handle.value, (handle.kind, 1))
        many = kind is HandleKind.TICKET or self._counts.get(kind, 1) > 1
        name = f"{kind} {number}" if many else str(kind)
        return name if handle.value in self._issued else f"unknown {name}"

    def listed(self, handles: Iterable[Handle]) -> Iterator[str]:
        """Yield the names of several."""
        return (self.of(handle) for handle in handles)

    def _take(self, handle: Handle) -> None:
        if handle.value not in self._names:
            number = self._counts.get(handle.kind, 0) + 1
            self._counts[handle.kind] = number
            self._names[handle.value] = (handle.kind, number)
