"""Faults of token introspection (FedAuthz 5)."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from uma_reference.faults.fault import Fault
from uma_reference.faults.sightings import KEYCLOAK
from uma_reference.faults.wire import INTROSPECTION, Change, Reply, answers


def _active(change: Change) -> Change:
    def changed(reply: Reply) -> Reply:
        return change(reply) if reply.members.get("active") is True else reply

    return answers(INTROSPECTION, changed, status=200)


def _each(change: Callable[[dict[str, object]], dict[str, object]]) -> Change:
    """Return a change of every permission of an active RPT."""

    def changed(reply: Reply) -> Reply:
        found = cast("Sequence[Mapping[str, object]]", reply.members.get("permissions", []))
        return reply.with_member("permissions", [change(dict(item)) for item in found])

    return _active(changed)


def _set(name: str, value: object) -> Change:
    return _each(lambda item: {**item, name: value})


def _without(name: str) -> Change:
    return _each(lambda item: {key: value for key, value in item.items() if key != name})


def _hinted(reply: Reply) -> Reply:
    """Show permissions only with a hint of the vendor's own."""
    return reply if "requesting_party_token" in reply.form else reply.without_member("permissions")


def _by_hint(reply: Reply) -> Reply:
    return reply.without_member("permissions") if "token_type_hint" in reply.form else reply


def _with_more(permission: dict[str, object]) -> dict[str, object]:
    scopes = cast("list[object]", permission["resource_scopes"])
    return {**permission, "resource_scopes": [*scopes, "shred"]}


def _merged(reply: Reply) -> Reply:
    found = cast("list[object]", reply.members.get("permissions", []))
    return reply.with_member("permissions", found[:1])


def _error_for_unknown(reply: Reply) -> Reply:
    if reply.members.get("active") is False:
        return reply.with_status(400).with_json({"error": "invalid_token"})
    return reply


def _exp_as_string(reply: Reply) -> Reply:
    found = reply.members.get("exp")
    return reply if found is None else reply.with_member("exp", str(found))


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "introspection-400-for-unknown",
            "An unknown token is an error.",
            ("F-5.1.1-01",),
            wire=answers(INTROSPECTION, _error_for_unknown),
        ),
        Fault(
            "introspection-active-as-string",
            "active is a string.",
            ("F-5.1.1-01", "G-3.3.5.1-08"),
            wire=answers(
                INTROSPECTION,
                lambda r: r.with_member("active", str(r.members.get("active")).lower()),
                status=200,
            ),
        ),
        Fault(
            "introspection-exp-as-string",
            "exp of a token is a string.",
            ("F-5.1.1-01",),
            wire=answers(INTROSPECTION, _exp_as_string, status=200),
        ),
        Fault(
            "introspection-as-text",
            "Introspection answers as plain text.",
            ("F-5.1.1-01",),
            wire=answers(
                INTROSPECTION, lambda r: r.with_header("content-type", "text/plain"), status=200
            ),
        ),
        Fault(
            "introspection-with-scope",
            "The answer for an active RPT has a scope member.",
            ("F-5.1.1-02",),
            wire=_active(lambda r: r.with_member("scope", "view")),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "introspection-shows-too-much",
            "Permissions are shown with a scope that was never granted.",
            (
                "F-4-05",
                "F-5.1.1-21",
                "G-3.3.4-02",
                "G-3.3.4-05",
                "G-3.3.4-09",
                "G-3.3.4-12",
                "G-3.3.6-13",
            ),
            wire=_each(_with_more),
        ),
        Fault(
            "introspection-without-permissions",
            "The answer for an active RPT has no permissions.",
            ("F-1.5.1-03", "F-5-06", "F-5.1.1-03"),
            wire=_active(_hinted),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "introspection-by-hint",
            "Permissions are left out when a hint is given.",
            ("F-5.1-02",),
            wire=_active(_by_hint),
        ),
        Fault(
            "permissions-as-object",
            "permissions is an object.",
            ("F-5.1.1-04",),
            wire=_active(lambda r: r.with_member("permissions", {"view": True})),
        ),
        Fault(
            "permissions-merged",
            "Only one of several permissions is shown.",
            (
                "F-4-05",
                "F-5.1.1-04",
                "G-3.3.4-02",
                "G-3.3.4-06",
                "G-3.3.4-07",
                "G-3.3.4-11",
                "G-3.3.5-01",
            ),
            wire=_active(_merged),
        ),
        Fault(
            "permission-names-rsid",
            "A permission has rsid instead of resource_id.",
            ("F-5.1.1-05",),
            wire=_each(lambda i: {"rsid": i.pop("resource_id"), **i}),
        ),
        Fault(
            "permission-id-as-number",
            "resource_id is a number.",
            ("F-5.1.1-06",),
            wire=_set("resource_id", 7),
        ),
        Fault(
            "permission-id-unknown",
            "resource_id was never registered.",
            (
                "F-4-05",
                "F-5.1.1-07",
                "F-5.1.1-21",
                "G-3.3.3-04",
                "G-3.3.4-02",
                "G-3.3.4-05",
                "G-3.3.4-06",
                "G-3.3.4-07",
                "G-3.3.4-09",
                "G-3.3.4-11",
                "G-3.3.4-12",
                "G-3.3.5-01",
                "G-3.3.6-13",
            ),
            wire=_set("resource_id", "never-registered"),
        ),
        Fault(
            "permission-without-scopes",
            "A permission has no resource_scopes.",
            ("F-5.1.1-08",),
            wire=_without("resource_scopes"),
        ),
        Fault(
            "permission-scopes-as-string",
            "resource_scopes is a string.",
            ("F-5.1.1-09",),
            wire=_each(
                lambda i: {
                    **i,
                    "resource_scopes": " ".join(cast("list[str]", i["resource_scopes"])),
                }
            ),
        ),
        Fault(
            "permission-scopes-unregistered",
            "A granted scope was never registered.",
            (
                "F-4-05",
                "F-5.1.1-10",
                "F-5.1.1-21",
                "G-3.3.4-02",
                "G-3.3.4-05",
                "G-3.3.4-09",
                "G-3.3.4-12",
                "G-3.3.6-13",
            ),
            wire=_each(
                lambda i: {
                    **i,
                    "resource_scopes": ["everything", *cast("list[str]", i["resource_scopes"])],
                }
            ),
        ),
        Fault(
            "permission-exp-in-milliseconds",
            "exp of a permission is in milliseconds.",
            ("F-5.1.1-12",),
            wire=_each(lambda i: {**i, "exp": cast("int", i["exp"]) * 1000}),
        ),
        Fault(
            "permission-iat-as-string",
            "iat of a permission is a string.",
            ("F-5.1.1-15",),
            wire=_set("iat", "2026-01-01T00:00:00Z"),
        ),
        Fault(
            "permission-nbf-fractional",
            "nbf of a permission is a fraction.",
            ("F-5.1.1-18",),
            wire=_set("nbf", 1767225600.5),
        ),
    )
