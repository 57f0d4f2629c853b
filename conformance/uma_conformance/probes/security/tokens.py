"""Probes of RPTs and refresh tokens: guessed, refreshed and revoked by others (RFC 6749 10)."""

from uma_conformance.actors.metadata import Blocked
from uma_conformance.drivers.protocol import OTHER_CLIENT, Policy
from uma_conformance.outcome import Outcome
from uma_conformance.probes.guessing import bits
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.security.webtokens import WebToken
from uma_conformance.wire import Answer

_VIEW = frozenset({"view"})
_SAMPLE = 16


def _granted(scene: Scene, resource: str, label: str = "") -> Answer:
    ticket = scene.ticket({resource: _VIEW})
    return scene.client().request_rpt(ticket, scene.claims(), label=label)


@probe
def sample(scene: Scene) -> None:
    """Collect RPTs and measure how hard they would be to guess."""
    resource = scene.register(policies=[Policy(_VIEW)])
    found = [scene.rpt(_granted(scene, resource)) for _ in range(_SAMPLE)]
    signed = [token for token in map(WebToken.read, found) if token is not None]
    scene.facts["collected"] = len(found)
    scene.facts["distinct"] = len(set(found))
    scene.facts["web tokens"] = len(signed)
    scene.facts["without a signature"] = sum(not token.is_signed for token in signed)
    scene.facts["bits"] = bits(found)


@probe
def refreshed_by_another(scene: Scene) -> None:
    """Present a refresh token as another client, and then as its own one."""
    resource = scene.register(policies=[Policy(_VIEW)])
    answer = _granted(scene, resource, "granted")
    scene.rpt(answer)
    token = answer.member("refresh_token")
    if not token:
        raise Blocked(Outcome.INAPPLICABLE, "no RPT came with a refresh token")
    scene.client(OTHER_CLIENT).refresh(token, label="another client")
    scene.client().refresh(token, label="own client")
    # A server may end a refresh token that somebody else shows, so a fresh one is the control.
    fresh = _granted(scene, resource).member("refresh_token")
    scene.client().refresh(fresh, label="control")


@probe
def revoked_by_another(scene: Scene) -> None:
    """Ask as another client for the revocation of an RPT, and then as its own one."""
    known = scene.surroundings.metadata.endpoints
    for name in ("revocation_endpoint", "introspection_endpoint"):
        if known and name not in known:
            raise Blocked(Outcome.INAPPLICABLE, f"the discovery document gives no usable {name}")
    url = scene.endpoint("revocation_endpoint")
    resource = scene.register(policies=[Policy(_VIEW)])
    rpt = scene.rpt(_granted(scene, resource, "granted"))
    for label, client in (("another client", OTHER_CLIENT), ("own client", "app")):
        scene.facts[f"active before {label}"] = _active(scene, rpt, f"before {label}")
        scene.client(client).revoke(url, rpt, label=label)
        scene.facts[f"active after {label}"] = _active(scene, rpt, f"after {label}")


def _active(scene: Scene, rpt: str, label: str) -> object:
    return scene.introspect(rpt, label).exchange.members.get("active")
