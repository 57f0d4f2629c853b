"""A journal that calls parties by the names that they have in a scenario."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from uma_conformance.actors.actor import AUTHORIZATION_SERVER, Journal
from uma_conformance.wire import Context
from uma_scenarios import Scenario

RESOURCE = "resource"
OWNER = "owner's rules"


@dataclass(slots=True)
class NamedJournal(Journal):
    """Keeps the exchanges of one act; `names` gives the name of who is in a role."""

    names: Mapping[str, str] = field(default_factory=dict[str, str])

    def context(self, label: str, purpose: str, sender: str, endpoint: str) -> Context:
        """Return the context with the names of the scenario."""
        plain = Journal.context(self, label, purpose, sender, endpoint)
        return replace(
            plain,
            sender=self.names.get(plain.sender, plain.sender),
            receiver=self.names.get("receiver", plain.receiver),
        )


def roles_of(scenario: Scenario) -> Mapping[str, str]:
    """Return the role of each party of a scenario, by the name that recordings have."""
    return {
        AUTHORIZATION_SERVER: AUTHORIZATION_SERVER,
        **{item.name: "requesting party" for item in scenario.people.values()},
        **{item.name: "resource owner" for item in scenario.owners.values()},
        **{item.name: "client" for item in scenario.clients.values()},
        **{item.name: "resource server" for item in scenario.servers.values()},
    }
