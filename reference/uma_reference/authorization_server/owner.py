"""The owner's policy API. It is outside of UMA; it is how a deployment sets policy here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from uma_reference.authorization_server.accounts import Account
from uma_reference.authorization_server.config import Feature
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.documents import members_of, strings_of
from uma_reference.authorization_server.errors import invalid_request, not_found
from uma_reference.authorization_server.model import Condition, Policy, Resource
from uma_reference.authorization_server.people import Person, only, people_of, without
from uma_reference.authorization_server.records import EventKind
from uma_reference.authorization_server.telling import tell_policy

# No calendar goes on after that.
_YEAR_10000 = 253_402_300_800


def policies_of(core: Core, owner: Account, resource_id: str) -> list[Mapping[str, object]]:
    """Return the policies of one of the owner's resources."""
    own_resource(core, owner, resource_id)
    return [_document(policy) for policy in core.store.policies(resource_id)]


def add_policy(core: Core, owner: Account, resource_id: str, value: object) -> Mapping[str, object]:
    """Add a policy to one of the owner's resources."""
    own_resource(core, owner, resource_id)
    policy = new_policy(core, resource_id, value)
    set_policy(core, owner, policy)
    return _document(policy)


def set_policy(core: Core, owner: Account, policy: Policy) -> None:
    """Add a policy, and say so in the audit."""
    core.store.add_policy(policy)
    tell_policy(core, owner.id, policy, EventKind.POLICY_SET)


def replace_policies(
    core: Core, owner: Account, resource_id: str, value: object
) -> list[Mapping[str, object]]:
    """Replace all policies of one of the owner's resources; an empty array withdraws access."""
    own_resource(core, owner, resource_id)
    if not isinstance(value, list):
        raise invalid_request("an array of policies is expected")
    wanted = cast("Sequence[object]", value)
    policies = [new_policy(core, resource_id, item) for item in wanted]
    before = core.store.policies(resource_id)
    core.store.set_policies(resource_id, policies)
    # What is set anew as it was is no news.
    for kind, told, others in (
        (EventKind.POLICY_WITHDRAWN, before, policies),
        (EventKind.POLICY_SET, policies, before),
    ):
        kept = [replace(item, id="") for item in others]
        for policy in told:
            if replace(policy, id="") not in kept:
                tell_policy(core, owner.id, policy, kind)
    return [_document(policy) for policy in policies]


def delete_policy(core: Core, owner: Account, policy_id: str) -> None:
    """Delete one policy of one of the owner's resources."""
    policy = own_policy(core, owner, policy_id)
    core.store.drop_policy(policy_id)
    tell_policy(core, owner.id, policy, EventKind.POLICY_WITHDRAWN)


def withdraw_from(core: Core, owner: Account, person: Person) -> None:
    """Withdraw all that a person may do with the owner's resources; others keep what they may do.

    A policy that names others too is set anew without her. What was granted to them by the old one
    ends with it, where withdrawal ends RPTs, and can be asked for again.
    """
    for policy in core.store.policies_of(owner.id):
        if person in people_of(policy):
            left = without(policy, person, core.randomness.token())
            core.store.drop_policy(policy.id)
            if left is not None:
                core.store.add_policy(left)
            tell_policy(core, owner.id, only(policy, person), EventKind.POLICY_WITHDRAWN)


def own_policy(core: Core, owner: Account, policy_id: str) -> Policy:
    """Return a policy of one of the owner's resources; raise `not_found` for any other."""
    policy = core.store.policy(policy_id)
    if policy is None:
        raise not_found()
    own_resource(core, owner, policy.resource_id)
    return policy


def own_resource(core: Core, owner: Account, resource_id: str) -> Resource:
    """Return one of the owner's resources; raise `not_found` for any other."""
    resource = core.store.resource(resource_id)
    if resource is None or resource.domain.owner != owner.id:
        raise not_found()
    return resource


def end_of(members: Mapping[str, object]) -> int:
    """Return the time at which something ends, in seconds since the epoch; 0 is never."""
    end = members.get("expires_at", 0)
    if not isinstance(end, int) or isinstance(end, bool) or not 0 <= end < _YEAR_10000:
        raise invalid_request(
            "expires_at has to be a time in seconds since the epoch before the year 10000, or 0"
        )
    return end


def new_policy(core: Core, resource_id: str, value: object) -> Policy:
    """Read a policy that is not set yet; raise `invalid_request` for what is none."""
    members = members_of(value, "a policy")
    scopes = frozenset(strings_of(members.get("scopes"), "scopes"))
    given = members.get("conditions", [])
    if not isinstance(given, list):
        raise invalid_request("conditions have to be an array")
    conditions = tuple(_condition(item) for item in cast("Sequence[object]", given))
    anyone = members.get("anyone") is True
    if not conditions and not anyone:
        raise invalid_request('a policy without conditions has to say "anyone": true')
    ask = members.get("ask", False)
    if not isinstance(ask, bool):
        raise invalid_request("ask has to be true or false")
    if ask and not core.has(Feature.REQUEST_SUBMITTED):
        raise invalid_request("ask needs the feature request_submitted, which is switched off")
    return Policy(
        core.randomness.token(), resource_id, scopes, conditions, anyone, ask, end_of(members)
    )


def _condition(value: object) -> Condition:
    members = members_of(value, "a condition")
    texts = {name: members.get(name, "") for name in ("claim", "issuer", "friendly_name")}
    if not all(isinstance(text, str) for text in texts.values()) or not texts["claim"]:
        raise invalid_request("claim, issuer and friendly_name have to be strings")
    return Condition(
        str(texts["claim"]),
        frozenset(strings_of(members.get("values"), "values")),
        str(texts["issuer"]),
        str(texts["friendly_name"]),
    )


def _document(policy: Policy) -> Mapping[str, object]:
    return {
        "id": policy.id,
        "scopes": sorted(policy.scopes),
        "anyone": policy.anyone,
        "ask": policy.ask,
        "expires_at": policy.expires_at,
        "conditions": [
            {
                "claim": item.claim,
                "values": sorted(item.values),
                "issuer": item.issuer,
                "friendly_name": item.friendly_name,
            }
            for item in policy.conditions
        ],
    }
