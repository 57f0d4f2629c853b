"""Variants whose messages are those of UMA 1."""

from uma_reference.authorization_server.documents import elements_of, members_of
from uma_reference.faults.fault import Fault
from uma_reference.faults.sightings import KEYCLOAK
from uma_reference.faults.uma1_residue.translating import Asked, renamed, translating
from uma_reference.faults.wire import (
    CLAIMS,
    INTROSPECTION,
    PERMISSION,
    TOKEN,
    Change,
    Reply,
    answers,
)

_TO_NEW = {"resource_set_id": "resource_id", "scopes": "resource_scopes"}
_CHALLENGE = 'Bearer realm="authorization API", error="insufficient_scope"'


def _old_permissions_too(asked: Asked) -> Asked:
    return renamed(asked, _TO_NEW) if asked.path.startswith(PERMISSION) else asked


def _old_permissions_only(asked: Asked) -> Asked:
    if not asked.path.startswith(PERMISSION):
        return asked
    if "resource_id" in asked.members:
        return Asked(asked.path, {"nothing": "known"})
    return renamed(asked, _TO_NEW)


def _with_code(place: str, code: str, old: str, status: int) -> Change:
    return answers(
        place, lambda reply: reply.with_status(status).with_member("error", old), error=code
    )


def _nested(reply: Reply) -> Reply:
    details = {
        "authentication_context": {"required_acr": ["https://loa.example/2"]},
        "requesting_party_claims": {"required_claims": [{"name": "email"}], "redirect_user": True},
    }
    return reply.with_json({"error": "need_info", "error_details": details})


def _as_rpt(reply: Reply) -> Reply:
    if "uma-ticket" not in reply.form or "access_token" not in reply.members:
        return reply
    rpt = reply.members["access_token"]
    return reply.without_member("access_token").with_member("rpt", rpt)


def _for_an_aat(reply: Reply) -> Reply:
    if "uma-ticket" not in reply.form:
        return reply
    refused = reply.with_status(401).with_json({"error": "unauthorized_client"})
    return refused.with_header("www-authenticate", _CHALLENGE)


def _with_state(reply: Reply) -> Reply:
    if "ticket=" not in reply.location:
        return reply
    return reply.redirecting(f"{reply.location}&authorization_state=claims_submitted")


def _old_names(reply: Reply) -> Reply:
    entries = elements_of(reply.members.get("permissions")) or ()
    permissions = (members_of(entry, "a permission") for entry in entries)
    shown = [
        {**item, "resource_set_id": item["resource_id"], "scopes": item["resource_scopes"]}
        for item in permissions
    ]
    return reply.with_member("permissions", shown) if shown else reply


def faults() -> tuple[Fault, ...]:
    """Return the variants of this module."""
    return (
        Fault(
            "uma1-permissions-too",
            "Tickets are given for permissions of UMA 1 as well.",
            ("U1-PERM-02",),
            around=translating(_old_permissions_too),
        ),
        Fault(
            "uma1-permissions-only",
            "Tickets are given for permissions of UMA 1 only.",
            ("U1-PERM-01", "U1-PERM-02"),
            around=translating(_old_permissions_only),
        ),
        Fault(
            "uma1-code-of-tickets",
            "Tickets that are no good answer invalid_ticket.",
            ("U1-ERR-01",),
            wire=_with_code(TOKEN, "invalid_grant", "invalid_ticket", 400),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "uma1-code-of-resources",
            "Unknown resources answer invalid_resource_set_id.",
            ("U1-ERR-01",),
            wire=_with_code(PERMISSION, "invalid_resource_id", "invalid_resource_set_id", 400),
        ),
        Fault(
            "uma1-code-of-denials",
            "Denials answer not_authorized.",
            ("U1-ERR-01",),
            wire=_with_code(TOKEN, "request_denied", "not_authorized", 403),
        ),
        Fault(
            "uma1-need-info",
            "need_info has its hints in error_details.",
            ("U1-INFO-01",),
            wire=answers(TOKEN, _nested, error="need_info"),
        ),
        Fault(
            "uma1-rpt-member",
            "The RPT comes in the member rpt.",
            ("U1-RPT-01",),
            wire=answers(TOKEN, _as_rpt, status=200),
        ),
        Fault(
            "uma1-aat",
            "An authorization API token is asked for.",
            ("U1-AAT-01",),
            wire=answers(TOKEN, _for_an_aat),
        ),
        Fault(
            "uma1-authorization-state",
            "Requesting parties come back with authorization_state.",
            ("U1-CLM-01",),
            wire=answers(CLAIMS, _with_state),
        ),
        Fault(
            "uma1-introspection",
            "Permissions at introspection have names of UMA 1.",
            ("U1-INT-01",),
            wire=answers(INTROSPECTION, _old_names, status=200),
        ),
    )
