"""The life of a registered resource (FedAuthz 3.2)."""

from uma_conformance.checks import check
from uma_conformance.jsonvalue import array_of, object_of, strings_of
from uma_conformance.judge import Judge
from uma_conformance.probes import registration
from uma_conformance.probes.scene import AS_PUBLISHED
from uma_conformance.trace import Exchange

_UNSUPPORTED = frozenset({404, 405, 501})


def _created(judge: Judge) -> Exchange:
    """Return the create exchange that took place where the target has its collection."""
    again = f"create{AS_PUBLISHED}"
    return judge.exchange(again if judge.has(again) else "create")


@check("F-3.2.1-03", probe=registration.lifecycle)
def test_create_answers_201(judge: Judge) -> None:
    """A successful create has status 201."""
    created = _created(judge)
    judge.control(created.succeeded, f"create was refused: {created.outline}", created)
    seen = f"create answered status {created.status}, 201 expected"
    judge.require("F-3.2.1-03", created.status == 201, seen, created)


@check("F-3.2.1-04", probe=registration.lifecycle)
def test_create_has_a_location(judge: Judge) -> None:
    """A create response has a Location header."""
    created = _created(judge)
    judge.control(created.succeeded, f"create was refused: {created.outline}", created)
    there = any(created.headers("location"))
    judge.require("F-3.2.1-04", there, "create answered without a Location header", created)


@check("F-3.2.1-05", "F-3.2-15", probe=registration.lifecycle)
def test_create_has_an_identifier(judge: Judge) -> None:
    """A create response has `_id` in its body."""
    created = _created(judge)
    judge.control(created.succeeded, f"create was refused: {created.outline}", created)
    for row in ("F-3.2.1-05", "F-3.2-15"):
        there = "_id" in created.members
        judge.require(row, there, "the body of the create response has no _id", created)


def _shows_description(judge: Judge, read: Exchange) -> None:
    there = bool(read.members) or not read.succeeded
    judge.control(there, "a read shows no description at all", read)


@check("F-3.2-13", probe=registration.lifecycle)
def test_location_leads_to_the_resource(judge: Judge) -> None:
    """The URL in Location holds the identifier and can be read."""
    created = _created(judge)
    judge.control(created.succeeded, f"create was refused: {created.outline}", created)
    if not any(created.headers("location")):
        judge.inapplicable("F-3.2-13", "there is no Location; F-3.2.1-04 judges that")
        return
    resource, location = judge.text("resource"), judge.text("location")
    judge.require(
        "F-3.2-13",
        resource in location,
        f"the identifier {resource!r} is no part of Location {location!r}",
        created,
    )
    if judge.has("read by location"):
        read = judge.exchange("read by location")
        _shows_description(judge, read)
        same = read.succeeded and read.members.get("_id", resource) == resource
        judge.require("F-3.2-13", same, f"GET on Location answered {read.outline}", read)
    else:
        judge.remark("F-3.2-13", "Location leads to another host; it was not followed", created)


@check("F-3.2-18", probe=registration.lifecycle)
def test_identifier_is_the_same_everywhere(judge: Judge) -> None:
    """`_id` is a string and stays the same over create, read and update."""
    resource, read = judge.text("resource"), judge.exchange("read")
    _shows_description(judge, read)
    for exchange in (_created(judge), read, judge.exchange("update")):
        value = exchange.members.get("_id", resource)
        judge.require(
            "F-3.2-18",
            value == resource,
            f"_id is {value!r} in the answer to {exchange.label}, {resource!r} expected",
            exchange,
        )


@check("F-3.2-12", probe=registration.twins)
def test_server_assigns_identifiers(judge: Judge) -> None:
    """The server chooses the identifier, whatever the request says."""
    two = judge.exchange("two")
    if not two.succeeded:
        chosen = False
        judge.remark("F-3.2-12", f"a second, equal description was refused: {two.outline}", two)
    else:
        chosen = judge.text("two") == "chosen-by-the-resource-server"
    judge.require("F-3.2-12", not chosen, "the identifier in the request was taken over", two)


