"""What an RPT may hold: the set calculation of Grant 3.3.4, for the suite's own expectations."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Scopes = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Situation:
    """A token request: resources with the ticket's scopes, and what the policies allow the party.

    `available` holds the scopes registered for each resource; `registered` and `requested` are
    those of the client.
    """

    ticket: Scopes
    allowed: Scopes
    available: Scopes = field(default_factory=dict[str, frozenset[str]])
    registered: frozenset[str] = frozenset()
    requested: frozenset[str] = frozenset()

    def requested_scopes(self) -> Scopes:
        """Return RequestedScopes(resource) for every resource of the ticket."""
        widening = self.registered & self.requested
        return {
            resource: scopes | (widening & self.available.get(resource, frozenset()))
            for resource, scopes in self.ticket.items()
        }

    def candidates(self) -> Scopes:
        """Return CandidateGrantedScopes(resource) for every resource of the ticket."""
        return {
            resource: scopes & self.allowed.get(resource, frozenset())
            for resource, scopes in self.requested_scopes().items()
        }


def excess(granted: Scopes, bound: Scopes) -> Scopes:
    """Return what is granted beyond a bound."""
    found = {name: scopes - bound.get(name, frozenset()) for name, scopes in granted.items()}
    return {name: scopes for name, scopes in found.items() if scopes}


def lack(granted: Scopes, wanted: Scopes) -> Scopes:
    """Return what is wanted and not granted."""
    return excess(wanted, granted)


def shown(scopes: Scopes) -> str:
    """Return scopes by resource for a message."""
    return "; ".join(f"{name}: {', '.join(sorted(held))}" for name, held in scopes.items())
