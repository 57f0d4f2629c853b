"""What a resource server can do to another one of the same owner (FedAuthz 1.3, 7)."""

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes.security import servers


def _control(judge: Judge, label: str) -> None:
    control = judge.exchange(label)
    what = label.removeprefix("control ")
    judge.control(control.succeeded, f"{what} on its own resource: {control.outline}", control)


@check("SEC-PAT-01", probe=servers.apart)
def test_resource_servers_cannot_change_each_others_resources(judge: Judge) -> None:
    """With a PAT for another resource server, a resource is neither changed nor deregistered."""
    before = judge.exchange("before")
    judge.control(before.succeeded, f"reading it by its own server: {before.outline}", before)
    for label, after in (("update", "after the update"), ("delete", "after the deletion")):
        _control(judge, f"control {label}")
        answer, left = judge.exchange(label), judge.exchange(after)
        gone = not left.succeeded or left.members.get("name") != before.members.get("name")
        seen = f"{label} with a PAT for another resource server worked: {answer.outline}"
        judge.require("SEC-PAT-01", not (answer.succeeded and gone), seen, answer, left)


@check("SEC-PAT-02", probe=servers.apart)
def test_resource_servers_cannot_see_each_others_resources(judge: Judge) -> None:
    """With a PAT for another resource server, a resource is neither read nor put in a ticket."""
    for label in ("read", "permission"):
        _control(judge, f"control {label}")
        answer = judge.exchange(label)
        seen = f"{label} with a PAT for another resource server worked: {answer.outline}"
        judge.require("SEC-PAT-02", not answer.succeeded, seen, answer)