@check("F-3.2.1-01", probe=registration.twins)
def test_create_adds_a_description(judge: Judge) -> None:
    """Two creates with the same description make two resources."""
    one, two = judge.exchange("one"), judge.exchange("two")
    judge.control(one.succeeded, f"create was refused: {one.outline}", one)
    judge.require(
        "F-3.2.1-01",
        two.succeeded and judge.text("one") != judge.text("two"),
        f"a second, equal description did not become a second resource: {two.outline}",
        one,
        two,
    )


@check("F-3.2-01", "F-3.2-02", "F-3.2-03", "F-3.2-04", "F-3.2-05", probe=registration.lifecycle)
def test_operations_are_supported(judge: Judge) -> None:
    """Create, read, update, delete and list are there."""
    created = _created(judge)
    for row, label in (
        ("F-3.2-01", created.label),
        ("F-3.2-02", "read"),
        ("F-3.2-03", "update"),
        ("F-3.2-04", "delete"),
        ("F-3.2-05", "list"),
    ):
        exchange = judge.exchange(label)
        there = exchange.status not in _UNSUPPORTED
        seen = f"{exchange.label} is not supported: {exchange.outline}"
        judge.require(row, there, seen, exchange)
    if created.label.endswith(AS_PUBLISHED):
        judge.remark("F-3.2-01", "the collection has no slash at its end", created)


@check("F-3-03", probe=registration.lifecycle)
def test_all_five_operations_work(judge: Judge) -> None:
    """All five operations succeed on a resource that is there."""
    exchanges = [_created(judge)]
    exchanges += [judge.exchange(label) for label in ("read", "update", "delete", "list")]
    for exchange in exchanges:
        seen = f"{exchange.label} failed: {exchange.outline}"
        judge.require("F-3-03", exchange.succeeded, seen, exchange)


@check("F-3.2-14", probe=registration.lifecycle)
def test_items_live_below_the_endpoint(judge: Judge) -> None:
    """Read, update and delete work at the endpoint followed by the identifier."""
    for label in ("read", "update", "delete"):
        exchange = judge.exchange(label)
        found = exchange.status not in {404, 405}
        seen = f"{label} at {exchange.request.url} answered {exchange.outline}"
        judge.require("F-3.2-14", found, seen, exchange)


@check("F-3-04", "F-3.2.2-02", probe=registration.lifecycle)
def test_read_answers_with_json(judge: Judge) -> None:
    """A successful read has status 200 and a JSON object."""
    read = judge.exchange("read")
    judge.control(read.succeeded, f"read was refused: {read.outline}", read)
    judge.require(
        "F-3.2.2-02",
        read.status == 200,
        f"read answered status {read.status}, 200 expected",
        read,
    )
    is_json = read.media_type == "application/json" and bool(read.members)
    seen = f"the description came as {read.media_type or 'no media type'}, no JSON object in it"
    judge.require("F-3-04", is_json, seen, read)


@check("F-3.2-16", "F-3.2.2-04", probe=registration.lifecycle)
def test_read_has_an_identifier(judge: Judge) -> None:
    """A read response has `_id`."""
    read = judge.exchange("read")
    judge.control(read.succeeded, f"read was refused: {read.outline}", read)
    for row in ("F-3.2-16", "F-3.2.2-04"):
        judge.require(row, "_id" in read.members, "the read response has no _id", read)


@check("F-3.2.2-03", probe=registration.lifecycle)
def test_read_gives_the_description_back(judge: Judge) -> None:
    """A read response holds everything that was registered."""
    read = judge.exchange("read")
    judge.control(read.succeeded, f"read was refused: {read.outline}", read)
    _require_description(judge, "F-3.2.2-03", read, "registered")


def _require_description(judge: Judge, row: str, read: Exchange, fact: str) -> None:
    for name, expected in object_of(judge.fact(fact)).items():
        value = read.members.get(name)
        if name == "resource_scopes":
            strings = strings_of(value)
            same = len(strings) == len(array_of(value)) and set(strings) == set(
                strings_of(expected)
            )
        else:
            same = value == expected
        judge.require(row, same, f"{name} was registered, but did not come back as it was", read)


