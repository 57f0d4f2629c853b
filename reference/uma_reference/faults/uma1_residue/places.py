"""Variants that have configuration and resources where UMA 1 has them."""

from uma_reference.faults.fault import Fault
from uma_reference.faults.sightings import KEYCLOAK, Sighting
from uma_reference.faults.uma1_residue.translating import Asked, renamed, translating
from uma_reference.faults.wire import DISCOVERY, ITEM, Reply, answers

_OLD_PLACE = "/.well-known/uma-configuration"
_OLD_DOCUMENT = {
    "version": "1.0",
    "issuer": "https://as.example",
    "aat_profiles_supported": ["bearer"],
    "rpt_endpoint": "https://as.example/rpt",
    "resource_set_registration_endpoint": "https://as.example/rsreg",
    "permission_registration_endpoint": "https://as.example/perm",
}


def _old_only(reply: Reply) -> Reply:
    if reply.path == _OLD_PLACE:
        return reply.with_status(200).with_json(_OLD_DOCUMENT)
    return reply.with_status(404).empty() if reply.path.startswith(DISCOVERY) else reply


def _old_members(reply: Reply) -> Reply:
    members = {
        name: value for name, value in _OLD_DOCUMENT.items() if name not in {"issuer", "version"}
    }
    return reply.with_json({**reply.members, **members})


def _below(asked: Asked) -> Asked:
    """Move the endpoint to resource_set below it."""
    if not asked.path.startswith("/rreg"):
        return asked
    rest = asked.path.removeprefix("/rreg").rstrip("/")
    inside = rest == "/resource_set" or rest.startswith("/resource_set/")
    path = f"/rreg{rest.removeprefix('/resource_set')}" if inside else "/nowhere"
    return Asked(path, asked.members)


def _named_scopes(asked: Asked) -> Asked:
    if asked.path.startswith("/rreg") and "resource_scopes" not in asked.members:
        return renamed(asked, {"scopes": "resource_scopes"})
    return asked


def _both_scopes(reply: Reply) -> Reply:
    scopes = reply.members.get("resource_scopes")
    return reply.with_member("scopes", scopes) if scopes else reply


def faults() -> tuple[Fault, ...]:
    """Return the variants of this module."""
    return (
        Fault(
            "uma1-discovery-only",
            "There is configuration data of UMA 1, and none of UMA 2.",
            ("U1-DISC-01",),
            wire=_old_only,
        ),
        Fault(
            "uma1-discovery-members",
            "The discovery document has members of UMA 1.",
            ("U1-DISC-02",),
            wire=answers(DISCOVERY, _old_members, status=200),
            seen_in=(Sighting("Trustee"),),
        ),
        Fault(
            "uma1-registration-place",
            "Resources are registered at resource_set below the endpoint.",
            ("U1-RREG-01",),
            around=translating(_below),
        ),
        Fault(
            "uma1-description-shown",
            "Descriptions are shown with scopes of UMA 1.",
            ("U1-RREG-02",),
            wire=answers(ITEM, _both_scopes, method="GET", status=200),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "uma1-description-taken",
            "Descriptions are taken with scopes of UMA 1.",
            ("U1-RREG-02",),
            around=translating(_named_scopes),
        ),
    )
