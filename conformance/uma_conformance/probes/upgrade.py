"""Probes of RPT upgrades (Grant 3.3.1, 3.3.5.1)."""

from uma_conformance.drivers.protocol import Policy, Unsupported
from uma_conformance.probes.lifetimes import outlive
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene

ROUNDS = ("first round", "second round", "third round")
_VIEW = frozenset({"view"})


@probe
def repeated(scene: Scene) -> None:
    """Send a good RPT for one resource with the request for another one, several times alike."""
    for name in ROUNDS:
        one, two = (scene.register(policies=[Policy(_VIEW)]) for _ in range(2))
        _round(scene, name, one, two)
    # A server that grants whatever the party may have does so without an RPT as well.
    other, alone = (scene.register(policies=[Policy(_VIEW)]) for _ in range(2))
    ticket = scene.ticket({alone: _VIEW})
    answer = scene.client().request_rpt(ticket, scene.claims(), label="without rpt")
    if "not seen" not in scene.facts:
        held = scene.permissions(scene.rpt(answer), "without rpt: granted")
        scene.facts["granted anyway"] = other in held


def _round(scene: Scene, name: str, one: str, two: str) -> None:
    client, claims = scene.client(), scene.claims()
    first = client.request_rpt(scene.ticket({one: _VIEW}), claims, label=f"{name}: old")
    old = scene.rpt(first)
    try:
        scene.permissions(old, f"{name}: before")
    except Unsupported as reason:
        scene.facts["not seen"] = str(reason)
    ticket = scene.ticket({two: _VIEW})
    second = client.request_rpt(ticket, claims, label=f"{name}: new", rpt=old)
    new = scene.rpt(second)
    scene.facts[f"{name}: same string"] = new == old
    scene.facts[f"{name}: of the old"] = one
    try:
        scene.permissions(new, f"{name}: granted")
        if new != old and "introspection_endpoint" in scene.surroundings.metadata.endpoints:
            shown = scene.introspect(old, f"{name}: old afterwards")
            scene.facts[f"{name}: old active"] = shown.exchange.members.get("active")
    except Unsupported as reason:
        scene.facts["not seen"] = str(reason)


@probe
def expired(scene: Scene) -> None:
    """Send an RPT that has expired with a request that is granted without it."""
    one, two = (scene.register(policies=[Policy(_VIEW)]) for _ in range(2))
    client = scene.client()
    first = client.request_rpt(scene.ticket({one: _VIEW}), scene.claims(), label="granted")
    old = scene.rpt(first)
    outlive(scene, first)
    client.request_rpt(scene.ticket({two: _VIEW}), scene.claims(), label="control")
    client.request_rpt(scene.ticket({two: _VIEW}), scene.claims(), label="expired", rpt=old)