@check("F-3.2.2-01", probe=registration.lifecycle)
def test_reading_changes_nothing(judge: Judge) -> None:
    """Two reads give the same."""
    one, two = judge.exchange("read"), judge.exchange("read again")
    judge.control(one.succeeded, f"read was refused: {one.outline}", one)
    # Members beside the description, such as a time of access, may differ.
    same = all(
        two.members.get(name) == one.members.get(name)
        for name in ("_id", *object_of(judge.fact("registered")))
    )
    seen = f"a second read answered {two.outline} with another description"
    judge.require("F-3.2.2-01", same, seen, one, two)


@check("F-3.2.3-02", probe=registration.lifecycle)
def test_update_answers_200(judge: Judge) -> None:
    """A successful update has status 200."""
    update = judge.exchange("update")
    judge.control(update.succeeded, f"update was refused: {update.outline}", update)
    seen = f"update answered status {update.status}, 200 expected"
    judge.require("F-3.2.3-02", update.status == 200, seen, update)


@check("F-3.2.3-03", "F-3.2-17", probe=registration.lifecycle)
def test_update_has_an_identifier(judge: Judge) -> None:
    """An update response has `_id`."""
    update = judge.exchange("update")
    judge.control(update.succeeded, f"update was refused: {update.outline}", update)
    for row in ("F-3.2.3-03", "F-3.2-17"):
        judge.require(row, "_id" in update.members, "the update response has no _id", update)


@check("F-3.2.3-01", probe=registration.lifecycle)
def test_update_replaces_everything(judge: Judge) -> None:
    """After an update only the new description is left, and the new scopes count."""
    update, read = judge.exchange("update"), judge.exchange("read after update")
    judge.control(update.succeeded, f"update was refused: {update.outline}", update)
    judge.control(read.succeeded, f"read after update was refused: {read.outline}", read)
    _shows_description(judge, read)
    row = "F-3.2.3-01"
    for name in registration.BEFORE:
        # An AS may show an empty member for one that is not there.
        gone = not read.members.get(name)
        judge.require(row, gone, f"{name} was left out of the update and is still there", read)
    expected = set(strings_of(object_of(judge.fact("updated"))["resource_scopes"]))
    scopes = set(strings_of(read.members.get("resource_scopes")))
    if scopes:
        seen = f"the scopes after the update are {sorted(scopes)}, not {sorted(expected)}"
        judge.require(row, scopes == expected, seen, read)
    # Tickets tell only where the server looks at their scopes at all (F-4.3-05).
    if not judge.exchange("ticket for an unknown scope").succeeded:
        dropped = judge.exchange("ticket for a dropped scope")
        seen = f"a ticket for a scope that was dropped: {dropped.outline}"
        judge.require(row, not dropped.succeeded, seen, dropped)
    if _ticket(judge).succeeded:
        new = _ticket(judge, "ticket for a new scope")
        seen = f"no ticket for a scope that was added: {new.outline}"
        judge.require(row, new.succeeded, seen, new)


@check("F-3.2.4-02", probe=registration.lifecycle)
def test_delete_answers_200_or_204(judge: Judge) -> None:
    """A successful delete has status 200 or 204."""
    delete = judge.exchange("delete")
    judge.control(delete.succeeded, f"delete was refused: {delete.outline}", delete)
    seen = f"delete answered status {delete.status}, 200 or 204 expected"
    judge.require("F-3.2.4-02", delete.status in {200, 204}, seen, delete)


@check("F-3.2.4-01", "F-3-02", probe=registration.lifecycle)
def test_delete_ends_protection(judge: Judge) -> None:
    """A deleted resource cannot be read, listed or asked a ticket for."""
    delete = judge.exchange("delete")
    judge.control(delete.succeeded, f"delete was refused: {delete.outline}", delete)
    read, listed = judge.exchange("read after delete"), judge.exchange("list after delete")
    ticket = judge.exchange("ticket after delete")
    row = "F-3.2.4-01"
    judge.require(row, not read.succeeded, "a deleted resource can still be read", read)
    still = judge.text("resource") in strings_of(listed.json)
    judge.require(row, not still, "a deleted resource is still listed", listed)
    seen = "a ticket was issued for a deleted resource"
    judge.require("F-3-02", not ticket.succeeded, seen, ticket)


