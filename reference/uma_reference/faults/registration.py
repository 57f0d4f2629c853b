"""Faults of the life of a registered resource (FedAuthz 3.2)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from uma_reference.authorization_server.documents import elements_of
from uma_reference.authorization_server.model import Domain, Resource
from uma_reference.authorization_server.store import Store
from uma_reference.faults.fault import Fault
from uma_reference.faults.sightings import JANSSEN, KEYCLOAK, SIMPLE_ID_SERVER, WSO2
from uma_reference.faults.wire import COLLECTION, ITEM, Change, Reply, answers


def _status(place: str, method: str, old: int, new: int) -> Change:
    return answers(place, lambda r: r.with_status(new), method=method, status=old)


def created(change: Change) -> Change:
    """Return a change for the answers to a successful create."""
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


def _wearing_out() -> Change:
    """Return a change by which a description loses its icon from the third read on."""
    reads: Counter[str] = Counter()

    def changed(reply: Reply) -> Reply:
        reads[reply.path] += 1
        return reply.without_member("icon_uri") if reads[reply.path] > 2 else reply

    return _read(changed)


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


def _not_deleted(store: Store, resource: Resource) -> None:
    del store, resource


def _array(reply: Reply) -> Sequence[object]:
    return elements_of(reply.json) or []


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "create-200",
            "Create answers 200 instead of 201.",
            ("F-3.2.1-03",),
            wire=_status(COLLECTION, "POST", 201, 200),
        ),
        Fault(
            "create-without-location",
            "Create answers without a Location header.",
            ("F-3.2.1-04",),
            wire=created(lambda r: r.without_header("location")),
            seen_in=(KEYCLOAK, JANSSEN, SIMPLE_ID_SERVER),
        ),
        Fault(
            "create-without-id",
            "The body of a create response has no _id.",
            ("F-3.2-15", "F-3.2.1-05"),
            wire=created(lambda r: r.without_member("_id")),
        ),
        Fault(
            "location-elsewhere",
            "Location does not lead to the resource.",
            ("F-3.2-13",),
            wire=created(lambda r: r.with_header("location", "/rreg/somewhere-else")),
        ),
        Fault(
            "id-chosen-by-client",
            "An _id in the request is taken over.",
            ("F-3.2-12",),
            wire=created(_chosen),
        ),
        Fault(
            "create-unsupported",
            "Create is not there.",
            ("F-1.4-01", "F-3.2-01", "G-2-01"),
            wire=_unsupported(COLLECTION, "POST"),
        ),
        Fault(
            "create-refused",
            "Resource servers of other operators cannot register.",
            ("F-1.4-01",),
            wire=answers(COLLECTION, _refused, method="POST"),
        ),
        Fault(
            "create-forgets",
            "A created resource is not kept.",
            ("F-3-03", "F-3.2-02", "F-3.2-03", "F-3.2-04", "F-3.2-13", "F-3.2-14", "F-3.2.1-02"),
            wire=answers(ITEM, _moved),
        ),
        Fault(
            "read-unsupported",
            "Read is not there.",
            ("F-3-03", "F-3.2-02", "F-3.2-13", "F-3.2-14", "F-3.2.1-02"),
            wire=_unsupported(ITEM, "GET"),
        ),
        Fault(
            "read-206",
            "Read answers another status than 200.",
            ("F-3.2.2-02",),
            wire=_status(ITEM, "GET", 200, 203),
        ),
        Fault(
            "read-as-text",
            "A description is served as plain text.",
            ("F-3-04",),
            wire=_read(lambda r: r.with_header("content-type", "text/plain")),
        ),
        Fault(
            "read-without-id",
            "A read response has no _id.",
            ("F-3.2-16", "F-3.2.2-04"),
            wire=_read(lambda r: r.without_member("_id")),
        ),
        Fault(
            "read-other-id",
            "A read response has another _id than create gave.",
            ("F-3.2-13", "F-3.2-18"),
            wire=_read(lambda r: r.with_member("_id", "something-else")),
        ),
        Fault(
            "read-loses-type",
            "A registered member does not come back.",
            ("F-3.2.2-03",),
            wire=_read(lambda r: r.without_member("type")),
        ),
        Fault(
            "read-scopes-as-objects",
            "Scopes come back as objects.",
            ("F-3.2.2-03",),
            wire=_read(lambda r: r.with_member("resource_scopes", [{"name": "view"}])),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "read-changes", "Reading changes what is read.", ("F-3.2.2-01",), wire=_wearing_out()
        ),
        Fault(
            "update-unsupported",
            "Update is not there.",
            ("F-3-03", "F-3.2-03", "F-3.2-14", "F-3.2-22"),
            wire=_unsupported(ITEM, "PUT"),
        ),
        Fault(
            "update-204",
            "Update answers 204 without a body.",
            ("F-3.2-17", "F-3.2.3-02", "F-3.2.3-03"),
            wire=_updated(lambda r: r.with_status(204).empty()),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "update-201",
            "Update answers 201.",
            ("F-3.2.3-02",),
            wire=_status(ITEM, "PUT", 200, 201),
            seen_in=(WSO2,),
        ),
        Fault(
            "update-without-id",
            "An update response has no _id.",
            ("F-3.2-17", "F-3.2.3-03"),
            wire=_updated(lambda r: r.without_member("_id")),
        ),
        Fault(
            "update-merges",
            "Members that an update leaves out stay.",
            ("F-3.2.3-01",),
            rules=lambda rules: replace(rules, replace_description=_merge),
        ),
        Fault(
            "delete-unsupported",
            "Delete is not there.",
            ("F-3-03", "F-3.2-04", "F-3.2-14", "F-3.2-23"),
            wire=_unsupported(ITEM, "DELETE"),
        ),
        Fault(
            "delete-refused",
            "Delete is refused to the PAT.",
            ("F-1.3-08", "F-3-03", "F-3.2-23"),
            wire=answers(ITEM, _refused, method="DELETE"),
        ),
        Fault(
            "delete-ignored",
            "Delete answers 204 and does nothing.",
            ("F-3-02", "F-3.2-21", "F-3.2-22", "F-3.2-23", "F-3.2.4-01", "F-4.1-05"),
            rules=lambda rules: replace(rules, delete_resource=_not_deleted),
        ),
        Fault(
            "delete-202",
            "Delete answers 202.",
            ("F-3.2.4-02",),
            wire=_status(ITEM, "DELETE", 204, 202),
        ),
        Fault(
            "list-unsupported",
            "List is not there.",
            ("F-3-03", "F-3.2-05"),
            wire=answers(COLLECTION, _moved, method="GET"),
        ),
        Fault(
            "list-203",
            "A list answers 203.",
            ("F-3.2.5-03",),
            wire=_listed(lambda r: r.with_status(203)),
        ),
        Fault(
            "list-of-objects",
            "A list holds objects instead of identifiers.",
            ("F-3.2.5-01", "F-3.2.5-02"),
            wire=_listed(lambda r: r.with_json([{"_id": item} for item in _array(r)])),
        ),
        Fault(
            "list-paged",
            "A list holds no more than 100 identifiers.",
            ("F-3.2.5-01",),
            rules=lambda rules: replace(rules, listing=_page),
            seen_in=(KEYCLOAK,),
        ),
        Fault(
            "list-of-everybody",
            "A list holds the resources of all owners.",
            ("F-1.3-10", "F-3.2.5-01"),
            rules=lambda rules: replace(rules, listing=_everybody),
            seen_in=(KEYCLOAK, SIMPLE_ID_SERVER),
        ),
        Fault(
            "unknown-read-400",
            "Reading an unknown resource answers 400.",
            ("F-3.2-21",),
            wire=_status(ITEM, "GET", 404, 400),
        ),
        Fault(
            "update-creates",
            "Updating an unknown resource creates it.",
            ("F-3.2-22",),
            wire=answers(ITEM, _upsert, method="PUT", status=404),
        ),
        Fault(
            "unknown-delete-204",
            "Deleting an unknown resource succeeds.",
            ("F-3.2-23",),
            wire=answers(ITEM, lambda r: r.with_status(204).empty(), method="DELETE", status=404),
        ),
        Fault(
            "method-400",
            "An unsupported method answers 400.",
            ("F-3.2-25",),
            wire=answers("/rreg", lambda r: r.with_status(400), status=405),
        ),
        Fault(
            "policy-uri-no-uri",
            "user_access_policy_uri is no URI.",
            ("F-3.2-20",),
            wire=created(lambda r: r.with_member("user_access_policy_uri", "ask the owner")),
        ),
    )
