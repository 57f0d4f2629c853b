"""Probes of the messages of UMA 1: permissions, RPTs, need_info, errors, introspection."""

import secrets

from uma_conformance.drivers.protocol import CLIENT, OTHER_PARTY, Policy
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.visiting import claims_redirects, link, resource_for_visits, visit

_VIEW = frozenset({"view"})


@probe
def permissions(scene: Scene) -> None:
    """Ask for a ticket in the form of UMA 2, and in that of UMA 1."""
    resource = scene.register(("edit", "view"))
    scene.ask_for_ticket({resource: ["view"]}, label="uma2")
    rs = scene.resource_server()
    rs.request_permissions({"resource_set_id": resource, "scopes": ["view"]}, "uma1")


@probe
def requests(scene: Scene) -> None:
    """Ask for RPTs with all that is needed, without claims, as somebody else, with old tickets."""
    resource = scene.register(policies=[Policy(_VIEW)])
    client, claims = scene.client(), scene.claims()
    ticket = scene.ticket({resource: _VIEW})
    client.request_rpt(ticket, claims, label="good")
    client.request_rpt(ticket, claims, label="used ticket")
    client.request_rpt(scene.ticket({resource: _VIEW}), label="without claims")
    other = scene.claims(OTHER_PARTY)
    client.request_rpt(scene.ticket({resource: _VIEW}), other, label="another party")
    client.request_rpt(secrets.token_urlsafe(32), claims, label="unknown ticket")
    unknown = {"resource_id": secrets.token_urlsafe(16), "resource_scopes": ["view"]}
    scene.resource_server().request_permissions(unknown, "unknown resource")


@probe
def introspected(scene: Scene) -> None:
    """Introspect an RPT."""
    resource = scene.register(policies=[Policy(_VIEW)])
    ticket = scene.ticket({resource: _VIEW})
    rpt = scene.rpt(scene.client().request_rpt(ticket, scene.claims(), label="granted"))
    scene.introspect(rpt, "shown")


@probe
def visited(scene: Scene) -> None:
    """Send a requesting party to the claims page and back."""
    claims_redirects(scene, CLIENT)
    resource = resource_for_visits(scene)
    visit(scene, "visit", link(scene, resource))
