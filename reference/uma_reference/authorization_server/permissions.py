"""Permission requests: what a resource server may ask a ticket for (FedAuthz 4)."""

from collections.abc import Callable, Sequence
from typing import cast

from uma_reference.authorization_server.documents import members_of, strings_of
from uma_reference.authorization_server.errors import (
    invalid_request,
    invalid_resource_id,
    invalid_scope,
)
from uma_reference.authorization_server.model import Permission, Resource


def accept_permissions(
    value: object, find: Callable[[str], Resource | None]
) -> tuple[Permission, ...]:
    """Return the permissions asked for; one bad one refuses them all (FedAuthz 4.1, 4.3).

    `find` looks up a resource of the owner and resource server that the PAT stands for.
    """
    wanted = cast("Sequence[object]", value) if isinstance(value, list) else [value]
    if not wanted:
        raise invalid_request("at least one permission has to be requested")
    return _merged([_permission(item, find) for item in wanted])


def _permission(value: object, find: Callable[[str], Resource | None]) -> Permission:
    members = members_of(value, "a permission request")
    resource_id = members.get("resource_id")
    if not isinstance(resource_id, str):
        raise invalid_request("resource_id is missing or no string")
    if "resource_scopes" not in members:
        raise invalid_request("resource_scopes is missing")
    scopes = frozenset(strings_of(members["resource_scopes"], "resource_scopes"))
    resource = find(resource_id)
    if resource is None:
        raise invalid_resource_id()
    if scopes - resource.scopes:
        raise invalid_scope("a scope is not registered for its resource")
    return Permission(resource_id, scopes)


def _merged(permissions: Sequence[Permission]) -> tuple[Permission, ...]:
    scopes: dict[str, frozenset[str]] = {}
    for item in permissions:
        scopes[item.resource_id] = scopes.get(item.resource_id, frozenset()) | item.scopes
    return tuple(Permission(resource_id, found) for resource_id, found in scopes.items())
