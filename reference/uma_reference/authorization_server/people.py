"""Whom policies name: people told apart by a claim, so that an owner sees what each may do."""

import json
from dataclasses import dataclass, replace

from uma_reference.authorization_server.model import SELF_ASSERTED, Condition, Policy
from uma_reference.opaque import digest

# Claims that name one person; the first of them counts where a policy has several.
NAMING = ("sub", "email")
_KEY_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named by the value of a claim, from one issuer or, if that is empty, any trusted."""

    claim: str
    issuer: str
    value: str

    @property
    def key(self) -> str:
        """What stands for her in addresses of pages, which do not spell her out."""
        return digest(json.dumps([self.claim, self.issuer, self.value]))[:_KEY_LENGTH]


def naming(policy: Policy) -> Condition | None:
    """Return the condition by which a policy names people; it is never what they say themselves."""
    named = [c for c in policy.conditions if c.claim in NAMING and c.issuer != SELF_ASSERTED]
    return min(named, key=lambda c: (NAMING.index(c.claim), c.issuer), default=None)


def people_of(policy: Policy) -> tuple[Person, ...]:
    """Return those whom a policy names; none for one that is open to anyone or to a group."""
    found = naming(policy)
    if found is None:
        return ()
    return tuple(Person(found.claim, found.issuer, value) for value in sorted(found.values))


def only(policy: Policy, person: Person) -> Policy:
    """Return what a policy says about one of those whom it names."""
    found = naming(policy)
    conditions = tuple(
        replace(item, values=frozenset({person.value})) if item is found else item
        for item in policy.conditions
    )
    return replace(policy, conditions=conditions)


def without(policy: Policy, person: Person, policy_id: str) -> Policy | None:
    """Return what is left of a policy, under another identifier, when it no longer names somebody.

    With the old identifier it would still stand behind what was granted to her.
    """
    found = naming(policy)
    left = found.values - {person.value} if found is not None else frozenset[str]()
    if found is None or not left:
        return None
    narrower = replace(found, values=left)
    conditions = tuple(narrower if item is found else item for item in policy.conditions)
    return replace(policy, id=policy_id, conditions=conditions)
