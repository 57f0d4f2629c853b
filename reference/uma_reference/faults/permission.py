"""Faults in what permission requests are accepted (FedAuthz 4.1, 4.3)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from uma_reference.authorization_server.documents import elements_of
from uma_reference.authorization_server.errors import (
    invalid_request,
    invalid_resource_id,
)
from uma_reference.authorization_server.model import Domain, Permission, Resource
from uma_reference.authorization_server.permissions import accept_permissions
from uma_reference.authorization_server.rules import Rules
from uma_reference.faults.fault import Fault
from uma_reference.faults.sightings import KEYCLOAK, SIMPLE_ID_SERVER, WSO2, Sighting
from uma_reference.faults.wire import PERMISSION, Reply, answers

Find = Callable[[str], Resource | None]


Accept = Callable[[object, Find], tuple[Permission, ...]]


def _accept(change: Accept) -> Callable[[Rules], Rules]:
    return lambda rules: replace(rules, accept_permissions=change)


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


def _defined_members_only(value: object, find: Find) -> tuple[Permission, ...]:
    if any(item.keys() - {"resource_id", "resource_scopes"} for item in _elements(value)):
        raise invalid_request("a member is unknown")
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
        return accept_permissions(whole or value, find)

    return accept


def _anything(value: object, find: Find) -> tuple[Permission, ...]:
    if any("resource_id" not in item for item in _elements(value)):
        return (Permission("anything", frozenset()),)
    return accept_permissions(value, find)


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
            ("F-4.1-02",),
            rules=_accept(_arrays_only),
            seen_in=(KEYCLOAK, WSO2),
        ),
        Fault(
            "permission-arrays-refused",
            "An array of several permissions is refused.",
            ("F-4-07", "F-4.1-03"),
            rules=_accept(_single_only),
            seen_in=(Sighting("Janssen", "(2023)"), SIMPLE_ID_SERVER),
        ),
        Fault(
            "permission-needs-scopes",
            "A permission without scopes is refused.",
            ("F-4-08",),
            rules=_accept(_some_scopes),
            seen_in=(SIMPLE_ID_SERVER,),
        ),
        Fault(
            "permission-members-strict",
            "A permission with a member that is not defined is refused.",
            ("F-1.1-04",),
            rules=_accept(_defined_members_only),
        ),
        Fault(
            "unknown-resource-accepted",
            "Unknown resources are passed over.",
            ("F-1.3-10", "F-3-02", "F-4-04", "F-4.1-05", "F-4.3-04"),
            rules=_accept(_unknown_accepted),
        ),
        Fault(
            "first-permission-counts",
            "Only the first permission is checked.",
            (
                "F-4-04",
                "F-4-05",
                "F-4.3-04",
                "F-4.3-05",
                "F-5.1.1-04",
                "G-3.3.4-02",
                "G-3.3.4-06",
                "G-3.3.4-07",
                "G-3.3.4-11",
                "G-3.3.5-01",
            ),
            rules=_accept(_first_counts),
        ),
        Fault(
            "scopes-unchecked",
            "Unregistered scopes are accepted.",
            ("F-1.1-01", "F-4.1-08", "F-4.3-05"),
            rules=_accept(_scopes_unchecked),
        ),
        Fault(
            "scopes-in-any-case",
            "Scopes are compared without regard to case.",
            ("F-1.1-01",),
            rules=_accept(_any_case),
        ),
        Fault(
            "resource-id-optional",
            "A permission without resource_id is accepted.",
            ("F-4.1-04",),
            rules=_accept(_anything),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "resource-scopes-optional",
            "A permission without resource_scopes is accepted.",
            ("F-4.1-06",),
            rules=_accept(_with_default("resource_scopes", [])),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "scopes-as-string",
            "A string is accepted in place of an array of scopes.",
            ("F-4.1-07",),
            rules=_accept(_string_scopes),
        ),
        Fault(
            "empty-array-accepted",
            "A ticket is issued for an empty array.",
            ("F-4.1-03",),
            rules=_accept(_nothing_accepted),
        ),
        Fault(
            "deleted-resource-accepted",
            "Tickets are issued for deleted resources.",
            ("F-3-02",),
            rules=lambda rules: replace(rules, accept_permissions=_remembering()),
        ),
        Fault(
            "no-ticket-at-first",
            "A resource gets no tickets until it was updated.",
            ("F-3-01",),
            rules=_accept(_no_description_no_ticket),
        ),
        Fault(
            "owners-mixed",
            "A ticket may be for resources of two owners.",
            ("F-4-04",),
            rules=_mixed,
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "resource-before-pat",
            "The resource is looked up before the PAT is checked.",
            ("F-4.3-01",),
            wire=answers(PERMISSION, _unauthorized_code),
        ),
    )
