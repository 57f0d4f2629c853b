"""Keeping a target's policies in step with whose turn it is and what owners set meanwhile."""

from dataclasses import dataclass, field

from uma_conformance.drivers.protocol import Driver, Policy, Unsupported
from uma_conformance.replay.casting import Casting
from uma_scenarios import CannotDo


@dataclass(slots=True)
class Policies:
    """The rules that are in force, and what was set of them.

    `ids` are resources by name; those that are `gone` have no policies any more.
    """

    casting: Casting
    driver: Driver
    ids: dict[str, str] = field(default_factory=dict[str, str])
    gone: set[str] = field(default_factory=set[str])
    rules: set[str] = field(default_factory=set[str])
    _set: dict[str, tuple[Policy, ...]] = field(default_factory=dict[str, tuple[Policy, ...]])
    _refused: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, resource: str, resource_id: str, *, bare: bool = True) -> None:
        """Keep what a resource is called; it has no policies yet, unless it is not `bare`."""
        self.ids[resource] = resource_id
        if bare:
            self._set[resource] = ()

    def give_turn(self, person: str) -> None:
        """Put a person on stage; raise `CannotDo` if the driver cannot set her policies."""
        if person in self._refused:
            raise CannotDo(self._refused[person])
        if self.casting.has_turn(person):
            return
        part = self.casting.party(person)
        before = self.casting.on_stage.get(part, "")
        self.casting.on_stage[part] = person
        try:
            self.bring_up_to_date()
        except CannotDo as reason:
            self._refused[person] = str(reason)
            self._leave(part, before)
            raise

    def _leave(self, part: str, before: str) -> None:
        if before:
            self.casting.on_stage[part] = before
        else:
            self.casting.on_stage.pop(part)
        self.bring_up_to_date()

    def bring_up_to_date(self) -> None:
        """Set the policies of each resource for which they changed."""
        for resource, resource_id in self.ids.items():
            wanted = self._wanted(resource)
            if resource in self.gone or wanted == self._set.get(resource):
                continue
            scenario = self.casting.scenario
            owner = self.casting.owner(scenario.resources[resource].owner)
            # If it fails in the middle, it is not known what holds.
            self._set.pop(resource, None)
            try:
                self.driver.set_policy(owner, resource_id, wanted)
            except Unsupported as reason:
                raise CannotDo(str(reason)) from None
            self._set[resource] = wanted

    def _wanted(self, resource: str) -> tuple[Policy, ...]:
        return tuple(
            self.casting.policy(rule, resource)
            for rule in self.casting.scenario.policies.values()
            if rule.id in self.rules and resource in rule.grants and self.casting.has_turn(rule.who)
        )
