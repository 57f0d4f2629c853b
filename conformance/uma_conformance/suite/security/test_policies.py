"""What is left when policies end, and what never had one (Grant 5.6, 6.1)."""

from uma_conformance.checks import check
from uma_conformance.jsonvalue import array_of, object_of
from uma_conformance.judge import Judge
from uma_conformance.outcome import Outcome
from uma_conformance.probes.security import policies
from uma_conformance.trace import Exchange

_HOUR = 3600


@check("SEC-DENY-01", probe=policies.registered_anew)
def test_policies_end_with_their_resource(judge: Judge) -> None:
    """A resource that is registered anew is open to nobody."""
    control, gone = judge.exchange("control"), judge.exchange("deregistered")
    judge.control(control.succeeded, f"before it was deregistered: {control.outline}", control)
    judge.control(gone.succeeded, f"deregistering it: {gone.outline}", gone)
    answer, created = judge.exchange("anew"), judge.exchange("registered anew")
    seen = "an RPT was issued for a resource that was registered anew and has no policy"
    judge.require("SEC-DENY-01", not answer.succeeded, seen, created, answer)


@check("SEC-DENY-02", probe=policies.scope_added)
def test_new_scopes_are_closed(judge: Judge) -> None:
    """A scope that was added to a description is granted to nobody."""
    control, update = judge.exchange("control"), judge.exchange("scope added")
    judge.control(update.succeeded, f"adding a scope: {update.outline}", update)
    judge.control(control.succeeded, f"the old scope: {control.outline}", control)
    resource, answer = judge.text("resource"), judge.exchange("new scope")
    if answer.succeeded:
        found = judge.permissions("granted for the new scope").get(resource, frozenset())
        seen = "the new scope was granted, which no policy of the owner allows"
        judge.require("SEC-DENY-02", "edit" not in found, seen, update, answer)
    else:
        old = judge.permissions("granted for the old scope").get(resource, frozenset())
        seen = "the new scope was granted beside the old one, though nobody asked for it"
        judge.require("SEC-DENY-02", "edit" not in old, seen, update, control)


@check("SEC-WITHDRAW-01", probe=policies.withdrawn)
def test_withdrawn_permissions_end(judge: Judge) -> None:
    """An RPT loses a permission whose policy is gone, or does not live for more than an hour."""
    resource, granted = judge.text("resource"), judge.exchange("granted")
    before, after = judge.permissions("before"), judge.permissions("after")
    judge.control("view" in before.get(resource, frozenset()), "the RPT never had the permission")
    if "view" not in after.get(resource, frozenset()):
        judge.require("SEC-WITHDRAW-01", holds=True, message="")
        return
    if not judge.has("after"):
        reason = "introspection does not show for how long the permission is left"
        judge.leave_row_open("SEC-WITHDRAW-01", Outcome.UNTESTED, reason)
        return
    shown = judge.exchange("after")
    left = _left(granted, shown, resource)
    seen = "the RPT keeps the permission after the policy is gone, and " + (
        f"lives for {left:g} seconds" if left is not None else "nothing says when it ends"
    )
    judge.require("SEC-WITHDRAW-01", left is not None and left <= _HOUR, seen, granted, shown)


def _left(granted: Exchange, shown: Exchange, resource: str) -> float | None:
    """Return for how many seconds the RPT lives from its issue on; `None` if nothing says so."""
    members = shown.members
    entries = (object_of(item) for item in array_of(members.get("permissions")))
    own = [item for item in entries if item.get("resource_id") == resource]
    lives = [
        _number(ends) - _number(begins)
        for found in (members, *own)
        for begins, ends in [(found.get("iat", members.get("iat")), found.get("exp"))]
        if _number(begins) and _number(ends)
    ]
    told = _number(granted.members.get("expires_in"))
    return min([*lives, *([told] if told else [])], default=None)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
