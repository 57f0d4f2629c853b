"""Probes of the life of a registered resource (FedAuthz 3.2)."""

from urllib.parse import urljoin, urlsplit

from uma_conformance.drivers.protocol import OWNER, RESOURCE_SERVER
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene, identifier
from uma_conformance.wire import Answer

URI_SCOPE = "https://scopes.example/print"
MANY = 110
BEFORE = {
    "type": "https://types.example/record",
    "icon_uri": "https://icons.example/record.png",
}


@probe
def lifecycle(scene: Scene) -> None:
    """Create, read, list, update and delete one resource, asking for tickets in between."""
    rs = scene.resource_server()
    first = scene.description(("edit", "view", URI_SCOPE)) | BEFORE
    scene.facts["registered"] = {
        key: value for key, value in first.items() if key in {"name", "resource_scopes", *BEFORE}
    }
    created = scene.create(first, label="create", purpose="Register a resource")
    resource = _identified(scene, created)
    _follow_location(scene, created)
    rs.read(resource, "read")
    rs.read(resource, "read again")
    rs.list("list")
    scene.ask_for_ticket({resource: ["view"]}, label="ticket")
    scene.ask_for_ticket({resource: ["never-registered"]}, label="ticket for an unknown scope")
    second = scene.description(("download", "view"))
    scene.facts["updated"] = {key: second[key] for key in ("name", "resource_scopes")}
    rs.update(resource, second, "update")
    rs.read(resource, "read after update")
    scene.ask_for_ticket({resource: ["edit"]}, label="ticket for a dropped scope")
    scene.ask_for_ticket({resource: ["download"]}, label="ticket for a new scope")
    rs.delete(resource, "delete")
    rs.read(resource, "read after delete")
    rs.update(resource, second, "update after delete")
    rs.delete(resource, "delete after delete")
    rs.list("list after delete")
    scene.ask_for_ticket({resource: ["view"]}, label="ticket after delete")


def _identified(scene: Scene, created: Answer) -> str:
    resource = scene.identified(created)
    scene.facts["resource"] = resource
    return resource


def _follow_location(scene: Scene, created: Answer) -> None:
    location = created.header("location")
    if not location:
        return
    rs = scene.resource_server()
    target = urljoin(rs.registration, location)
    scene.facts["location"] = target
    # A PAT is sent to nobody but the authorization server it is for.
    if urlsplit(target)[:2] == urlsplit(rs.registration)[:2]:
        rs.raw("GET", target, b"", "read by location", "Read where Location leads")


@probe
def twins(scene: Scene) -> None:
    """Register the same description twice, the second time with an identifier of our own."""
    description = scene.description(("view",))
    one = scene.create(description, label="one")
    two = scene.create({**description, "_id": "chosen-by-the-resource-server"}, label="two")
    scene.facts["one"] = identifier(one)
    scene.facts["two"] = identifier(two)


@probe
def unknown(scene: Scene) -> None:
    """Read, update and delete under an identifier that was never issued."""
    known = scene.register()
    rs = scene.resource_server()
    scene.facts["known"] = known
    never = _altered(known)
    rs.read(known, "control read")
    rs.read(never, "read")
    rs.update(never, scene.description(("view",)), "update")
    rs.read(never, "read after update")
    rs.delete(never, "delete")


@probe
def methods(scene: Scene) -> None:
    """Use methods that the registration API does not have."""
    rs = scene.resource_server()
    resource = scene.register()
    body = b'{"resource_scopes":["view"]}'
    rs.read(resource, "control")
    rs.raw("PATCH", rs.item(resource), body, "PATCH item", "Use PATCH on a resource")
    rs.raw("POST", rs.item(resource), body, "POST item", "Use POST on a resource")
    rs.raw("PUT", rs.registration, body, "PUT collection", "Use PUT on the collection")


@probe
def many(scene: Scene) -> None:
    """Register many resources and list them; paging is not defined."""
    found = [scene.register(("view",)) for _ in range(MANY)]
    scene.facts["registered"] = found
    scene.resource_server(OWNER, RESOURCE_SERVER).list("list")


def _altered(value: str) -> str:
    """Return an identifier of the same alphabet and length that was never issued."""
    swap = {"a": "b", "0": "1"}
    replaced = "".join(swap.get(char, "a" if char.isalpha() else char) for char in value)
    return replaced if replaced != value else value + "a"
