"""Faults of the resource registration API (FedAuthz 3.2)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import cast

from uma_reference.authorization_server.descriptions import accept_description
from uma_reference.authorization_server.documents import elements_of, members_of, read_json
from uma_reference.authorization_server.errors import WireError, invalid_request
from uma_reference.authorization_server.model import Domain, Resource
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.store import Store
from uma_reference.faults.fault import Fault
from uma_reference.faults.wire import COLLECTION, ITEM, Change, Reply, answers


def _status(place: str, method: str, old: int, new: int) -> Change:
    return answers(place, lambda r: r.with_status(new), method=method, status=old)


def _created(change: Change) -> Change:
    return answers(COLLECTION, change, method="POST", status=201)


def _read(change: Change) -> Change:
    return answers(ITEM, change, method="GET", status=200)


def _updated(change: Change) -> Change:
    return answers(ITEM, change, method="PUT", status=200)


def _listed(change: Change) -> Change:
    return answers(COLLECTION, change, method="GET", status=200)


def _unsupported(place: str, method: str) -> Change:
    return answers(place, lambda r: r.with_status(405).with_json({}), method=method)


def _refused(reply: Reply) -> Reply:
    return reply.with_status(403).with_json({"error": "access_denied"})


def _chosen(reply: Reply) -> Reply:
    chosen = "chosen-by-the-resource-server"
    if chosen in reply.form:
        return reply.with_member("_id", chosen).with_header("location", f"/rreg/{chosen}")
    return reply


def _upsert(reply: Reply) -> Reply:
    return reply.with_status(200).with_json({"_id": reply.path.rpartition("/")[2]})


def _counting() -> Change:
    numbers = count()
    return _read(lambda r: r.with_member("reads", next(numbers)))


def _moved(reply: Reply) -> Reply:
    return reply.with_status(404).with_json({"error": "not_found"})


def _merge(old: Mapping[str, object], new: Mapping[str, object]) -> Mapping[str, object]:
    return {**old, **new}


def _everybody(store: Store, domain: Domain) -> Sequence[Resource]:
    servers = ("rs", "other-rs")
    owners = {domain.owner, "alice", "dana"}
    return [
        r for owner in sorted(owners) for rs in servers for r in store.resources(Domain(owner, rs))
    ]


def _page(store: Store, domain: Domain) -> Sequence[Resource]:
    return store.resources(domain)[:100]


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


def _translated(members: Mapping[str, object]) -> bool:
    return any("#" in name for name in members)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "create-200",
            "Create answers 200 instead of 201.",
            (),
            wire=_status(COLLECTION, "POST", 201, 200),
        ),
        Fault(
            "create-without-location",
            "Create answers without a Location header.",
            (),
            wire=_created(lambda r: r.without_header("location")),
            seen_in=("Keycloak", "Janssen", "SimpleIdServer"),
        ),
        Fault(
            "create-without-id",
            "The body of a create response has no _id.",
            (),
            wire=_created(lambda r: r.without_member("_id")),
        ),
        Fault(
            "location-elsewhere",
            "Location does not lead to the resource.",
            (),
            wire=_created(lambda r: r.with_header("location", "/rreg/somewhere-else")),
        ),
        Fault(
            "id-chosen-by-client",
            "An _id in the request is taken over.",
            (),
            wire=_created(_chosen),
        ),
        Fault(
            "create-unsupported", "Create is not there.", (), wire=_unsupported(COLLECTION, "POST")
        ),
        Fault(
            "create-refused",
            "Resource servers of other operators cannot register.",
            (),
            wire=answers(COLLECTION, _refused, method="POST"),
        ),
        Fault("create-forgets", "A created resource is not kept.", (), wire=answers(ITEM, _moved)),
        Fault("read-unsupported", "Read is not there.", (), wire=_unsupported(ITEM, "GET")),
        Fault(
            "read-206",
            "Read answers another status than 200.",
            (),
            wire=_status(ITEM, "GET", 200, 203),
        ),
        Fault(
            "read-as-text",
            "A description is served as plain text.",
            (),
            wire=_read(lambda r: r.with_header("content-type", "text/plain")),
        ),
        Fault(
            "read-without-id",
            "A read response has no _id.",
            (),
            wire=_read(lambda r: r.without_member("_id")),
        ),
        Fault(
            "read-other-id",
            "A read response has another _id than create gave.",
            (),
            wire=_read(lambda r: r.with_member("_id", "something-else")),
        ),
        Fault(
            "read-loses-type",
            "A registered member does not come back.",
            (),
            wire=_read(lambda r: r.without_member("type")),
        ),
        Fault(
            "read-scopes-as-objects",
            "Scopes come back as objects.",
            (),
            wire=_read(lambda r: r.with_member("resource_scopes", [{"name": "view"}])),
            seen_in=("Keycloak",),
        ),
        Fault("read-changes", "Reading changes what is read.", (), wire=_counting()),
        Fault("update-unsupported", "Update is not there.", (), wire=_unsupported(ITEM, "PUT")),
        Fault(
            "update-204",
            "Update answers 204 without a body.",
            (),
            wire=_updated(lambda r: r.with_status(204).empty()),
            seen_in=("Keycloak",),
        ),
        Fault(
            "update-201",
            "Update answers 201.",
            (),
            wire=_status(ITEM, "PUT", 200, 201),
            seen_in=("WSO2 Identity Server",),
        ),
        Fault(
            "update-without-id",
            "An update response has no _id.",
            (),
            wire=_updated(lambda r: r.without_member("_id")),
        ),
        Fault(
            "update-merges",
            "Members that an update leaves out stay.",
            (),
            rules=lambda rules: replace(rules, replace_description=_merge),
        ),
        Fault("delete-unsupported", "Delete is not there.", (), wire=_unsupported(ITEM, "DELETE")),
        Fault(
            "delete-refused",
            "Delete is refused to the PAT.",
            (),
            wire=answers(ITEM, _refused, method="DELETE"),
        ),
        Fault("delete-202", "Delete answers 202.", (), wire=_status(ITEM, "DELETE", 204, 202)),
        Fault(
            "list-unsupported",
            "List is not there.",
            (),
            wire=answers(COLLECTION, _moved, method="GET"),
        ),
        Fault(
            "list-of-objects",
            "A list holds objects instead of identifiers.",
            (),
            wire=_listed(lambda r: r.with_json([{"_id": item} for item in _array(r)])),
        ),
        Fault(
            "list-paged",
            "A list holds no more than 100 identifiers.",
            (),
            rules=lambda rules: replace(rules, listing=_page),
            seen_in=("Keycloak",),
        ),
        Fault(
            "list-of-everybody",
            "A list holds the resources of all owners.",
            (),
            rules=lambda rules: replace(rules, listing=_everybody),
            seen_in=("Keycloak", "SimpleIdServer"),
        ),
        Fault(
            "unknown-read-400",
            "Reading an unknown resource answers 400.",
            (),
            wire=_status(ITEM, "GET", 404, 400),
        ),
        Fault(
            "update-creates",
            "Updating an unknown resource creates it.",
            (),
            wire=answers(ITEM, _upsert, method="PUT", status=404),
        ),
        Fault(
            "unknown-delete-204",
            "Deleting an unknown resource succeeds.",
            (),
            wire=answers(ITEM, lambda r: r.with_status(204).empty(), method="DELETE", status=404),
        ),
        Fault(
            "method-400",
            "An unsupported method answers 400.",
            (),
            wire=answers("/rreg", lambda r: r.with_status(400), status=405),
        ),
        Fault(
            "scopes-optional",
            "A description without resource_scopes is accepted.",
            (),
            rules=_accepting(_scopes_optional),
            seen_in=("Keycloak",),
        ),
        Fault(
            "scopes-of-any-type",
            "resource_scopes of a wrong type is accepted.",
            (),
            rules=_accepting(_scopes_anyhow),
        ),
        Fault(
            "name-of-any-type",
            "A name of a wrong type is accepted.",
            (),
            rules=_accepting(_name_anyhow),
        ),
        Fault(
            "members-in-any-case",
            "Member names are read without regard to case.",
            (),
            rules=_accepting(_any_case),
        ),
        Fault(
            "icon-of-any-type",
            "An icon_uri of a wrong type is accepted.",
            (),
            rules=_accepting(_text_anyhow("icon_uri")),
        ),
        Fault(
            "type-of-any-type",
            "A type of a wrong type is accepted.",
            (),
            rules=_accepting(_text_anyhow("type")),
        ),
        Fault(
            "malformed-accepted",
            "A body that is no JSON is taken for an empty description.",
            (),
            rules=lambda rules: replace(rules, read_json=_tolerant),
        ),
        Fault(
            "malformed-422",
            "A body that is no object answers 422.",
            (),
            rules=lambda rules: replace(rules, accept_description=_objects_only),
        ),
        Fault(
            "description-refused",
            "A description with the member description is refused.",
            (),
            rules=_refusing(lambda m: "description" in m),
            seen_in=("Keycloak",),
        ),
        Fault(
            "name-required",
            "A description without a name is refused.",
            (),
            rules=_refusing(lambda m: "name" not in m),
            seen_in=("Keycloak",),
        ),
        Fault(
            "icon-refused",
            "A description with icon_uri is refused.",
            (),
            rules=_refusing(lambda m: "lab.png" in str(m.get("icon_uri"))),
        ),
        Fault(
            "type-refused",
            "A description with a type for laboratories is refused.",
            (),
            rules=_refusing(lambda m: m.get("type") == "https://types.example/lab"),
        ),
        Fault(
            "plain-type-refused",
            "A type that is no URI is refused.",
            (),
            rules=_refusing(lambda m: "type" in m and ":" not in str(m["type"])),
        ),
        Fault(
            "uri-scopes-refused",
            "A scope that is a URI is refused.",
            (),
            rules=_refusing(lambda m: _has_uri_scope(m, "://")),
        ),
        Fault(
            "scope-uris-resolved",
            "A scope URI that does not resolve is refused.",
            (),
            rules=_refusing(lambda m: _has_uri_scope(m, ":9/")),
        ),
        Fault(
            "translations-refused",
            "Language-tagged members are refused.",
            (),
            rules=_refusing(_translated),
        ),
    )


def _array(reply: Reply) -> Sequence[object]:
    return elements_of(reply.json) or []
