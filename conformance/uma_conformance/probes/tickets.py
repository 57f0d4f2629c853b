"""Probes of permission tickets: used, unknown, expired, guessed (Grant 5.4, 5.5)."""

import secrets

from uma_conformance.drivers.protocol import OTHER_PARTY, Policy
from uma_conformance.probes.guessing import bits
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene

_VIEW = frozenset({"view"})
_SAMPLE = 40


@probe
def reused(scene: Scene) -> None:
    """Present tickets a second time, after each outcome that the first time can have."""
    resource = scene.register(policies=[Policy(_VIEW)])
    client, claims = scene.client(), scene.claims()
    first_claims = {
        "success": claims,
        "denial": scene.claims(OTHER_PARTY),
        "no claims": None,
    }
    for name, pushed in first_claims.items():
        ticket = scene.ticket({resource: _VIEW})
        client.request_rpt(ticket, pushed, label=f"first, {name}")
        client.request_rpt(ticket, claims, label=f"second, after {name}")
    fresh = scene.ticket({resource: _VIEW})
    client.request_rpt(fresh, claims, label="control")


@probe
def unknown(scene: Scene) -> None:
    """Present tickets that the server never issued."""
    resource = scene.register(policies=[Policy(_VIEW)])
    client, claims = scene.client(), scene.claims()
    client.request_rpt(scene.ticket({resource: _VIEW}), claims, label="control")
    client.request_rpt(secrets.token_urlsafe(32), claims, label="random")
    ticket = scene.ticket({resource: _VIEW})
    client.request_rpt(_altered(ticket), claims, label="altered")
    client.request_rpt(ticket, claims, label="unaltered")


@probe
def expired(scene: Scene) -> None:
    """Present a ticket after its lifetime, and another one within it."""
    resource = scene.register(policies=[Policy(_VIEW)])
    client = scene.client()
    with scene.driver.short_lived_tickets() as expiry:
        client.request_rpt(scene.ticket({resource: _VIEW}), scene.claims(), label="control")
        ticket = scene.ticket({resource: _VIEW})
        expiry.wait()
    client.request_rpt(ticket, scene.claims(), label="expired")
    client.request_rpt(scene.ticket({resource: _VIEW}), scene.claims(), label="control afterwards")


@probe
def sample(scene: Scene) -> None:
    """Collect tickets and measure how hard they would be to guess."""
    resource = scene.register(policies=[Policy(_VIEW)])
    found = [scene.ticket({resource: _VIEW}) for _ in range(_SAMPLE)]
    scene.facts["collected"] = len(found)
    scene.facts["distinct"] = len(set(found))
    scene.facts["bits"] = bits(found)


def _altered(ticket: str) -> str:
    """Return the ticket with one character in its middle changed."""
    place = len(ticket) // 2
    other = "A" if ticket[place] != "A" else "B"
    return ticket[:place] + other + ticket[place + 1 :]
