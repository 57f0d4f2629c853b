"""Faults of the permission endpoint (FedAuthz 4, 6)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from uma_reference.authorization_server.documents import elements_of
from uma_reference.authorization_server.errors import (
    WireError,
    invalid_request,
    invalid_resource_id,
)
from uma_reference.authorization_server.model import Domain, Permission, Resource
from uma_reference.authorization_server.permissions import accept_permissions
from uma_reference.authorization_server.rules import Rules
from uma_reference.faults.fault import Fault
from uma_reference.faults.wire import PERMISSION, Change, Reply, answers

Find = Callable[[str], Resource | None]
Accept = Callable[[object, Find], tuple[Permission, ...]]


def _accept(change: Accept) -> Callable[[Rules], Rules]:
    return lambda rules: replace(rules, accept_permissions=change)


def _issued(change: Change) -> Change:
    return answers(PERMISSION, change, status=201)


def _failed(change: Change) -> Change:
    return answers(PERMISSION, change, status=400)


def _elements(value: object) -> list[dict[str, object]]:
    elements = elements_of(value) or [value]
    return [dict(cast("Mapping[str, object]", item)) for item in elements if isinstance(item, dict)]


def _arrays_only(value: object, find: Find) -> tuple[Permission, ...]:
    if elements_of(value) is None:
        raise invalid_request("an array is expected")
    return accept_permissions(value, find)


def _single_only(value: object, find: Find) -> tuple[Permission, ...]:
    if len(elements_of(value) or ()) > 1:
        raise invalid_request("one at a time")
    return accept_permissions(value, find)


def _some_scopes(value: object, find: Find) -> tuple[Permission, ...]:
    if any(item.get("resource_scopes") == [] for item in _elements(value)):
        raise invalid_request("no scopes")
    return accept_permissions(value, find)


def _first_counts(value: object, find: Find) -> tuple[Permission, ...]:
    return accept_permissions(_elements(value)[:1] or value, find)


def _unknown_accepted(value: object, find: Find) -> tuple[Permission, ...]:
    known = [item for item in _elements(value) if find(str(item.get("resource_id")))]
    if _elements(value) and not known and all("resource_id" in i for i in _elements(value)):
        return (Permission("nothing", frozenset()),)
    return accept_permissions(known if _elements(value) else value, find)


def _scopes_unchecked(value: object, find: Find) -> tuple[Permission, ...]:
    for item in _elements(value):
        if isinstance(item.get("resource_scopes"), list):
            resource = find(str(item.get("resource_id")))
            scopes = frozenset(cast("list[str]", item["resource_scopes"]))
            if resource is not None and scopes - resource.scopes:
                return (Permission(resource.id, scopes),)
    return accept_permissions(value, find)


def _any_case(value: object, find: Find) -> tuple[Permission, ...]:
    lowered = [
        {
            **item,
            "resource_scopes": [
                str(s).lower() for s in cast("list[object]", item["resource_scopes"])
            ],
        }
        if isinstance(item.get("resource_scopes"), list)
        else item
        for item in _elements(value)
    ]
    return accept_permissions(lowered or value, find)


def _with_default(name: str, standard: object) -> Accept:
    def accept(value: object, find: Find) -> tuple[Permission, ...]:
        whole = [item if name in item else {**item, name: standard} for item in _elements(value)]
        try:
            return accept_permissions(whole or value, find)
        except WireError:
            if standard != "":
                raise
            return (Permission("anything", frozenset()),)

    return accept


def _string_scopes(value: object, find: Find) -> tuple[Permission, ...]:
    whole = [
        {**item, "resource_scopes": [item["resource_scopes"]]}
        if isinstance(item.get("resource_scopes"), str)
        else item
        for item in _elements(value)
    ]
    return accept_permissions(whole or value, find)


def _nothing_accepted(value: object, find: Find) -> tuple[Permission, ...]:
    return () if value == [] else accept_permissions(value, find)


def _remembering() -> Accept:
    """Return a variant that goes on issuing tickets for resources that are gone."""
    seen: dict[str, Resource] = {}

    def accept(value: object, find: Find) -> tuple[Permission, ...]:
        def found(resource_id: str) -> Resource | None:
            resource = find(resource_id)
            if resource is not None:
                seen[resource_id] = resource
            return resource or seen.get(resource_id)

        return accept_permissions(value, found)

    return accept


def _no_description_no_ticket(value: object, find: Find) -> tuple[Permission, ...]:
    def found(resource_id: str) -> Resource | None:
        resource = find(resource_id)
        fresh = resource is not None and "icon_uri" in resource.description
        return None if fresh else resource

    return accept_permissions(value, found)


def _mixed(rules: Rules) -> Rules:
    """Let requests for several resources reach those of every owner."""
    owned: dict[str, Resource] = {}

    def belongs(resource: Resource, domain: Domain) -> bool:
        owned[resource.id] = resource
        return resource.domain == domain

    def accept(value: object, find: Find) -> tuple[Permission, ...]:
        def found(resource_id: str) -> Resource | None:
            return find(resource_id) or owned.get(resource_id)

        several = len(_elements(value)) > 1 and all(
            item.get("resource_id") in owned or find(str(item.get("resource_id")))
            for item in _elements(value)
        )
        return accept_permissions(value, found if several else find)

    return replace(rules, belongs=belongs, accept_permissions=accept)


def _unauthorized_code(reply: Reply) -> Reply:
    if "made-up" in reply.form or reply.status != 401:
        return reply
    return reply.with_status(400).with_json(invalid_resource_id().document)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "permission-object-refused",
            "A single object is refused.",
            (),
            rules=_accept(_arrays_only),
            seen_in=("Keycloak", "WSO2 Identity Server"),
        ),
        Fault(
            "permission-arrays-refused",
            "An array of several permissions is refused.",
            (),
            rules=_accept(_single_only),
            seen_in=("Janssen",),
        ),
        Fault(
            "permission-needs-scopes",
            "A permission without scopes is refused.",
            (),
            rules=_accept(_some_scopes),
            seen_in=("SimpleIdServer",),
        ),
        Fault(
            "permission-200",
            "A ticket comes with status 200.",
            (),
            wire=_issued(lambda r: r.with_status(200)),
        ),
        Fault(
            "permission-as-text",
            "A ticket comes as plain text.",
            (),
            wire=_issued(lambda r: r.with_header("content-type", "text/plain")),
        ),
        Fault(
            "ticket-misnamed",
            "The ticket has another name.",
            (),
            wire=_issued(lambda r: r.with_json({"permission_ticket": r.members.get("ticket")})),
        ),
        Fault(
            "ticket-as-array",
            "Tickets come in an array.",
            (),
            wire=_issued(lambda r: r.with_member("ticket", [r.members.get("ticket")])),
        ),
        Fault(
            "unknown-resource-accepted",
            "Unknown resources are passed over.",
            (),
            rules=_accept(_unknown_accepted),
        ),
        Fault(
            "first-permission-counts",
            "Only the first permission is checked.",
            (),
            rules=_accept(_first_counts),
        ),
        Fault(
            "scopes-unchecked",
            "Unregistered scopes are accepted.",
            (),
            rules=_accept(_scopes_unchecked),
        ),
        Fault(
            "scopes-in-any-case",
            "Scopes are compared without regard to case.",
            (),
            rules=_accept(_any_case),
        ),
        Fault(
            "resource-id-optional",
            "A permission without resource_id is accepted.",
            (),
            rules=_accept(_with_default("resource_id", "")),
            seen_in=("Keycloak",),
        ),
        Fault(
            "resource-scopes-optional",
            "A permission without resource_scopes is accepted.",
            (),
            rules=_accept(_with_default("resource_scopes", [])),
            seen_in=("Keycloak",),
        ),
        Fault(
            "scopes-as-string",
            "A string is accepted in place of an array of scopes.",
            (),
            rules=_accept(_string_scopes),
        ),
        Fault(
            "empty-array-accepted",
            "A ticket is issued for an empty array.",
            (),
            rules=_accept(_nothing_accepted),
        ),
        Fault(
            "deleted-resource-accepted",
            "Tickets are issued for deleted resources.",
            (),
            rules=lambda rules: replace(rules, accept_permissions=_remembering()),
        ),
        Fault(
            "no-ticket-at-first",
            "A resource gets no tickets until it was updated.",
            (),
            rules=_accept(_no_description_no_ticket),
        ),
        Fault(
            "owners-mixed",
            "A ticket may be for resources of two owners.",
            (),
            rules=_mixed,
            seen_in=("Keycloak",),
        ),
        Fault(
            "resource-before-pat",
            "The resource is looked up before the PAT is checked.",
            (),
            wire=answers(PERMISSION, _unauthorized_code),
        ),
        Fault(
            "permission-404",
            "An unknown resource answers 404.",
            (),
            wire=answers(PERMISSION, lambda r: r.with_status(404), error="invalid_resource_id"),
        ),
        Fault(
            "permission-other-code",
            "An unregistered scope has another code.",
            (),
            wire=answers(
                PERMISSION, lambda r: r.with_member("error", "bad_scope"), error="invalid_scope"
            ),
        ),
        Fault(
            "permission-resource-code",
            "An unknown resource has another code.",
            (),
            wire=answers(
                PERMISSION,
                lambda r: r.with_member("error", "unknown_resource"),
                error="invalid_resource_id",
            ),
        ),
        Fault(
            "permission-error-as-text",
            "Errors come as plain text.",
            (),
            wire=_failed(lambda r: r.with_header("content-type", "text/plain")),
        ),
        Fault(
            "permission-error-misnamed",
            "Errors have another member than error.",
            (),
            wire=_failed(lambda r: r.with_json({"code": r.members.get("error")})),
            seen_in=("WSO2 Identity Server",),
        ),
        Fault(
            "permission-error-as-array",
            "error is an array.",
            (),
            wire=_failed(lambda r: r.with_member("error", [r.members.get("error")])),
        ),
        Fault(
            "permission-description-as-object",
            "error_description is an object.",
            (),
            wire=_failed(lambda r: r.with_member("error_description", {"en": "no"})),
        ),
        Fault(
            "permission-error-uri-as-text",
            "error_uri is no URI.",
            (),
            wire=_failed(lambda r: r.with_member("error_uri", "see the manual")),
        ),
    )
