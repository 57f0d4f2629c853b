"""Probes of what is left when policies end, and of what never had one (Grant 5.6, 6.1)."""

from uma_conformance.drivers.protocol import OWNER, Policy
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.wire import Answer

_VIEW = frozenset({"view"})


def _opened(scene: Scene, description: dict[str, object]) -> str:
    """Register a resource of our own and open it; one that stands ready must not be touched."""
    resource = scene.identified(scene.create(description, purpose="Prepare a resource"))
    scene.driver.set_policy(OWNER, resource, [Policy(_VIEW)])
    return resource


def _ask(scene: Scene, resource: str, scope: str, label: str) -> Answer:
    ticket = scene.ticket({resource: [scope]})
    return scene.client().request_rpt(ticket, scene.claims(), label=label)


@probe
def registered_anew(scene: Scene) -> None:
    """Deregister a resource that is open, and register the same description again."""
    description = scene.description(("edit", "view"))
    resource = _opened(scene, description)
    _ask(scene, resource, "view", "control")
    scene.resource_server().delete(resource, "deregistered")
    again = scene.identified(scene.create(description, "registered anew"))
    _ask(scene, again, "view", "anew")


@probe
def scope_added(scene: Scene) -> None:
    """Add a scope to the description of a resource after the owner allowed another one."""
    description = scene.description(("view",))
    resource = _opened(scene, description)
    wider = {**description, "resource_scopes": ["edit", "view"]}
    scene.resource_server().update(resource, wider, "scope added")
    control = _ask(scene, resource, "view", "control")
    scene.permissions(scene.rpt(control), "granted for the old scope")
    scene.facts["resource"] = resource
    answer = _ask(scene, resource, "edit", "new scope")
    if answer.succeeded:
        scene.permissions(scene.rpt(answer), "granted for the new scope")


@probe
def withdrawn(scene: Scene) -> None:
    """Introspect an RPT before and after the owner withdraws her policy."""
    resource = scene.register(policies=[Policy(_VIEW)])
    answer = _ask(scene, resource, "view", "granted")
    rpt = scene.rpt(answer)
    scene.facts["resource"] = resource
    scene.permissions(rpt, "before")
    scene.driver.set_policy(OWNER, resource, ())
    scene.permissions(rpt, "after")
