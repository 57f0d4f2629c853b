"""Probes of refresh tokens of RPTs (Grant 3.6)."""

from uma_conformance.actors.metadata import Blocked
from uma_conformance.drivers.protocol import OTHER_PARTY, OWNER, Policy, Unsupported
from uma_conformance.outcome import Outcome
from uma_conformance.probes.lifetimes import outlive
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.wire import Answer

STRICTER = ("withdrawn", "for somebody else")
WIDENED = ("widened", "widened, with scope")
_VIEW = frozenset({"view"})
_BOTH = frozenset({"edit", "view"})


def refresh_token_of(scene: Scene, answer: Answer, before: str = "") -> str:
    """Return the refresh token to use from now on, or raise `Blocked`.

    A server may give a new one with each refresh or let the first one live on (RFC 6749).
    """
    scene.rpt(answer)
    found = answer.member("refresh_token") or before
    if not found:
        raise Blocked(Outcome.INAPPLICABLE, "no RPT came with a refresh token")
    return found


def _granted(scene: Scene, label: str) -> tuple[str, Answer]:
    resource = scene.register(policies=[Policy(_VIEW)])
    ticket = scene.ticket({resource: _VIEW})
    return resource, scene.client().request_rpt(ticket, scene.claims(), label=label)


@probe
def renewed(scene: Scene) -> None:
    """Refresh an RPT at once, and again when it has expired, with policies as they were."""
    _, answer = _granted(scene, "granted")
    token = refresh_token_of(scene, answer)
    _look_into(scene, answer, "RPT before")
    answer = scene.client().refresh(token, label="refreshed")
    token = refresh_token_of(scene, answer, token)
    _look_into(scene, answer, "RPT refreshed")
    try:
        outlive(scene, answer)
    except Unsupported as reason:
        scene.facts["not outlived"] = str(reason)
    except Blocked as stop:
        scene.facts["not outlived"] = stop.gap.reason
    else:
        scene.client().refresh(token, label="refreshed after expiry")


def _look_into(scene: Scene, answer: Answer, label: str) -> None:
    """Introspect an RPT; where that cannot be done, refreshing is judged all the same."""
    try:
        scene.introspect(scene.rpt(answer), label)
    except Blocked as stop:
        scene.facts[f"{label} not seen"] = stop.gap.reason


@probe
def widened(scene: Scene) -> None:
    """Refresh after the owner allowed more, without and with a scope that is new."""
    client = scene.client()
    resource = scene.register(("edit", "view"), [Policy(_VIEW)])
    answer = client.request_rpt(scene.ticket({resource: _BOTH}), scene.claims(), label="in part")
    if not answer.succeeded:
        # A server need not grant a part of what is asked for.
        answer = client.request_rpt(scene.ticket({resource: _VIEW}), scene.claims(), label="whole")
    token = refresh_token_of(scene, answer)
    scene.permissions(scene.rpt(answer), "granted")
    scene.driver.set_policy(OWNER, resource, [Policy(_BOTH)])
    for label, extra in zip(WIDENED, ({}, {"scope": "edit view"}), strict=True):
        refreshed = client.refresh(token, label=label, **extra)
        if refreshed.succeeded:
            token = refresh_token_of(scene, refreshed, token)
            scene.permissions(scene.rpt(refreshed), f"{label} granted")


@probe
def stricter(scene: Scene) -> None:
    """Refresh after the owner withdrew a policy, and after she gave it to somebody else."""
    for label, policies in zip(STRICTER, ([], [Policy(_VIEW, OTHER_PARTY)]), strict=True):
        resource, answer = _granted(scene, f"{label}: granted")
        token = refresh_token_of(scene, answer)
        scene.driver.set_policy(OWNER, resource, policies)
        scene.client().refresh(token, label=label)
