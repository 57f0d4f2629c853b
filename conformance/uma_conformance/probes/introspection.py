"""Probes of token introspection (FedAuthz 5)."""

from uma_conformance.drivers.protocol import Policy
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene

NEVER = "shred"
_BOTH = frozenset({"edit", "view"})


@probe
def active(scene: Scene) -> None:
    """Introspect an active RPT for two resources: with no hint, the usual one, an unknown one."""
    url = scene.endpoint("introspection_endpoint")
    one = scene.register(("edit", NEVER, "view"), [Policy(_BOTH)])
    two = scene.register(("edit", NEVER, "view"), [Policy(_BOTH)])
    ticket = scene.ticket({one: ["view"], two: ["edit", "view"]})
    rpt = scene.rpt(scene.client().request_rpt(ticket, scene.claims()))
    scene.facts["requested"] = {one: ["view"], two: ["edit", "view"]}
    scene.facts["registered"] = {one: ["edit", NEVER, "view"], two: ["edit", NEVER, "view"]}
    scene.facts["allowed"] = {one: ["edit", "view"], two: ["edit", "view"]}
    scene.introspect(rpt, "no hint")
    scene.introspect(rpt, "hint access_token", hint="access_token")
    scene.introspect(rpt, "unknown hint", hint="urn:example:unheard-of")
    rs = scene.resource_server(pat="")
    rs.introspect(url, rpt, "no authorization", "Introspect without authorization")
    bad = scene.resource_server(pat="made-up-token-0123456")
    bad.introspect(url, rpt, "made-up PAT", "Introspect with a made-up PAT")


@probe
def inactive(scene: Scene) -> None:
    """Introspect a token that was never issued."""
    scene.introspect("never-issued-0123456789abcdef", "unknown token")
