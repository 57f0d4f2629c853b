"""Probes of clients of both types (Grant 3.3)."""

from uma_conformance.drivers.protocol import CLIENT, PARTY, PUBLIC_CLIENT, Policy
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene

_VIEW = frozenset({"view"})


@probe
def both_types(scene: Scene) -> None:
    """Get an RPT as a confidential client, and as a public one."""
    resource = scene.register(policies=[Policy(_VIEW)])
    for label, client in (("confidential", CLIENT), ("public", PUBLIC_CLIENT)):
        claims = scene.claims(PARTY, client)
        scene.client(client).request_rpt(scene.ticket({resource: _VIEW}), claims, label=label)
