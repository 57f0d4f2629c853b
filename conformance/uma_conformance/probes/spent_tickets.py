"""Probes of tickets at the claims interaction endpoint that are no good (Grant 3.3.3, 5.5)."""

import secrets

from uma_conformance.drivers.protocol import CLIENT, Wish
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.visiting import (
    arrive,
    claims_redirects,
    link,
    resource_for_visits,
    visit,
)


@probe
def wrong_tickets(scene: Scene) -> None:
    """Come with a ticket that was never issued, with a used one, and with none."""
    claims_redirects(scene, CLIENT)
    resource = resource_for_visits(scene)
    visit(scene, "control", link(scene, resource))
    to = link(scene, resource)
    visit(scene, "unknown", to, ticket=secrets.token_urlsafe(32))
    visit(scene, "missing", to, ticket=None)
    used = link(scene, resource)
    scene.client().request_rpt(used.ticket, label="use")
    visit(scene, "used", used)


@probe
def expired(scene: Scene) -> None:
    """Come with a ticket after its lifetime."""
    claims_redirects(scene, CLIENT)
    resource = resource_for_visits(scene)
    with scene.driver.short_lived_tickets() as expiry:
        visit(scene, "control", link(scene, resource))
        to = link(scene, resource)
        expiry.wait()
    visit(scene, "expired", to)


@probe
def declined(scene: Scene) -> None:
    """Give up at the claims page."""
    claims_redirects(scene, CLIENT)
    resource = resource_for_visits(scene)
    visit(scene, "control", link(scene, resource))
    visit(scene, "declined", link(scene, resource), wish=Wish.CANCEL)


@probe
def abandoned(scene: Scene) -> None:
    """Come to the claims page and leave it; then try the ticket elsewhere."""
    claims_redirects(scene, CLIENT)
    resource = resource_for_visits(scene)
    client = scene.client()
    visit(scene, "control", link(scene, resource))
    client.request_rpt(link(scene, resource).ticket, label="token request, control")
    to = link(scene, resource)
    arrive(scene, "arrival", to, agent=scene.user_agent())
    client.request_rpt(to.ticket, label="token request")
    to = link(scene, resource)
    arrive(scene, "arrival before another", to, agent=scene.user_agent())
    visit(scene, "another session", to)
