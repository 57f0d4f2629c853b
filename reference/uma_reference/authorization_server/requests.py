"""What waits for the resource owner, and her decisions (`request_submitted`, Grant 3.3.6)."""

from collections.abc import Mapping
from dataclasses import replace

from uma_reference.authorization_server.accounts import Account
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.documents import elements_of, members_of, strings_of
from uma_reference.authorization_server.errors import WireError, invalid_request, not_found
from uma_reference.authorization_server.model import Condition, Permission, Policy
from uma_reference.authorization_server.owner import end_of
from uma_reference.authorization_server.records import (
    AccessRequest,
    Event,
    EventKind,
    Standing,
)


def requests_of(core: Core, owner: Account) -> list[Mapping[str, object]]:
    """Return what was submitted to an owner, the oldest first."""
    return [_document(item) for item in core.store.requests(owner.id)]


def events_of(core: Core, owner: Account) -> list[Mapping[str, object]]:
    """Return what happened to an owner's resources, the newest first."""
    return [
        {
            "at": item.at,
            "kind": str(item.kind),
            "client": item.client,
            "party": item.party,
            "permissions": _permissions(item.permissions),
            "detail": item.detail,
        }
        for item in core.store.events(owner.id)
    ]


def decide(core: Core, owner: Account, request_id: str, value: object) -> Mapping[str, object]:
    """Approve or deny a request.

    An approval is a policy for that requesting party, until `expires_at` or for good; the owner
    sees and withdraws it like every other one. With `permissions` she approves a part of what was
    asked for, and denies the rest.
    """
    found = own_request(core, owner, request_id)
    members = members_of(value, "a decision")
    expires_at = end_of(members)
    permissions = found.permissions
    if "permissions" in members:
        permissions = _part(permissions, members["permissions"])
    if members.get("decision") not in {"approve", "deny"}:
        raise invalid_request("decision has to be approve or deny")
    approved = members["decision"] == "approve"
    now = core.clock.now()
    standing = Standing.APPROVED if approved else Standing.DENIED
    decided = core.store.decide(request_id, standing, now)
    if decided is None:
        raise WireError(409, "decided_already", "this request was decided before")
    if approved:
        for permission in permissions:
            _permit(core, found, permission, expires_at)
    kind = EventKind.OWNER_APPROVED if approved else EventKind.OWNER_DENIED
    told = permissions if approved else found.permissions
    core.store.append(Event(now, kind, owner.id, found.client, found.claims.subject, told))
    return _document(decided)


def own_request(core: Core, owner: Account, request_id: str) -> AccessRequest:
    """Return a request that was submitted to the owner; raise `not_found` for any other."""
    found = core.store.request(request_id)
    if found is None or found.domain.owner != owner.id:
        raise not_found()
    return found


def _part(asked: tuple[Permission, ...], value: object) -> tuple[Permission, ...]:
    """Read which part of what was asked for is approved."""
    elements = elements_of(value)
    if not elements:
        raise invalid_request("permissions have to be an array with at least one of those asked")
    scopes: dict[str, frozenset[str]] = {}
    for element in elements:
        members = members_of(element, "a permission")
        found = frozenset(strings_of(members.get("resource_scopes"), "resource_scopes"))
        scopes[str(members.get("resource_id"))] = found
    part = tuple(
        replace(item, scopes=scopes.pop(item.resource_id))
        for item in asked
        if scopes.get(item.resource_id, frozenset()) & item.scopes == scopes.get(item.resource_id)
    )
    if scopes or not any(item.scopes for item in part):
        raise invalid_request("permissions have to be some of those that were asked for")
    return tuple(item for item in part if item.scopes)


def _permit(core: Core, request: AccessRequest, permission: Permission, expires_at: int) -> None:
    if core.store.resource(permission.resource_id) is None:
        return
    conditions = tuple(
        Condition("sub", frozenset({subject}), issuer)
        for issuer, subject in request.claims.identities
    )
    policy = Policy(
        core.randomness.token(),
        permission.resource_id,
        permission.scopes,
        conditions,
        expires_at=expires_at,
    )
    core.store.add_policy(policy)


def _document(request: AccessRequest) -> Mapping[str, object]:
    return {
        "id": request.id,
        "standing": str(request.standing),
        "resource_server": request.domain.resource_server,
        "client": request.client,
        "party": [{"issuer": iss, "sub": sub} for iss, sub in request.claims.identities],
        "permissions": _permissions(request.permissions),
        "created_at": request.created_at,
        "decided_at": request.decided_at,
    }


def _permissions(permissions: tuple[Permission, ...]) -> list[Mapping[str, object]]:
    return [
        {"resource_id": item.resource_id, "resource_scopes": sorted(item.scopes)}
        for item in permissions
    ]
