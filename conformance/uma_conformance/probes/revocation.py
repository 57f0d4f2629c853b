"""Probes of token revocation: RPTs, refresh tokens, PCTs (Grant 3.7)."""

from uma_conformance.actors.metadata import Blocked
from uma_conformance.drivers.protocol import OTHER_PARTY, PARTY, Policy
from uma_conformance.outcome import Outcome
from uma_conformance.probes.pct import (
    current,
    forget,
    resource_for_claims,
    with_claims,
    without_claims,
)
from uma_conformance.probes.probe import probe
from uma_conformance.probes.refresh import refresh_token_of
from uma_conformance.probes.scene import Scene
from uma_conformance.wire import Answer

HINTS = {"without a hint": "", "with a hint": "access_token"}
# A server need not give a second PCT for a party whose first one was revoked.
PCT_HINTS = {"without a hint": (PARTY, ""), "with the hint": (OTHER_PARTY, "pct")}
_VIEW = frozenset({"view"})


def _endpoint(scene: Scene) -> str:
    known = scene.surroundings.metadata.endpoints
    if known and "revocation_endpoint" not in known:
        raise Blocked(
            Outcome.INAPPLICABLE, "the discovery document gives no usable revocation_endpoint"
        )
    return scene.endpoint("revocation_endpoint")


def _granted(scene: Scene, label: str) -> Answer:
    resource = scene.register(policies=[Policy(_VIEW)])
    ticket = scene.ticket({resource: _VIEW})
    return scene.client().request_rpt(ticket, scene.claims(), label=label)


def _active(scene: Scene, rpt: str, label: str) -> None:
    scene.facts[label] = scene.introspect(rpt, label).exchange.members.get("active")


@probe
def rpt(scene: Scene) -> None:
    """Revoke RPTs and introspect them before and afterwards."""
    url = _endpoint(scene)
    for name, hint in HINTS.items():
        value = scene.rpt(_granted(scene, f"{name}: granted"))
        _active(scene, value, f"{name}: before")
        scene.client().revoke(url, value, label=f"{name}: revoked", hint=hint)
        _active(scene, value, f"{name}: after")


@probe
def refresh_token(scene: Scene) -> None:
    """Use a refresh token, revoke it or its successor, and use that one."""
    url, client = _endpoint(scene), scene.client()
    token = refresh_token_of(scene, _granted(scene, "granted"))
    used = client.refresh(token, label="before")
    token = refresh_token_of(scene, used, token)
    client.revoke(url, token, label="revoked")
    client.refresh(token, label="after")


@probe
def pct(scene: Scene) -> None:
    """Revoke PCTs and present them before and afterwards, without claims."""
    url = _endpoint(scene)
    for name, (party, hint) in PCT_HINTS.items():
        resource = resource_for_claims(scene, party)
        with_claims(scene, resource, f"{name}: issued", party=party)
        without_claims(scene, resource, f"{name}: nothing", party=party)
        sent = current(scene, party)
        without_claims(scene, resource, f"{name}: before", pct=sent, party=party)
        value = current(scene, party)
        scene.client().revoke(url, value, label=f"{name}: revoked", hint=hint)
        forget(scene, party)
        without_claims(scene, resource, f"{name}: after", pct=value, party=party)
