"""Who takes part, in which role, and in which lane."""

from collections.abc import Iterable, Mapping, Sequence

from uma_reports.diagrams.handles import is_resource, needs_pat
from uma_reports.diagrams.model import Lane, Role
from uma_reports.record import ExchangeRecord

_BY_NAME = {str(role): role for role in Role}


class Parties:
    """Roles of the parties by name: as told, as their name says, or as their exchanges show."""

    def __init__(self, exchanges: Iterable[ExchangeRecord], told: Mapping[str, Role]) -> None:
        self._roles = dict(told)
        for exchange in exchanges:
            for name, shown in (
                (exchange.sender, _sender(exchange.endpoint)),
                (exchange.receiver, _receiver(exchange.endpoint)),
            ):
                self._roles.setdefault(name, _named(name) or shown)

    def role(self, name: str) -> Role:
        """Return the role of a party; who only appears beside the exchanges is told by name."""
        return self._roles.get(name) or _named(name) or Role.RESOURCE_OWNER

    def first(self, role: Role) -> str:
        """Return the name of the first party in a role; the role itself when there is none."""
        return next((name for name, its in self._roles.items() if its is role), str(role))

    def lanes(self, names: Iterable[str]) -> tuple[Lane, ...]:
        """Return lanes for parties, by role as in the figure of the Grant, then as they appear."""
        order: Sequence[Role] = list(Role)
        every = dict.fromkeys(names)
        lanes = (Lane(name, self.role(name)) for name in every)
        return tuple(sorted(lanes, key=lambda lane: order.index(lane.role)))


def _named(name: str) -> Role | None:
    lowered = name.lower().strip()
    return next((role for words, role in _BY_NAME.items() if lowered.endswith(words)), None)


def _sender(endpoint: str) -> Role:
    if needs_pat(endpoint):
        return Role.RESOURCE_SERVER
    if endpoint == "claims interaction":
        return Role.REQUESTING_PARTY
    if endpoint.startswith(("policy", "owner", "approval")):
        return Role.RESOURCE_OWNER
    return Role.CLIENT


def _receiver(endpoint: str) -> Role:
    if is_resource(endpoint):
        return Role.RESOURCE_SERVER
    return Role.AUTHORIZATION_SERVER
