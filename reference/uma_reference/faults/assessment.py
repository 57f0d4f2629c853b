"""Faults of authorization assessment (Grant 3.3.4)."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import jwt

from uma_reference.authorization_server.assessment import (
    Assessed,
    Inputs,
    assess,
    assess_resource,
    requested_scopes,
)
from uma_reference.authorization_server.claims import KeySource, Presentation, verify_claims
from uma_reference.authorization_server.config import Config, TrustedIssuer
from uma_reference.authorization_server.errors import WireError
from uma_reference.authorization_server.model import Claims, Permission, Policy, Ticket
from uma_reference.authorization_server.results import Denied, Granted, Result
from uma_reference.authorization_server.rules import Rules, decide
from uma_reference.faults.fault import Fault
from uma_reference.faults.sightings import GRAVITEE, JANSSEN, KEYCLOAK, WSO2


def _assess(change: Callable[[Inputs], tuple[Assessed, ...]]) -> Callable[[Rules], Rules]:
    return lambda rules: replace(rules, assess=change)


def _widened(widen: Callable[[Inputs, Permission], frozenset[str]]) -> Callable[[Rules], Rules]:
    def changed(inputs: Inputs) -> tuple[Assessed, ...]:
        return tuple(assess_resource(inputs, item, widen(inputs, item)) for item in inputs.ticket)

    return _assess(changed)


def _pooled(inputs: Inputs, permission: Permission) -> frozenset[str]:
    del permission
    return frozenset(scope for item in inputs.ticket for scope in item.scopes)


def _narrowed(inputs: Inputs, permission: Permission) -> frozenset[str]:
    asked = inputs.requested_scopes & inputs.available.get(permission.resource_id, frozenset())
    return asked or requested_scopes(inputs, permission)


def _never_widened(inputs: Inputs, permission: Permission) -> frozenset[str]:
    del inputs
    return permission.scopes


def _first_widened(inputs: Inputs, permission: Permission) -> frozenset[str]:
    first = inputs.ticket[0] == permission
    return requested_scopes(inputs, permission) if first else permission.scopes


def _one_scope(inputs: Inputs, permission: Permission) -> frozenset[str]:
    asked = frozenset(sorted(inputs.requested_scopes)[:1])
    return requested_scopes(replace(inputs, requested_scopes=asked), permission)


def _unregistered(inputs: Inputs, permission: Permission) -> frozenset[str]:
    return requested_scopes(replace(inputs, registered_scopes=inputs.requested_scopes), permission)


def _any_condition(inputs: Inputs) -> tuple[Assessed, ...]:
    """Take each condition of a policy for a policy of its own."""
    loose = {
        name: tuple(
            replace(item, id=f"{item.id}-{number}", conditions=(condition,))
            for item in policies
            for number, condition in enumerate(item.conditions)
        )
        for name, policies in inputs.policies.items()
    }
    return assess(replace(inputs, policies=loose))


def _all_scopes(inputs: Inputs) -> tuple[Assessed, ...]:
    """Grant everything that is asked for when any policy is met."""
    return tuple(
        replace(item, candidates=item.requested, reachable=True) if item.reachable else item
        for item in assess(inputs)
    )


def _everybody(inputs: Inputs) -> tuple[Assessed, ...]:
    """Grant whatever the policies allow to anybody."""
    opened = {
        name: tuple(replace(item, conditions=(), anyone=True) for item in policies)
        for name, policies in inputs.policies.items()
    }
    return assess(replace(inputs, policies=opened))


def _remembering() -> Callable[[Inputs], tuple[Assessed, ...]]:
    """Return an assessment that goes on using policies that were withdrawn."""
    seen: dict[str, tuple[Policy, ...]] = {}

    def changed(inputs: Inputs) -> tuple[Assessed, ...]:
        for name, policies in inputs.policies.items():
            seen[name] = policies or seen.get(name, ())
        return assess(replace(inputs, policies={name: seen[name] for name in inputs.policies}))

    return changed


def _deny_all(assessed: Sequence[Assessed], config: Config) -> Result:
    full = assessed and all(item.granted for item in assessed) and len(assessed) > 1
    return Denied() if full else decide(assessed, config)


def _default_permit(inputs: Inputs) -> tuple[Assessed, ...]:
    return tuple(
        item
        if inputs.policies.get(item.resource_id)
        else replace(item, candidates=item.requested, reachable=True)
        for item in assess(inputs)
    )


def _lossy(granted: Granted, ticket: Ticket) -> tuple[Permission, ...]:
    del ticket
    return tuple(
        Permission(p.resource_id, frozenset(sorted(p.scopes)[1:])) for p in granted.permissions
    )


def _generous(granted: Granted, ticket: Ticket) -> tuple[Permission, ...]:
    del ticket
    return tuple(Permission(p.resource_id, p.scopes | {"edit"}) for p in granted.permissions)


def _unverified(
    presented: Presentation, issuers: Sequence[TrustedIssuer], source: KeySource
) -> Claims:
    """Believe whatever a claim token says."""
    del source
    try:
        claims = jwt.decode(presented.token, options={"verify_signature": False})
    except jwt.PyJWTError:
        return Claims()
    return Claims(issuers[0].issuer, claims)


def _not_the_owner(
    presented: Presentation, issuers: Sequence[TrustedIssuer], source: KeySource
) -> Claims:
    claims = verify_claims(presented, issuers, source)
    return Claims() if str(claims.values.get("email")).startswith("alice@") else claims


def _earlier_scopes(rules: Rules) -> Rules:
    """Count scopes that were asked for in an earlier request of the process."""
    asked: dict[tuple[Permission, ...], frozenset[str]] = {}

    def changed(inputs: Inputs) -> tuple[Assessed, ...]:
        scopes = inputs.requested_scopes | asked.get(inputs.ticket, frozenset())
        asked[inputs.ticket] = scopes
        return assess(replace(inputs, requested_scopes=scopes))

    return replace(rules, assess=changed)


def _no_policy_no_flow(inputs: Inputs) -> None:
    if not any(inputs.policies.values()):
        raise WireError(400, "invalid_grant", "no policy")


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "scopes-pooled",
            "Scopes of one resource of a ticket count on all of them.",
            ("F-4-05", "G-3.3.4-02", "G-3.3.4-03", "G-3.3.4-05", "G-3.3.4-06", "G-3.3.4-07"),
            rules=_widened(_pooled),
        ),
        Fault(
            "scope-narrows",
            "Requested scopes take the place of the ticket's.",
            ("G-3.3.1-24", "G-3.3.4-02", "G-3.3.4-06"),
            rules=_widened(_narrowed),
        ),
        Fault(
            "scope-ignored",
            "Requested scopes never count.",
            ("G-3.3.4-02", "G-3.3.4-03", "G-3.3.4-06", "G-3.3.4-07"),
            rules=_widened(_never_widened),
        ),
        Fault(
            "scope-on-first-resource",
            "Requested scopes count on the first resource only.",
            ("G-3.3.4-02", "G-3.3.4-07"),
            rules=_widened(_first_widened),
        ),
        Fault(
            "one-scope-only",
            "Only one of several requested scopes counts.",
            ("G-3.3.1-23",),
            rules=_widened(_one_scope),
        ),
        Fault(
            "unregistered-scope-counts",
            "A scope counts without registration.",
            ("G-3.3.1-24",),
            rules=_widened(_unregistered),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "earlier-scopes-count",
            "Scopes of an earlier request still count.",
            ("G-3.3.4-04",),
            rules=_earlier_scopes,
        ),
        Fault(
            "any-condition-suffices",
            "One of several conditions is enough.",
            ("G-3.3.4-08",),
            rules=_assess(_any_condition),
        ),
        Fault(
            "all-scopes-granted",
            "A policy for one scope grants all that is asked for.",
            ("G-3.3.4-02", "G-3.3.4-09", "G-3.3.4-12"),
            rules=_assess(_all_scopes),
        ),
        Fault(
            "everybody-granted",
            "Policies are met by anybody.",
            (
                "F-1.2-02",
                "F-4-03",
                "G-1.3.1-02",
                "G-3.3.4-01",
                "G-3.3.4-08",
                "G-3.3.6-08",
                "G-3.3.6-09",
                "G-3.3.6-10",
                "G-3.3.6-11",
                "G-3.3.6-12",
                "G-3.3.6-13",
                "G-3.3.6-14",
                "G-3.3.6-15",
                "G-3.3.6-17",
                "G-3.3.6-18",
                "G-3.3.6-21",
                "G-3.3.6-24",
                "G-3.3.6-26",
                "G-3.3.6-27",
                "G-3.3.6-31",
                "G-3.3.6-32",
                "G-3.3.6-35",
                "G-5.7-02",
                "G-5.7-03",
            ),
            rules=_assess(_everybody),
        ),
        Fault(
            "withdrawal-ignored",
            "Policies that were withdrawn go on counting.",
            ("G-3.3.4-01", "G-6.1-01"),
            rules=lambda rules: replace(rules, assess=_remembering()),
        ),
        Fault(
            "several-resources-denied",
            "A ticket for several resources is always denied.",
            ("G-3.3.4-05", "G-3.3.4-11"),
            rules=lambda rules: replace(rules, decide=_deny_all),
        ),
        Fault(
            "default-permit",
            "A resource without policy is open to everybody.",
            ("G-3.3.4-02", "G-3.3.4-09", "G-3.3.4-12", "G-5.6-01", "G-6.1-01"),
            rules=_assess(_default_permit),
            seen_in=(GRAVITEE,),
        ),
        Fault(
            "rpt-loses-scopes",
            "An RPT lacks one of the granted scopes.",
            (
                "F-4-05",
                "G-3.3.3-04",
                "G-3.3.4-02",
                "G-3.3.4-03",
                "G-3.3.4-06",
                "G-3.3.4-07",
                "G-3.3.4-11",
                "G-3.3.5-01",
                "G-3.3.6-13",
            ),
            rules=lambda rules: replace(rules, permitted=_lossy),
        ),
        Fault(
            "rpt-gains-scopes",
            "An RPT has a scope that was not granted.",
            ("F-4-05", "G-3.3.4-02", "G-3.3.4-05", "G-3.3.4-09", "G-3.3.4-12", "G-3.3.6-13"),
            rules=lambda rules: replace(rules, permitted=_generous),
        ),
        Fault(
            "claims-unverified",
            "Claim tokens are believed without verification.",
            ("G-3.3.4-08", "G-3.3.6-08", "G-5.7-02", "G-5.7-03"),
            rules=lambda rules: replace(rules, verify_claims=_unverified),
            seen_in=(WSO2, JANSSEN),
        ),
        Fault(
            "owner-refused",
            "The owner cannot be the requesting party.",
            ("G-1.2-01",),
            rules=lambda rules: replace(rules, verify_claims=_not_the_owner),
        ),
        Fault(
            "flow-needs-policy",
            "A ticket for a resource without policy is an invalid grant.",
            ("G-3.1-01",),
            rules=lambda rules: replace(rules, check_scopes=_no_policy_no_flow),
        ),
    )
