"""Probes of requests that wait for the resource owner (`request_submitted`, Grant 3.3.6, 5.5)."""

from uma_conformance.drivers.protocol import OWNER, Policy, Unsupported
from uma_conformance.probes.lifetimes import seconds_of
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.wire import Answer

SUBMITTED = "request_submitted"
POLLS = ("first poll", "second poll")
AT_ONCE = "poll at once"
_VIEW = frozenset({"view"})
# What to wait where the server names no time.
_SECONDS = 5.0


def _submit(scene: Scene, label: str) -> tuple[str, Answer]:
    resource = scene.register(policies=[Policy(_VIEW, ask=True)])
    ticket = scene.ticket({resource: _VIEW})
    return resource, scene.client().request_rpt(ticket, scene.claims(), label=label)


def _poll(scene: Scene, before: Answer, label: str) -> Answer:
    """Ask again with the newest ticket, and the claims beside it, which a server may want anew."""
    return scene.client().request_rpt(
        before.member("ticket"), scene.claims(), label=label, purpose="Poll for an RPT"
    )


def _wait(scene: Scene, before: Answer) -> None:
    """Wait as long as the server wants; where that is too long, poll early and note it."""
    seconds = seconds_of(before, "interval")
    try:
        scene.driver.pass_time(_SECONDS if seconds is None else seconds)
    except Unsupported as reason:
        scene.facts["not waited"] = str(reason)


def _waits(answer: Answer) -> bool:
    return answer.exchange.error == SUBMITTED and bool(answer.member("ticket"))


@probe
def waiting(scene: Scene) -> None:
    """Poll while the owner does nothing; where the ticket has died meanwhile, poll at once."""
    _, answer = _submit(scene, "asked")
    for label in POLLS:
        if not _waits(answer):
            break
        _wait(scene, answer)
        answer = _poll(scene, answer, label)
        if answer.exchange.error == "invalid_grant":
            _, again = _submit(scene, "asked again")
            if _waits(again):
                _poll(scene, again, AT_ONCE)


@probe
def decided(scene: Scene) -> None:
    """Poll before and after the owner approved, and before and after she refused."""
    for name, approve in (("approved", True), ("refused", False)):
        resource, asked = _submit(scene, f"{name}: asked")
        if not _waits(asked):
            continue
        _wait(scene, asked)
        before = _poll(scene, asked, f"{name}: before")
        if not _waits(before):
            continue
        scene.driver.settle(OWNER, resource, approve=approve)
        _wait(scene, before)
        _poll(scene, before, f"{name}: after")
