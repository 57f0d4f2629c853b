"""Probes of visits to the claims interaction endpoint that succeed (Grant 3.3.2, 3.3.3)."""

from uma_conformance.actors.metadata import Blocked
from uma_conformance.outcome import Outcome
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.visiting import (
    STATE,
    claims_redirects,
    link,
    resource_for_visits,
    ticket_of,
    visit,
)


@probe
def completed(scene: Scene) -> None:
    """Send a requesting party to the claims page and back, and use the ticket she brings."""
    registered = claims_redirects(scene, "app")
    scene.facts["redirects"] = list(registered)
    scene.facts["state"] = STATE
    resource = resource_for_visits(scene)
    scene.facts["ticket"] = {resource: ["view"]}
    end = visit(scene, "visit", link(scene, resource))
    ticket = ticket_of(end)
    if not ticket:
        raise Blocked(Outcome.CANT_TELL, "the visit brought no ticket to go on with")
    answer = scene.client().request_rpt(ticket, label="used")
    scene.permissions(scene.rpt(answer), "granted")
