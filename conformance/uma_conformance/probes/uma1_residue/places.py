"""Probes of where UMA 1 and UMA 2 have their configuration, and what they register where."""

from dataclasses import replace

from uma_conformance.actors.metadata import discovery_url
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene, identifier, joined
from uma_conformance.wire import Message

OLD_PLACE = "/.well-known/uma-configuration"


@probe
def discovery(scene: Scene) -> None:
    """Read the configuration of UMA 2 and that of UMA 1."""
    issuer = scene.driver.issuer
    for label, url in (
        ("uma2", discovery_url(issuer)),
        ("uma1", f"{issuer.removesuffix('/')}{OLD_PLACE}"),
    ):
        scene.journal.send(
            Message("GET", url),
            sender="client",
            endpoint="metadata",
            label=label,
            purpose=f"Read the configuration of {'UMA 2' if label == 'uma2' else 'UMA 1'}",
        )


@probe
def registration(scene: Scene) -> None:
    """Register where UMA 2 does it, where UMA 1 does, and with the members of UMA 1."""
    created = scene.create(scene.description(("edit", "view")), "endpoint itself")
    rs = scene.resource_server()
    if not created.succeeded:
        below = replace(rs, registration=f"{joined(rs.registration)}resource_set")
        below.create(scene.description(("edit", "view")), "resource_set below it")
        return
    rs.read(identifier(created), "read")
    description = scene.description(("view",))
    old = {name: value for name, value in description.items() if name != "resource_scopes"}
    taken = rs.create({**old, "scopes": ["edit", "view"]}, "scopes of UMA 1")
    if taken.succeeded and identifier(taken):
        rs.read(identifier(taken), "read, scopes of UMA 1")
