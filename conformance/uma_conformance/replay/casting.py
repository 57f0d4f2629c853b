"""Who of a target plays whom in a scenario.

A driver knows two owners, two requesting parties, three clients that serve here, and two resource
servers; a scenario may have more of each. People take turns: everybody always has the same part,
and only the policies of those whose turn it is are in force. Clients and resource servers share
parts, as what they hold is kept apart anyway. Owners do not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from uma_conformance.drivers.protocol import (
    CLIENT,
    OTHER_CLIENT,
    OTHER_OWNER,
    OTHER_PARTY,
    OTHER_RESOURCE_SERVER,
    OWNER,
    PARTY,
    PUBLIC_CLIENT,
    RESOURCE_SERVER,
    Policy,
)
from uma_scenarios import CannotDo, Scenario
from uma_scenarios.model import SELF
from uma_scenarios.model import Policy as Rule

_OWNERS = (OWNER, OTHER_OWNER)
_PARTIES = (PARTY, OTHER_PARTY)
_SERVERS = (RESOURCE_SERVER, OTHER_RESOURCE_SERVER)


@dataclass(frozen=True, slots=True)
class Casting:
    """The parts of a scenario, and who has which turn (by part).

    `parts` are resource servers of somebody else, each with the one that it is to the driver; empty
    if it is none of them.
    """

    scenario: Scenario
    parts: Mapping[str, str] = field(default_factory=dict[str, str])
    on_stage: dict[str, str] = field(default_factory=dict[str, str])

    def party(self, person: str) -> str:
        """Return the requesting party that plays a person."""
        return _PARTIES[list(self.scenario.people).index(person) % len(_PARTIES)]

    def client(self, name: str) -> str:
        """Return the client that plays a client: the first confidential one has its own."""
        if self.scenario.clients[name].public:
            return PUBLIC_CLIENT
        confidential = [item.id for item in self.scenario.clients.values() if not item.public]
        return CLIENT if name == confidential[0] else OTHER_CLIENT

    def owner(self, name: str) -> str:
        """Return the owner that plays an owner; raise `CannotDo` if there are too few."""
        place = list(self.scenario.owners).index(name)
        if place >= len(_OWNERS):
            raise CannotDo(f"a driver has {len(_OWNERS)} owners, and {name} would be one more")
        return _OWNERS[place]

    def server(self, name: str) -> str:
        """Return the resource server that plays one; from the third on, they share the parts."""
        if name in self.parts:
            return self.parts[name]
        return _SERVERS[list(self.scenario.servers).index(name) % len(_SERVERS)]

    def apart(self, one: str, other: str) -> None:
        """Raise `CannotDo` for two resource servers that are the same one here."""
        if one != other and self.server(one) == self.server(other) != "":
            raise CannotDo(f"{one} and {other} are played by one resource server")

    def has_turn(self, person: str) -> bool:
        """Tell whether a person is on stage."""
        return self.on_stage.get(self.party(person)) == person

    def policy(self, rule: Rule, resource: str) -> Policy:
        """Return what a driver is to set for a rule; raise `CannotDo` if it cannot be said so."""
        if any(item.source == SELF for item in rule.conditions):
            raise CannotDo(f"{rule.id} asks for a statement of her own, which no driver sets up")
        return Policy(
            scopes=rule.grants[resource],
            party=self.party(rule.who),
            ask=rule.ask,
            by_visit=rule.by_visit,
        )
