"""Faults of what owners share, and of resource servers beside each other."""

from collections.abc import Mapping
from dataclasses import replace

from uma_reference.authorization_server.assessment import Assessed, Inputs, assess
from uma_reference.authorization_server.model import AccessToken, Domain, Policy, Resource
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.store import Store
from uma_reference.authorization_server.tokens import introspected, token_response
from uma_reference.faults.fault import Fault


def _of_the_owner(resource: Resource, domain: Domain) -> bool:
    return resource.domain.owner == domain.owner


def _inherited(rules: Rules) -> Rules:
    """Let the policies of a resource that is gone count for one of the same name."""
    left: dict[object, tuple[Policy, ...]] = {}
    names: dict[str, object] = {}

    def delete(store: Store, resource: Resource) -> None:
        left[resource.description.get("name")] = tuple(store.policies(resource.id))
        rules.delete_resource(store, resource)

    def belongs(resource: Resource, domain: Domain) -> bool:
        names[resource.id] = resource.description.get("name")
        return rules.belongs(resource, domain)

    def inheriting(inputs: Inputs) -> tuple[Assessed, ...]:
        wanted = (item.resource_id for item in inputs.ticket)
        policies = {
            name: inputs.policies.get(name) or left.get(names.get(name), ()) for name in wanted
        }
        return assess(replace(inputs, policies=policies))

    return replace(rules, delete_resource=delete, belongs=belongs, assess=inheriting)


def _whole(inputs: Inputs) -> tuple[Assessed, ...]:
    """Let each policy open all scopes of its resource."""
    policies = {
        name: tuple(
            replace(item, scopes=item.scopes | inputs.available.get(name, frozenset()))
            for item in found
        )
        for name, found in inputs.policies.items()
    }
    return assess(replace(inputs, policies=policies))


def _endless(token: AccessToken, now: int) -> Mapping[str, object]:
    told = token_response(token, now)
    return {name: value for name, value in told.items() if name != "expires_in"}


def _shown_endless(
    token: AccessToken | None, domain: Domain, now: int, issuer: str
) -> Mapping[str, object]:
    return introspected(token and replace(token, expires_at=now + 10**8), domain, now, issuer)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "resource-servers-together",
            "All resource servers of an owner can use the resources of each other.",
            ("SEC-PAT-01", "SEC-PAT-02"),
            rules=lambda rules: replace(rules, belongs=_of_the_owner),
        ),
        Fault(
            "policies-by-name",
            "A resource has the policies of an earlier one of its name.",
            ("SEC-DENY-01",),
            rules=_inherited,
        ),
        Fault(
            "policies-open-everything",
            "A policy opens scopes that the owner never chose.",
            ("SEC-DENY-02",),
            rules=lambda rules: replace(rules, assess=_whole),
        ),
        Fault(
            "withdrawal-without-effect",
            "An RPT lives for years, whatever becomes of the policy.",
            ("SEC-WITHDRAW-01",),
            rules=lambda rules: replace(
                rules, token_response=_endless, introspected=_shown_endless
            ),
        ),
    )
