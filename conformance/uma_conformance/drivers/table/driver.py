"""The driver `table`: resources that were provisioned by hand, with their policies.

Nothing is changed at the target. A probe that wants a resource in some state gets one that the
target file declares to be in it; what no resource is declared for is `Unsupported`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from uma_conformance.drivers.declared import Declared, DeclaredDriver, Settings
from uma_conformance.drivers.declared.settings import OWNERS, PEOPLE, SERVERS
from uma_conformance.drivers.protocol import OWNER, PARTY, RESOURCE_SERVER, Policy, Unsupported
from uma_conformance.drivers.words import in_words, listed
from uma_conformance.target import Target
from uma_reference.config_reader import Reader


@dataclass(frozen=True, slots=True)
class Prepared:
    """A resource that stands ready: whose it is, where, and what its policies allow."""

    id: str
    owner: str
    resource_server: str
    scopes: frozenset[str]
    policies: tuple[Policy, ...]

    def is_as(
        self, owner: str, server: str, scopes: frozenset[str], policies: tuple[Policy, ...]
    ) -> bool:
        """Tell whether it is in some state; policies have no order."""
        same = (self.owner, self.resource_server, self.scopes) == (owner, server, scopes)
        return same and _same(self.policies, policies)

    @property
    def wears_off(self) -> bool:
        """Whether it can be given to one probe only: a request to its owner stays there."""
        return any(policy.ask for policy in self.policies)


@dataclass(slots=True)
class Shelf:
    """The resources that stand ready, and how often each was given away."""

    resources: tuple[Prepared, ...]
    _given: dict[str, int] = field(default_factory=dict[str, int])

    def take(
        self,
        state: tuple[str, str, frozenset[str], tuple[Policy, ...]],
        taken: frozenset[str],
    ) -> str:
        """Return the resource in a state that was given least often; empty when there is none."""
        found = [
            item
            for item in self.resources
            if item.is_as(*state)
            and item.id not in taken
            and not (item.wears_off and item.id in self._given)
        ]
        if not found:
            return ""
        least = min(found, key=lambda item: self._given.get(item.id, 0)).id
        self._given[least] = self._given.get(least, 0) + 1
        return least


class TableDriver(DeclaredDriver):
    """Drives a target by what the target file says is there."""

    def __init__(self, target: Target, declared: Declared, resources: tuple[Prepared, ...]) -> None:
        super().__init__(target, declared)
        self._shelf = Shelf(resources)

    @classmethod
    def from_target(
        cls, target: Target, environment: Mapping[str, str] | None = None
    ) -> "TableDriver":
        """Make a driver as the target file says; raise `DriverError` that names a wrong key."""
        return cls(target, *Settings(target, environment).read(_resources))

    def prepared(
        self,
        owner: str,
        resource_server: str,
        scopes: frozenset[str],
        policies: tuple[Policy, ...],
        taken: frozenset[str],
    ) -> str:
        """Return a declared resource, or raise `Unsupported` that says what would be needed."""
        state = (owner, resource_server, scopes, policies)
        found = self._shelf.take(state, taken)
        if not found:
            another = " left" if any(r.is_as(*state) for r in self._shelf.resources) else ""
            raise Unsupported(
                f"driver.resources: there is none{another} of {owner} at {resource_server} with "
                f"the scopes {listed(scopes)} where {in_words(policies)}"
            )
        return found

    def set_policy(self, owner: str, resource_id: str, policies: Iterable[Policy]) -> None:
        """Raise `Unsupported`, unless the policies are declared to be as wanted."""
        wanted = tuple(policies)
        known = next((item for item in self._shelf.resources if item.id == resource_id), None)
        # A resource that is not declared was registered by a probe and has no policies.
        if not _same(known.policies if known else (), wanted):
            raise Unsupported(
                f"driver.resources are as they were set up: no policy of {owner} can be changed "
                f"so that {in_words(wanted)}"
            )


def _same(some: tuple[Policy, ...], others: tuple[Policy, ...]) -> bool:
    return len(some) == len(others) and all(policy in others for policy in some)


def _resources(settings: Settings) -> tuple[Prepared, ...]:
    return tuple(_resource(item) for item in settings.root.children("resources"))


def _resource(reader: Reader) -> Prepared:
    return Prepared(
        reader.text("id"),
        reader.choice("owner", OWNERS, OWNER),
        reader.choice("resource_server", SERVERS, RESOURCE_SERVER),
        reader.texts("scopes"),
        tuple(_policy(item) for item in reader.children("policies")),
    )


def _policy(reader: Reader) -> Policy:
    also = reader.child("also")
    return Policy(
        reader.texts("scopes"),
        reader.choice("party", PEOPLE, PARTY),
        {name: also.text(name) for name in also.members},
        reader.flag("ask", standard=False),
        reader.flag("by_visit", standard=False),
    )