@check("F-3-01", probe=registration.lifecycle)
def test_registration_starts_protection(judge: Judge) -> None:
    """Directly after its registration a ticket can be had for a resource."""
    created = _created(judge)
    judge.control(created.succeeded, f"create was refused: {created.outline}", created)
    ticket = _ticket(judge)
    seen = f"no ticket directly after registration: {ticket.outline}"
    judge.require("F-3-01", ticket.succeeded, seen, ticket)


def _ticket(judge: Judge, label: str = "ticket") -> Exchange:
    """Return a ticket request; it may have been repeated as an array, for servers that want one."""
    repeated = f"{label}-as-array"
    return judge.exchange(repeated if judge.has(repeated) else label)


@check("F-3.2.1-02", probe=registration.lifecycle)
def test_create_registers(judge: Judge) -> None:
    """A created resource can be read and is listed."""
    created, read = _created(judge), judge.exchange("read")
    listed = judge.exchange("list")
    judge.control(created.succeeded, f"create was refused: {created.outline}", created)
    row = "F-3.2.1-02"
    seen = f"a resource that was just created cannot be read: {read.outline}"
    judge.require(row, read.succeeded, seen, read)
    judge.control(listed.succeeded, f"the list was refused: {listed.outline}", listed)
    elements = array_of(listed.json)
    if len(strings_of(listed.json)) == len(elements) and len(elements) < _PAGE:
        there = judge.text("resource") in elements
        judge.require(row, there, "a resource that was just created is not listed", listed)


# A list of this length may be a page of a longer one, which F-3.2.5-01 judges.
_PAGE = 100


@check("F-3.2.5-02", "F-3.2.5-03", probe=registration.lifecycle)
def test_list_is_an_array_of_identifiers(judge: Judge) -> None:
    """A list is a JSON array of strings, with status 200."""
    listed = judge.exchange("list")
    judge.control(listed.succeeded, f"the list was refused: {listed.outline}", listed)
    is_array = isinstance(listed.json, list)
    strings = is_array and len(strings_of(listed.json)) == len(array_of(listed.json))
    judge.require("F-3.2.5-02", strings, "the list is no JSON array of strings", listed)
    seen = f"the list came with status {listed.status}, 200 expected"
    judge.require("F-3.2.5-03", listed.status == 200, seen, listed)


@check("F-3.2.5-01", probe=registration.many)
def test_list_is_complete(judge: Judge) -> None:
    """A list holds all identifiers of the owner, however many there are."""
    listed = judge.exchange("list")
    judge.control(listed.succeeded, f"the list was refused: {listed.outline}", listed)
    registered = set(strings_of(judge.fact("registered")))
    missing = registered - set(strings_of(listed.json))
    seen = f"{len(missing)} of {len(registered)} registered resources are not listed"
    judge.require("F-3.2.5-01", not missing, seen, listed)


@check("F-3.2-21", "F-3.2-22", "F-3.2-23", probe=(registration.lifecycle, registration.unknown))
def test_unknown_resources_are_404(judge: Judge) -> None:
    """Read, update and delete of a resource that is not there have status 404."""
    control = judge.exchange("control read", 1)
    judge.control(control.succeeded, f"a known resource: {control.outline}", control)
    for row, label in (("F-3.2-21", "read"), ("F-3.2-22", "update"), ("F-3.2-23", "delete")):
        for exchange in (judge.exchange(f"{label} after delete"), judge.exchange(label, 1)):
            seen = f"{label} of an unknown resource answered {exchange.outline}, 404 expected"
            judge.require(row, exchange.status == 404, seen, exchange)


@check("F-3.2-25", probe=registration.methods)
def test_other_methods_are_405(judge: Judge) -> None:
    """A method that is not supported has status 405; one that is an extension may succeed."""
    control = judge.exchange("control")
    judge.control(control.succeeded, f"read was refused: {control.outline}", control)
    for label in ("PATCH item", "POST item", "PUT collection"):
        exchange = judge.exchange(label)
        if exchange.succeeded:
            judge.remark("F-3.2-25", f"{label} succeeded; it is taken as an extension", exchange)
        else:
            seen = f"{label} answered {exchange.outline}, 405 expected"
            judge.require("F-3.2-25", exchange.status == 405, seen, exchange)
