"""Probes of claim tokens that an attacker made out of good ones (RFC 8725, Grant 5.7)."""

from uma_conformance.actors.metadata import Blocked
from uma_conformance.drivers.protocol import CLIENT, OTHER_CLIENT, OTHER_PARTY, ClaimToken, Policy
from uma_conformance.outcome import Outcome
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.security.webtokens import WebToken

UNSIGNED = {"alg none": "none", "alg None": "None", "alg NONE": "NONE", "alg unchanged": None}
_VIEW = frozenset({"view"})
_KIND = "claim-token"


@probe
def unsigned(scene: Scene) -> None:
    """Push a good claim token, and the same one without its signature."""
    good = scene.claims()
    token = _read(good)
    resource = scene.register(policies=[Policy(_VIEW)])
    client = scene.client()
    client.request_rpt(scene.ticket({resource: _VIEW}), good, label="control")
    for label, algorithm in UNSIGNED.items():
        value = token.unsigned(algorithm)
        scene.journal.wire.redactor.learn(_KIND, value)
        changed = ClaimToken(value, good.format)
        client.request_rpt(scene.ticket({resource: _VIEW}), changed, label=label)


@probe
def exchanged(scene: Scene) -> None:
    """Push the claims of one party under the signature of another party's token."""
    hers, his = scene.claims(OTHER_PARTY), scene.claims()
    value = _read(his).telling(_read(hers))
    scene.journal.wire.redactor.learn(_KIND, value)
    resource = scene.register(policies=[Policy(_VIEW, OTHER_PARTY)])
    client = scene.client()
    client.request_rpt(scene.ticket({resource: _VIEW}), hers, label="control")
    changed = ClaimToken(value, his.format)
    client.request_rpt(scene.ticket({resource: _VIEW}), changed, label="exchanged")


@probe
def passed_on(scene: Scene) -> None:
    """Push a claim token as the client that it was made for, and as another one."""
    token, own = scene.claims(), scene.claims(client=OTHER_CLIENT)
    scene.facts["for one client"] = _read(token).is_only_for(scene.credentials(CLIENT).client_id)
    resource = scene.register(policies=[Policy(_VIEW)])
    other = scene.client(OTHER_CLIENT)
    scene.client().request_rpt(scene.ticket({resource: _VIEW}), token, label="own client")
    other.request_rpt(scene.ticket({resource: _VIEW}), own, label="another client, own token")
    other.request_rpt(scene.ticket({resource: _VIEW}), token, label="another client")


def _read(token: ClaimToken) -> WebToken:
    found = WebToken.read(token.value)
    if found is None or not found.is_signed:
        raise Blocked(Outcome.UNTESTED, "the claim tokens of this driver are no signed JWTs")
    return found
