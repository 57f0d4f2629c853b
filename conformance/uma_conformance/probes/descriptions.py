"""Probes of what a resource description may look like (FedAuthz 3.1)."""

import json

from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene

URI_SCOPE = "https://scopes.example/view"
# Nothing listens there, so a server that resolves scopes cannot succeed.
DEAD_SCOPE = "https://127.0.0.1:9/scopes/view"
OPTIONAL = {
    "description": "All findings since 2019",
    "icon_uri": "https://icons.example/lab.png",
    "name": "Laboratory report",
    "type": "https://types.example/lab",
}


@probe
def optional_members(scene: Scene) -> None:
    """Register descriptions with and without each optional member."""
    extras = dict(scene.driver.resource_members("alice"))
    scopes: dict[str, object] = {"resource_scopes": ["view"], **extras}
    scene.create(scopes, label="minimal")
    named = scene.description(("view",))
    scene.create(named, label="name")
    for member in ("description", "icon_uri", "type"):
        scene.create({**scene.description(("view",)), member: OPTIONAL[member]}, label=member)


@probe
def variants(scene: Scene) -> None:
    """Register descriptions that use the freedom the specification gives."""
    base = scene.description
    control = scene.create(base(("view",)), label="control")
    scene.identified(control)
    scene.create(base(("view", URI_SCOPE)), label="plain and URI scopes")
    scene.create({**base(("view",)), "type": "record"}, label="plain type")
    scene.create({**base(("view",)), "type": OPTIONAL["type"]}, label="URI type")
    odd = "any-scope?of=the#resource+server:1"
    scene.create(base((odd,)), label="arbitrary scope")
    scene.create(base((DEAD_SCOPE,)), label="dead scope")
    scene.create({**base(("view",)), "x_department": "radiology"}, label="extension")
    rs = scene.resource_server()
    for label, member in (("French", "description#fr"), ("German", "name#de")):
        made = scene.create({**base(("view",)), member: "Befund"}, label=label)
        if made.succeeded and made.member("_id"):
            rs.read(made.member("_id"), f"{label} read")


@probe
def refusals(scene: Scene) -> None:
    """Send descriptions that are missing something or are malformed, on create and on update."""
    rs = scene.resource_server()
    good = scene.description(("edit", "view"))
    control = scene.create(good, label="control create")
    resource = scene.identified(control)
    rs.update(resource, good, "control update")
    for name, body in _wrong(good).items():
        fresh = scene.description(("view",))["name"]
        named = body.replace(b"@NAME@", str(fresh).encode())
        rs.raw("POST", rs.registration, named, f"create: {name}", f"Register with {name}")
        rs.raw("PUT", rs.item(resource), named, f"update: {name}", f"Update with {name}")
    rs.read(resource, "read afterwards")
    scene.facts["registered"] = {key: good[key] for key in ("name", "resource_scopes")}


def _wrong(good: dict[str, object]) -> dict[str, bytes]:
    fine = {**good, "name": "@NAME@"}
    scopeless = {key: value for key, value in fine.items() if key != "resource_scopes"}
    documents: dict[str, object] = {
        "no scopes": scopeless,
        "scopes in another case": {**scopeless, "Resource_Scopes": ["view"]},
        "scopes as a string": {**scopeless, "resource_scopes": "view"},
        "scopes as a number": {**scopeless, "resource_scopes": 7},
        "scopes as null": {**scopeless, "resource_scopes": None},
        "a number among the scopes": {**scopeless, "resource_scopes": ["view", 7]},
        "the name as an object": {**fine, "name": {"en": "x"}},
        "the icon as a number": {**fine, "icon_uri": 7},
        "the type as a number": {**fine, "type": 7},
        "the description as a number": {**fine, "description": 7},
        "an array": [fine],
        "a string": "resource_scopes",
    }
    bodies = {name: json.dumps(value).encode() for name, value in documents.items()}
    whole = json.dumps(fine).encode()
    bodies["truncated JSON"] = whole[: len(whole) // 2]
    bodies["a member twice"] = whole[:-1] + b',"resource_scopes":["edit"]}'
    bodies["an empty body"] = b""
    return bodies
