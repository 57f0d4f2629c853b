"""Whether what an RPT stands for is enough (Grant 3.5, FedAuthz 5.1.1): pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast


@dataclass(frozen=True, slots=True)
class Need:
    """What an operation needs at one moment: a scope of a resource.

    `skew` is how many seconds another clock may be ahead of `now`.
    """

    resource_id: str
    scope: str
    issuer: str
    now: int
    skew: int


def permits(state: Mapping[str, object], need: Need) -> bool:
    """Tell whether an introspection object lets an operation be done.

    One permission has to hold the resource and the scope at this time. What is not of the form
    that the specification gives lets nobody in.
    """
    if state.get("active") is not True or not _timely(state, need):
        return False
    if state.get("iss", need.issuer) != need.issuer:
        return False
    permissions = state.get("permissions")
    if not isinstance(permissions, list):
        return False
    return any(_gives(item, need) for item in cast("list[object]", permissions))


def _gives(permission: object, need: Need) -> bool:
    if not isinstance(permission, dict):
        return False
    members = cast("Mapping[str, object]", permission)
    scopes = members.get("resource_scopes")
    return (
        members.get("resource_id") == need.resource_id
        and isinstance(scopes, list)
        and need.scope in cast("list[object]", scopes)
        and _timely(members, need)
    )


def _timely(members: Mapping[str, object], need: Need) -> bool:
    """Tell whether `exp`, `nbf` and `iat` fit; one that is there has to be a number."""
    times = {name: members.get(name) for name in ("exp", "nbf", "iat") if name in members}
    numbers = {
        name: value
        for name, value in times.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    if len(numbers) != len(times):
        return False
    latest = need.now + need.skew
    begun = all(numbers.get(name, 0) <= latest for name in ("nbf", "iat"))
    return begun and need.now < numbers.get("exp", float("inf"))
