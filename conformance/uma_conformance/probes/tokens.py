"""Probes of RPT requests: their parameters and their success (Grant 3.3.1, 3.3.5)."""

from uma_conformance.actors.client import UMA_GRANT
from uma_conformance.drivers.protocol import OTHER_CLIENT, OTHER_PARTY, Policy
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene

_VIEW = frozenset({"view"})


@probe
def granted(scene: Scene) -> None:
    """Get an RPT that the policy allows in full, and look at what it permits."""
    resource = scene.register(("edit", "view"), [Policy(frozenset({"edit", "view"}))])
    ticket = scene.ticket({resource: _VIEW})
    claims = scene.claims()
    scene.facts["format"] = claims.format
    answer = scene.client().request_rpt(ticket, claims, label="granted")
    rpt = scene.rpt(answer)
    scene.facts["ticket"] = {resource: ["view"]}
    scene.facts["allowed"] = {resource: ["edit", "view"]}
    scene.permissions(rpt, "introspected")


@probe
def parameters(scene: Scene) -> None:
    """Leave out, rename or alter parameters of an RPT request that succeeds without that."""
    resource = scene.register(policies=[Policy(_VIEW)])
    client, claims = scene.client(), scene.claims()

    def request(label: str, **changed: str | None) -> None:
        ticket = scene.ticket({resource: _VIEW})
        form: dict[str, str | None] = {
            "grant_type": UMA_GRANT,
            "ticket": ticket,
            "claim_token": claims.value,
            "claim_token_format": claims.format,
            **changed,
        }
        if label == "ticket in another case":
            form |= {"ticket": None, "Ticket": ticket}
        if label == "ticket value in another case":
            form["ticket"] = ticket.swapcase()
        sent = {name: value for name, value in form.items() if value is not None}
        client.request_token({**sent, **client.extra}, label=label, purpose=f"Request: {label}")

    request("control")
    request("ticket in another case")
    request("ticket value in another case")
    request("grant type in another case", grant_type=UMA_GRANT.upper())
    request("no grant type", grant_type=None)
    request("no ticket", ticket=None)
    request("no claims", claim_token=None, claim_token_format=None)


@probe
def distinct(scene: Scene) -> None:
    """Get RPTs for different parties and clients; see that the first one lives on."""
    parties = [Policy(_VIEW), Policy(_VIEW, OTHER_PARTY)]
    resource = scene.register(policies=parties)
    found: list[str] = []
    for label, party, client in (
        ("first", "bob", "app"),
        ("another party", OTHER_PARTY, "app"),
        ("another client", "bob", OTHER_CLIENT),
        ("the same again", "bob", "app"),
    ):
        ticket = scene.ticket({resource: _VIEW})
        answer = scene.client(client).request_rpt(ticket, scene.claims(party, client), label=label)
        found.append(scene.rpt(answer))
    scene.facts["distinct for different parties and clients"] = len(set(found[:3])) == 3
    if "introspection_endpoint" in scene.surroundings.metadata.endpoints:
        scene.introspect(found[0], "first afterwards")


@probe
def upgrade(scene: Scene) -> None:
    """Send an RPT for one resource with the request for another one."""
    one, two = (scene.register(policies=[Policy(_VIEW)]) for _ in range(2))
    client, claims = scene.client(), scene.claims()
    first = client.request_rpt(scene.ticket({one: _VIEW}), claims, label="first")
    rpt = scene.rpt(first)
    scene.facts["of the first"] = one
    ticket = scene.ticket({two: _VIEW})
    second = client.request_rpt(ticket, claims, label="with the first RPT", rpt=rpt)
    alone = client.request_rpt(scene.ticket({two: _VIEW}), claims, label="without the first RPT")
    scene.permissions(scene.rpt(second), "second granted")
    scene.permissions(scene.rpt(alone), "granted without it")


@probe
def owner_as_party(scene: Scene) -> None:
    """Let the resource owner be the requesting party herself."""
    resource = scene.register(policies=[Policy(_VIEW, "alice"), Policy(_VIEW)])
    for label, party in (("control", "bob"), ("owner", "alice")):
        ticket = scene.ticket({resource: _VIEW})
        scene.client().request_rpt(ticket, scene.claims(party), label=label)
