"""Probes of visits to the claims interaction endpoint that succeed (Grant 3.3.2, 3.3.3)."""

from uma_conformance.actors.metadata import Blocked
from uma_conformance.actors.user_agent import Seen
from uma_conformance.drivers.protocol import CLIENT, OTHER_CLIENT, Wish
from uma_conformance.outcome import Outcome
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.visiting import (
    STATE,
    STATIC,
    VIEW,
    Link,
    claims_redirects,
    link,
    resource_for_visits,
    ticket_of,
    visit,
)


@probe
def completed(scene: Scene) -> None:
    """Send a requesting party to the claims page and back, and use the ticket she brings."""
    claims_redirects(scene, CLIENT)
    scene.facts["state"] = STATE
    scene.facts["claims known"] = any(kind == "claim" for kind, _ in scene.driver.secrets())
    resource = resource_for_visits(scene)
    scene.facts["ticket"] = {resource: ["view"]}
    client = scene.client()
    client.request_rpt(scene.ticket({resource: VIEW}), label="before")
    end = visit(scene, "visit", link(scene, resource))
    answer = client.request_rpt(_brought(end), label="used")
    scene.permissions(scene.rpt(answer), "granted")


@probe
def choices(scene: Scene) -> None:
    """Visit with and without what a client may leave out, and with each form of address."""
    single, several = claims_redirects(scene, CLIENT), claims_redirects(scene, OTHER_CLIENT, 2)
    resource = resource_for_visits(scene)
    visit(scene, "control", link(scene, resource))
    visit(scene, "no state", link(scene, resource), state=None)
    scene.facts["single"] = single[0]
    if len(single) == 1:
        visit(scene, "no address", link(scene, resource), claims_redirect_uri=None)
    for label, uri in (("first address", several[0]), ("second address", several[1])):
        to = link(scene, resource, OTHER_CLIENT)
        visit(scene, label, to, client=OTHER_CLIENT, claims_redirect_uri=uri)


@probe
def query(scene: Scene) -> None:
    """Visit for a client whose address has a query."""
    resource = resource_for_visits(scene)
    visit(scene, "control", link(scene, resource))
    for client in (OTHER_CLIENT, CLIENT):
        for uri in claims_redirects(scene, client):
            if "?" in uri:
                to = link(scene, resource, client)
                visit(scene, "visit", to, client=client, claims_redirect_uri=uri)
                return
    raise Blocked(Outcome.UNTESTED, "no claims redirection URI of the driver has a query")


@probe
def remembered(scene: Scene) -> None:
    """Agree at the claims page to be remembered, and get an RPT after that."""
    claims_redirects(scene, CLIENT)
    resource = resource_for_visits(scene)
    end = visit(scene, "visit", link(scene, resource), wish=Wish.BE_REMEMBERED)
    scene.client().request_rpt(_brought(end), label="used")


@probe
def declared(scene: Scene) -> None:
    """Go to the declared endpoint with a ticket fresh from the resource server."""
    place = scene.surroundings.metadata.endpoints.get(STATIC)
    scene.facts["declared"] = place is not None
    if place is not None:
        claims_redirects(scene, CLIENT)
        resource = resource_for_visits(scene)
        visit(scene, "visit", Link(place, scene.ticket({resource: VIEW})))


@probe
def hinted(scene: Scene) -> None:
    """Go where need_info says, with the ticket that came with it."""
    claims_redirects(scene, CLIENT)
    resource = resource_for_visits(scene)
    answer = scene.client().request_rpt(scene.ticket({resource: VIEW}), label="need_info")
    place, ticket = answer.member("redirect_user"), answer.member("ticket")
    if ":" in place and ticket:
        visit(scene, "visit", Link(place, ticket))


def _brought(end: Seen) -> str:
    ticket = ticket_of(end)
    if not ticket:
        seen = end.answer.exchange.outline
        raise Blocked(Outcome.CANT_TELL, f"the visit brought no ticket to go on with: {seen}")
    return ticket
