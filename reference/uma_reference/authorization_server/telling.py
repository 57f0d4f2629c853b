"""Writing to the audit what owners and resource servers do (the rest is told where it happens)."""

from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.model import Permission, Policy, Resource
from uma_reference.authorization_server.people import people_of
from uma_reference.authorization_server.records import Event, EventKind

ANYONE, ASK, CONDITION, GROUP = "anyone", "ask", "condition", "group"


def tell_policy(core: Core, owner: str, policy: Policy, kind: EventKind) -> None:
    """Tell that an owner set or withdrew a policy; one that names several people is told of each.

    The detail says whether it is for anyone or a group, whether more has to hold for those who are
    named, and whether the owner wants to be asked.
    """
    permission = Permission(
        policy.resource_id, policy.scopes, policy.expires_at, frozenset({policy.id})
    )
    people = [f"{person.issuer or person.claim} {person.value}" for person in people_of(policy)]
    holds = {
        ANYONE: not policy.conditions,
        GROUP: bool(policy.conditions) and not people,
        CONDITION: bool(people) and len(policy.conditions) > 1,
        ASK: policy.ask,
    }
    detail = " ".join(word for word, so in holds.items() if so)
    now = core.clock.now()
    for party in people or [""]:
        core.store.append(Event(now, kind, owner, "", party, (permission,), detail))


def tell_resource(core: Core, resource: Resource, kind: EventKind) -> None:
    """Tell that a resource server registered or deregistered a resource; the detail is its name."""
    name = resource.description.get("name")
    core.store.append(
        Event(
            core.clock.now(),
            kind,
            resource.domain.owner,
            resource.domain.resource_server,
            permissions=(Permission(resource.id, resource.scopes),),
            detail=name if isinstance(name, str) else "",
        )
    )
