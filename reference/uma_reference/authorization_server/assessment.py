"""The authorization assessment of Grant 3.3.4, as a pure function."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from uma_reference.authorization_server.documents import elements_of
from uma_reference.authorization_server.model import (
    SELF_ASSERTED,
    Claims,
    Condition,
    Permission,
    Policy,
)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the assessment works on.

    `available` and `policies` go by resource identifier; a resource that is not in `available` is
    no longer registered.
    """

    ticket: tuple[Permission, ...]
    registered_scopes: frozenset[str]
    requested_scopes: frozenset[str]
    available: Mapping[str, frozenset[str]]
    policies: Mapping[str, tuple[Policy, ...]]
    claims: Claims


@dataclass(frozen=True, slots=True)
class Assessed:
    """One resource: what is asked for, what of it may be granted, and what stands in the way.

    `reachable` holds for a resource that at least one policy opens to these claims; it decides
    about a permission without scopes. `policies` are those that give the candidates, `expires_at`
    is when the first of them ends (0: never), and `askable` is what the owner would be asked about.
    """

    resource_id: str
    requested: frozenset[str]
    candidates: frozenset[str]
    reachable: bool
    unmet: tuple[Condition, ...]
    askable: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    expires_at: int = 0

    @property
    def granted(self) -> bool:
        """Whether everything that is asked for may be granted."""
        return self.reachable and self.candidates == self.requested


def requested_scopes(inputs: Inputs, permission: Permission) -> frozenset[str]:
    """Return RequestedScopes(resource): the ticket's scopes, widened by what the client may ask.

    A scope that the client is registered for and asks for now counts on every resource of the
    ticket that has it available.
    """
    available = inputs.available.get(permission.resource_id, frozenset())
    widening = inputs.registered_scopes & inputs.requested_scopes & available
    return permission.scopes | widening


def satisfies(claims: Claims, condition: Condition) -> bool:
    """Tell whether the claims of any issuer meet a condition."""
    return any(_satisfies(item, condition) for item in claims.each)


def _satisfies(claims: Claims, condition: Condition) -> bool:
    """Tell whether the claims of one issuer do; a claim with several values does with any."""
    if condition.issuer != claims.issuer and (condition.issuer or claims.issuer == SELF_ASSERTED):
        return False
    value = claims.values.get(condition.claim)
    held = elements_of(value) or [value]
    return any(isinstance(item, str) and item in condition.values for item in held)


def holds(policy: Policy, claims: Claims) -> bool:
    """Tell whether all conditions of a policy are met; without conditions only if said so."""
    if not policy.conditions:
        return policy.anyone
    return all(satisfies(claims, condition) for condition in policy.conditions)


def assess(inputs: Inputs) -> tuple[Assessed, ...]:
    """Assess every resource of the ticket."""
    return tuple(
        assess_resource(inputs, permission, requested_scopes(inputs, permission))
        for permission in inputs.ticket
    )


def assess_resource(inputs: Inputs, permission: Permission, requested: frozenset[str]) -> Assessed:
    """Assess one resource against its policies, for the given RequestedScopes(resource)."""
    available = inputs.available.get(permission.resource_id, frozenset())
    every = inputs.policies.get(permission.resource_id, ())
    asking = [policy for policy in every if policy.ask]
    policies = [policy for policy in every if not policy.ask]
    open_policies = [policy for policy in policies if holds(policy, inputs.claims)]
    permitted = frozenset(scope for policy in open_policies for scope in policy.scopes)
    candidates = requested & permitted & available
    lacking = (requested - candidates) & available
    willing = [policy for policy in asking if holds(policy, inputs.claims)]
    closed = [policy for policy in every if policy not in open_policies and policy not in willing]
    unreached = not requested and not open_policies
    in_the_way = [i for i in closed if i.scopes & lacking or (unreached and not i.ask)]
    giving = [policy for policy in open_policies if policy.scopes & candidates or not requested]
    return Assessed(
        permission.resource_id,
        requested,
        candidates,
        bool(open_policies),
        tuple(_unmet(in_the_way, inputs.claims)),
        lacking & frozenset(scope for policy in willing for scope in policy.scopes),
        frozenset(policy.id for policy in giving),
        min((policy.expires_at for policy in giving if policy.expires_at), default=0),
    )


def _unmet(policies: Iterable[Policy], claims: Claims) -> Iterable[Condition]:
    """Yield the conditions that further claims could still meet.

    A policy that the claims contradict stays out, as does one that no claim could ever meet: no
    further claim would open it.
    """
    for policy in policies:
        open_conditions = [item for item in policy.conditions if not satisfies(claims, item)]
        if not any(_contradicts(claims, item) for item in open_conditions):
            yield from open_conditions


def _contradicts(claims: Claims, condition: Condition) -> bool:
    # What somebody stated herself she can state anew, so it never stands in the way for good.
    return not condition.values or any(
        condition.claim in item.values and condition.issuer in {"", item.issuer}
        for item in claims.vouched.each
    )
