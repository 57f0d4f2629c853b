"""Probes of what a resource server can do to another one of the same owner (FedAuthz 1.3, 7)."""

from uma_conformance.actors.metadata import Blocked
from uma_conformance.drivers.protocol import OTHER_RESOURCE_SERVER, OWNER
from uma_conformance.outcome import Outcome
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene


@probe
def apart(scene: Scene) -> None:
    """Reach for a resource with the PAT of the same owner for another resource server."""
    rs, other = scene.resource_server(), scene.resource_server(OWNER, OTHER_RESOURCE_SERVER)
    if rs.pat == other.pat:
        raise Blocked(Outcome.UNTESTED, "both resource servers have the same PAT here")
    here = scene.register(("edit", "view"))
    there = scene.register(("edit", "view"), resource_server=OTHER_RESOURCE_SERVER)
    other.read(there, "control read")
    other.update(there, scene.description(("edit", "view")), "control update")
    _ask(scene, there, "control permission")
    rs.read(here, "before")
    other.read(here, "read")
    _ask(scene, here, "permission")
    other.update(here, scene.description(("edit", "view")), "update")
    rs.read(here, "after the update")
    other.delete(here, "delete")
    rs.read(here, "after the deletion")
    other.delete(there, "control delete")


def _ask(scene: Scene, resource: str, label: str) -> None:
    scene.ask_for_ticket({resource: ["view"]}, resource_server=OTHER_RESOURCE_SERVER, label=label)
