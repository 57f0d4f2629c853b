"""Faults in what descriptions of resources are accepted (FedAuthz 3.1, 3.2)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from uma_reference.authorization_server.descriptions import accept_description
from uma_reference.authorization_server.documents import elements_of, members_of, read_json
from uma_reference.authorization_server.errors import WireError, invalid_request
from uma_reference.authorization_server.rules import Rules
from uma_reference.faults.fault import Fault
from uma_reference.faults.registration import created
from uma_reference.faults.sightings import KEYCLOAK
from uma_reference.faults.wire import Change, Reply


def _accepting(repair: Callable[[dict[str, object]], None]) -> Callable[[Rules], Rules]:
    """Return a change by which broken descriptions are repaired instead of refused."""

    def accept(value: object) -> Mapping[str, object]:
        members = dict(members_of(value, "a resource description"))
        repair(members)
        return accept_description(members)

    return lambda rules: replace(rules, accept_description=accept)


def _refusing(test: Callable[[Mapping[str, object]], bool]) -> Callable[[Rules], Rules]:
    """Return a change by which descriptions that are right are refused."""

    def accept(value: object) -> Mapping[str, object]:
        accepted = accept_description(value)
        if test(accepted):
            raise invalid_request("this server does not take that")
        return accepted

    return lambda rules: replace(rules, accept_description=accept)


def _scopes_anyhow(members: dict[str, object]) -> None:
    scopes = elements_of(members.get("resource_scopes", []))
    if scopes is None or not all(isinstance(item, str) for item in scopes):
        members["resource_scopes"] = ["view", "edit"]


def _name_anyhow(members: dict[str, object]) -> None:
    if not isinstance(members.get("name", ""), str):
        del members["name"]


def _scopes_optional(members: dict[str, object]) -> None:
    members.setdefault("resource_scopes", [])


def _any_case(members: dict[str, object]) -> None:
    for name in list(members):
        members[name.lower()] = members.pop(name)


def _text_anyhow(name: str) -> Callable[[dict[str, object]], None]:
    def repair(members: dict[str, object]) -> None:
        if name in members:
            members[name] = str(members[name])

    return repair


def _tolerant(body: bytes) -> object:
    try:
        return read_json(body)
    except WireError:
        return {"resource_scopes": ["view"]}


def _objects_only(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise WireError(422, "invalid_request", "unprocessable")
    return accept_description(members_of(cast("object", value), "the body"))


def _has_uri_scope(members: Mapping[str, object], marker: str) -> bool:
    return marker in str(members.get("resource_scopes"))


def _name_in(reply: Reply) -> str:
    try:
        return str(members_of(read_json(reply.form.encode()), "the body").get("name", ""))
    except WireError:
        return ""


def _each_name_once() -> Change:
    seen: set[str] = set()

    def changed(reply: Reply) -> Reply:
        name = _name_in(reply)
        if name in seen:
            return reply.with_status(409).with_json({"error": "invalid_request"})
        seen.update({name} - {""})
        return reply

    return created(changed)


def _merging_twins() -> Change:
    seen: dict[str, object] = {}

    def changed(reply: Reply) -> Reply:
        name = _name_in(reply)
        first = seen.setdefault(name, reply.members["_id"]) if name else reply.members["_id"]
        return reply.with_member("_id", first).with_header("location", f"/rreg/{first}")

    return created(changed)


def _translated(members: Mapping[str, object]) -> bool:
    return any("#" in name for name in members)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "scopes-optional",
            "A description without resource_scopes is accepted.",
            ("F-1.1-01", "F-3.1-01", "F-3.2-27"),
            rules=_accepting(_scopes_optional),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "scopes-of-any-type",
            "resource_scopes of a wrong type is accepted.",
            ("F-3.1-02", "F-3.2-28"),
            rules=_accepting(_scopes_anyhow),
        ),
        Fault(
            "name-of-any-type",
            "A name of a wrong type is accepted.",
            ("F-3.2-28",),
            rules=_accepting(_name_anyhow),
        ),
        Fault(
            "members-in-any-case",
            "Member names are read without regard to case.",
            ("F-1.1-01",),
            rules=_accepting(_any_case),
        ),
        Fault(
            "icon-of-any-type",
            "An icon_uri of a wrong type is accepted.",
            ("F-3.1-08",),
            rules=_accepting(_text_anyhow("icon_uri")),
        ),
        Fault(
            "description-of-any-type",
            "A description of any type is accepted.",
            ("F-3.1-17",),
            rules=_accepting(_text_anyhow("description")),
        ),
        Fault(
            "type-of-any-type",
            "A type of a wrong type is accepted.",
            ("F-3.1-15",),
            rules=_accepting(_text_anyhow("type")),
        ),
        Fault(
            "malformed-accepted",
            "A body that is no JSON is taken for an empty description.",
            ("F-3.2-29", "F-3.2-30"),
            rules=lambda rules: replace(rules, read_json=_tolerant),
        ),
        Fault(
            "malformed-422",
            "A body that is no object answers 422.",
            ("F-3.2-30",),
            rules=lambda rules: replace(rules, accept_description=_objects_only),
        ),
        Fault(
            "description-refused",
            "A description with the member description is refused.",
            ("F-3.1-04",),
            rules=_refusing(lambda m: "description" in m),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "name-required",
            "A description without a name is refused.",
            ("F-3.1-10",),
            rules=_refusing(lambda m: "name" not in m),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "icon-refused",
            "A description with icon_uri is refused.",
            ("F-3.1-07",),
            rules=_refusing(lambda m: "lab.png" in str(m.get("icon_uri"))),
        ),
        Fault(
            "type-refused",
            "A description with a type for laboratories is refused.",
            ("F-3.1-14", "F-3.1-15"),
            rules=_refusing(lambda m: m.get("type") == "https://types.example/lab"),
        ),
        Fault(
            "plain-type-refused",
            "A type that is no URI is refused.",
            ("F-3.1-15",),
            rules=_refusing(lambda m: "type" in m and ":" not in str(m["type"])),
        ),
        Fault(
            "uri-scopes-refused",
            "A scope that is a URI is refused.",
            ("F-3.1-03", "F-3.1.1-02"),
            rules=_refusing(lambda m: _has_uri_scope(m, "://")),
        ),
        Fault(
            "scope-uris-resolved",
            "A scope URI that does not resolve is refused.",
            ("F-3.1.1-02",),
            rules=_refusing(lambda m: _has_uri_scope(m, ":9/")),
        ),
        Fault(
            "unknown-members-refused",
            "A description with a member that is not defined is refused.",
            ("F-1.1-02", "F-1.1-04"),
            rules=_refusing(lambda members: any(name.startswith("x_") for name in members)),
        ),
        Fault(
            "odd-scopes-refused",
            "Scopes with a question mark are refused.",
            ("F-1.4-02",),
            rules=_refusing(lambda members: "?" in str(members.get("resource_scopes"))),
        ),
        Fault(
            "name-is-a-key",
            "A second resource with the same name is refused.",
            ("F-3.1-12", "F-3.2.1-01"),
            wire=_each_name_once(),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "twins-merged",
            "A second, equal description gives the first resource again.",
            ("F-3.2.1-01",),
            wire=_merging_twins(),
        ),
        Fault(
            "translations-refused",
            "Language-tagged members are refused.",
            ("F-3.1-06", "F-3.1-13"),
            rules=_refusing(_translated),
        ),
    )
