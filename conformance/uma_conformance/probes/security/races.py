"""Probes of requests that come at the same moment (Grant 5.5)."""

from uma_conformance.drivers.protocol import Policy
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene

ROUNDS, AT_ONCE = 3, 8
_VIEW = frozenset({"view"})


@probe
def redeemed(scene: Scene) -> None:
    """Present one ticket many times at once, and another one twice, one after the other."""
    resource = scene.register(policies=[Policy(_VIEW)])
    client, claims = scene.client(), scene.claims()
    ticket = scene.ticket({resource: _VIEW})
    client.request_rpt(ticket, claims, label="control")
    client.request_rpt(ticket, claims, label="one after the other")
    for number in range(1, ROUNDS + 1):
        ticket = scene.ticket({resource: _VIEW})
        client.race_for_rpt(ticket, claims, AT_ONCE, f"round {number}:")
    client.request_rpt(scene.ticket({resource: _VIEW}), claims, label="control afterwards")
