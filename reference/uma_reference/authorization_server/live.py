"""What granted permissions are still worth: they end by time, and with their policies."""

from collections.abc import Callable, Iterable, Sequence

from uma_reference.authorization_server.model import Permission, Policy

PoliciesOf = Callable[[str], Sequence[Policy]]


def live(
    permissions: Iterable[Permission], policies_of: PoliciesOf | None, now: int
) -> tuple[Permission, ...]:
    """Return what is left of permissions (Grant 6.1, FedAuthz 5.1.1).

    With `policies_of`, a scope stays as long as a policy behind it is there and gives it.
    """
    found: list[Permission] = []
    for item in permissions:
        if item.expires_at and item.expires_at <= now:
            continue
        if policies_of is None or not item.policies:
            found.append(item)
            continue
        behind = [
            policy
            for policy in policies_of(item.resource_id)
            if policy.id in item.policies and policy.operative(now)
        ]
        given = frozenset(scope for policy in behind for scope in policy.scopes)
        kept = item.scopes & given
        if behind and (kept or not item.scopes):
            found.append(Permission(item.resource_id, kept, item.expires_at, item.policies))
    return tuple(found)


def united(old: Iterable[Permission], new: Iterable[Permission]) -> tuple[Permission, ...]:
    """Return the permissions of an upgraded RPT, one for each resource (Grant 3.3.5.1).

    Where both have a resource, the union ends with the first of the two, unless the new permission
    holds all of the old one.
    """
    found = {item.resource_id: item for item in old}
    for item in new:
        before = found.get(item.resource_id)
        if before is None or before.scopes <= item.scopes:
            found[item.resource_id] = item
            continue
        ends = [end for end in (before.expires_at, item.expires_at) if end]
        found[item.resource_id] = Permission(
            item.resource_id,
            before.scopes | item.scopes,
            min(ends, default=0),
            before.policies | item.policies,
        )
    return tuple(found.values())


def narrowed(permissions: Iterable[Permission], scopes: frozenset[str]) -> tuple[Permission, ...]:
    """Return permissions limited to some scopes, without those that lose all (Grant 3.6)."""
    limited = [
        Permission(item.resource_id, item.scopes & scopes, item.expires_at, item.policies)
        for item in permissions
    ]
    return tuple(item for item in limited if item.scopes)
