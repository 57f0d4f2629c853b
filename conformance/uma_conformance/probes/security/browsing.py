"""Probes of what browsers get during a visit for claims (RFC 9700 4)."""

from uma_conformance.drivers.protocol import CLIENT
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.visiting import claims_redirects, link, resource_for_visits, visit


@probe
def visited(scene: Scene) -> None:
    """Send a requesting party to the claims page, let her sign in, answer and go back."""
    claims_redirects(scene, CLIENT)
    resource = resource_for_visits(scene)
    visit(scene, "visit", link(scene, resource))
