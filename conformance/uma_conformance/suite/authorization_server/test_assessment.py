"""Authorization assessment and its results (Grant 3.3.4, 5.6, 6.1)."""

from uma_conformance.assessment import Situation, excess, lack, shown
from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes import assessment, tokens
from uma_conformance.trace import Exchange


def _granted(judge: Judge, label: str, probe: int = 0) -> dict[str, frozenset[str]]:
    """Return what was granted; without any scope a resource does not count as granted."""
    found = judge.permissions(f"{label} granted", probe)
    return {resource: scopes for resource, scopes in found.items() if scopes}


def _situation(judge: Judge, label: str, probe: int = 0, *, asked: bool = False) -> Situation:
    facts = judge.episode(probe).facts
    # What a client asks for beyond the ticket counts only where it is known to be available.
    known = asked or "available" in facts
    scope = frozenset({judge.text("scope", probe)}) if asked else frozenset[str]()
    return Situation(
        judge.permissions(f"{label} ticket", probe),
        judge.permissions("allowed", probe),
        judge.permissions("available", probe) if known else {},
        registered=scope,
        requested=scope,
    )


def _success(judge: Judge, row: str, label: str, probe: int = 0) -> Exchange | None:
    answer = judge.exchange(label, probe)
    seen = f"everything was allowed, and the answer was {answer.outline}"
    return answer if judge.require(row, answer.succeeded, seen, answer) else None


@check("G-3.3.4-11", "G-3.3.5-01", "F-4-05", probe=assessment.full)
def test_what_is_allowed_is_granted(judge: Judge) -> None:
    """When everything is allowed the RPT holds all of it, and nothing else."""
    rows = ("G-3.3.4-11", "G-3.3.5-01", "F-4-05")
    answer = judge.exchange("full")
    if not answer.succeeded:
        seen = f"everything was allowed, and the answer was {answer.outline}"
        judge.require("G-3.3.4-11", False, seen, answer)  # noqa: FBT003 - it fails
        for row in rows[1:]:
            judge.cant_tell(row, "no RPT was issued", answer)
        return
    granted, situation = _granted(judge, "full"), _situation(judge, "full")
    missing = lack(granted, situation.candidates())
    for row in ("G-3.3.4-11", "G-3.3.5-01", "F-4-05"):
        judge.require(row, not missing, f"the RPT lacks {shown(missing)}", answer)
    more = excess(granted, situation.candidates())
    judge.require("F-4-05", not more, f"nobody asked for {shown(more)}", answer)


@check("G-3.3.4-05", probe=assessment.apart)
def test_scopes_stay_with_their_resource(judge: Judge) -> None:
    """A scope that is asked for on one resource is not granted on another."""
    answer = _success(judge, "G-3.3.4-05", "apart")
    if answer:
        more = excess(_granted(judge, "apart"), _situation(judge, "apart").candidates())
        seen = f"scopes were granted on resources they were not asked for: {shown(more)}"
        judge.require("G-3.3.4-05", not more, seen, answer)


@check("G-3.3.4-12", "G-3.3.4-09", "G-3.3.4-02", probe=(assessment.partial, assessment.half))
def test_a_part_is_no_more_than_a_part(judge: Judge) -> None:
    """When only a part is allowed, there is an RPT with that part or an error."""
    for number, label in enumerate(("partial", "half")):
        control = judge.exchange("control", number)
        judge.control(control.succeeded, f"the allowed part alone: {control.outline}", control)
        answer = judge.exchange(label, number)
        rows = ("G-3.3.4-12", "G-3.3.4-09", "G-3.3.4-02")
        if not answer.succeeded:
            for row in rows:
                judge.require(row, True, "", answer)  # noqa: FBT003 - an error is allowed
            continue
        candidates = _situation(judge, label, number).candidates()
        granted = _granted(judge, label, number)
        more = excess(granted, candidates)
        for row in rows:
            judge.require(row, not more, f"the policy does not allow {shown(more)}", answer)
        missing = lack(granted, candidates)
        if missing:
            judge.remark("G-3.3.4-12", f"the RPT lacks {shown(missing)}", answer)


@check("G-3.3.4-01", probe=assessment.refused)
def test_requests_are_assessed(judge: Judge) -> None:
    """With the same ticket content a party with a policy is granted, one without is refused."""
    control, answer = judge.exchange("control"), judge.exchange("refused")
    row = "G-3.3.4-01"
    seen = f"a party whom the policy allows: {control.outline}"
    judge.require(row, control.succeeded, seen, control)
    seen = "a party whom no policy concerns got an RPT"
    judge.require(row, not answer.succeeded, seen, answer, control)


@check("G-3.3.4-08", probe=assessment.conditions)
def test_all_conditions_count(judge: Judge) -> None:
    """One of two conditions is not enough."""
    control, answer = judge.exchange("control"), judge.exchange("one condition")
    judge.control(control.succeeded, f"both conditions met: {control.outline}", control)
    seen = "an RPT was issued with one of two conditions met"
    judge.require("G-3.3.4-08", not answer.succeeded, seen, answer, control)


@check("G-3.3.4-02", probe=tokens.granted)
def test_the_ticket_bounds_the_grant(judge: Judge) -> None:
    """A scope that the policy allows and nobody asked for is not granted."""
    answer = judge.exchange("granted")
    granted, ticket = judge.permissions("introspected"), judge.permissions("ticket")
    beyond = excess(granted, judge.permissions("allowed"))
    seen = f"the policy does not allow {shown(beyond)}"
    judge.require("G-3.3.4-02", not beyond, seen, answer)
    more = excess(granted, ticket)
    if more and not beyond:
        judge.remark("G-3.3.4-02", f"nobody asked for {shown(more)}", answer)


@check("G-3.3.4-02", probe=assessment.no_scopes)
def test_a_permission_without_scopes(judge: Judge) -> None:
    """For a permission without scopes no scope is granted, for nobody asked for any."""
    answer = judge.exchange("no scopes")
    row = "G-3.3.4-02"
    seen = f"a ticket without scopes answered {answer.outline}"
    judge.require(row, answer.error != "invalid_grant", seen, answer)
    if answer.succeeded:
        more = excess(judge.permissions("no scopes granted"), {})
        seen = f"scopes that nobody asked for were granted: {shown(more)}"
        judge.require(row, not more, seen, answer)


@check("G-3.3.4-03", "G-3.3.4-06", "G-3.3.4-07", "G-3.3.4-02", probe=assessment.client_scopes)
def test_registered_scopes_widen_the_request(judge: Judge) -> None:
    """A scope that a client is registered for and asks for is added wherever it is available."""
    answer = judge.exchange("registered")
    plain = judge.exchange("not asked for")
    judge.control(plain.succeeded, f"the same without scope: {plain.outline}", plain)
    if not answer.succeeded:
        for row in ("G-3.3.4-03", "G-3.3.4-06", "G-3.3.4-07", "G-3.3.4-02"):
            seen = f"everything was allowed, and the answer was {answer.outline}"
            judge.require(row, False, seen, answer, plain)  # noqa: FBT003 - it fails
        return
    situation = _situation(judge, "registered", asked=True)
    granted = _granted(judge, "registered")
    scope = judge.text("scope")
    with_it = {name for name, scopes in granted.items() if scope in scopes}
    expected = {name for name, found in situation.candidates().items() if scope in found}
    judge.require("G-3.3.4-03", bool(with_it), f"{scope} was granted nowhere", answer)
    seen = f"{scope} was granted on {len(with_it)} of {len(expected)} resources that have it"
    judge.require("G-3.3.4-07", with_it == expected, seen, answer)
    missing = lack(granted, situation.candidates())
    kept = lack(granted, situation.ticket)
    seen = f"asking for a scope took away {shown(kept)}"
    judge.require("G-3.3.4-06", not kept and bool(with_it), seen, answer)
    more = excess(granted, situation.candidates())
    seen = f"the RPT lacks {shown(missing)} and has {shown(more)} too much"
    judge.require("G-3.3.4-02", not missing and not more, seen, answer)


@check("G-3.3.1-23", probe=assessment.several_scopes)
def test_several_scopes_count(judge: Judge) -> None:
    """Two scopes that count alone count as well when one string holds both."""
    for name in ("first", "second"):
        control, scope = judge.exchange(name), judge.text(name)
        got = any(scope in found for found in _granted(judge, name).values())
        judge.control(got, f"{scope} alone was not granted: {control.outline}", control)
    answer = judge.exchange("both")
    scopes = {judge.text("first"), judge.text("second")}
    granted = _granted(judge, "both") if answer.succeeded else {}
    got_both = any(scopes <= found for found in granted.values())
    seen = f"{' and '.join(sorted(scopes))} in one string were not both granted: {answer.outline}"
    judge.require("G-3.3.1-23", got_both, seen, answer)


@check("G-3.3.1-24", probe=assessment.client_scopes)
def test_unregistered_scopes_do_not_count(judge: Judge) -> None:
    """A scope that the client is not registered for is not granted."""
    answer, control = judge.exchange("unregistered"), judge.exchange("registered")
    judge.control(control.succeeded, f"a registered client: {control.outline}", control)
    if not answer.succeeded:
        judge.require("G-3.3.1-24", True, "", answer)  # noqa: FBT003 - an error is allowed
        return
    scope = judge.text("scope")
    granted = _granted(judge, "unregistered").values()
    seen = f"{scope} was granted to a client that is not registered for it"
    judge.require("G-3.3.1-24", not any(scope in found for found in granted), seen, answer)


@check("G-3.3.6-05", "G-3.3.6-07", probe=assessment.client_scopes)
def test_unavailable_scopes_are_invalid(judge: Judge) -> None:
    """A scope that no resource of the ticket has is invalid_scope, with status 400."""
    answer = judge.exchange("unavailable")
    scope = judge.text("scope")
    row = "G-3.3.6-05"
    if answer.succeeded:
        granted = _granted(judge, "unavailable").values()
        seen = f"{scope}, which the resource does not have, was granted"
        if judge.require(row, not any(scope in found for found in granted), seen, answer):
            judge.remark(row, "an RPT without the scope was issued instead of an error", answer)
    else:
        seen = f"it answered {answer.outline}, invalid_scope expected"
        judge.require(row, answer.error == "invalid_scope", seen, answer)
    if answer.error == "invalid_scope":
        seen = f"invalid_scope came with status {answer.status}, 400 expected"
        judge.require("G-3.3.6-07", answer.status == 400, seen, answer)
    else:
        judge.inapplicable("G-3.3.6-07", "the server did not answer with invalid_scope")


@check("G-3.3.4-04", probe=assessment.latest_scopes)
def test_only_the_latest_scopes_count(judge: Judge) -> None:
    """A scope that was asked for in an earlier request only is not granted."""
    answer, first = judge.exchange("without the scope"), judge.exchange("with the scope")
    scope = judge.text("scope")
    granted = judge.permissions("granted").values()
    seen = f"{scope} was granted although only an earlier request asked for it"
    judge.require("G-3.3.4-04", not any(scope in f for f in granted), seen, first, answer)


@check("G-5.6-01", probe=assessment.no_policy)
def test_no_policy_means_no_access(judge: Judge) -> None:
    """A resource without a policy is open to nobody."""
    for label in ("without claims", "with claims"):
        answer = judge.exchange(label)
        seen = f"an RPT was issued {label} for a resource that has no policy"
        judge.require("G-5.6-01", not answer.succeeded, seen, answer)


@check("G-3.1-01", probe=assessment.no_policy)
def test_the_flow_starts_without_policy(judge: Judge) -> None:
    """For a resource without policy a ticket is issued, and it is assessed."""
    answer = judge.exchange("with claims")
    regular = answer.succeeded or bool(answer.error)
    fits = regular and answer.error not in {"invalid_grant", "invalid_request"}
    seen = f"a ticket for a resource without policy answered {answer.outline}"
    judge.require("G-3.1-01", fits and answer.status < 500, seen, answer)


@check("G-6.1-01", "G-3.3.4-01", probe=(assessment.withdrawn, assessment.no_policy))
def test_withdrawal_has_effect(judge: Judge) -> None:
    """After the owner withdraws all policies a new ticket gives no RPT.

    A server that grants what never had a policy does the same here, which G-5.6-01 judges; one that
    refuses that still goes by a policy that is gone.
    """
    before, after = judge.exchange("before"), judge.exchange("after")
    judge.control(before.succeeded, f"before the withdrawal: {before.outline}", before)
    seen = "an RPT was issued after the owner withdrew all policies"
    judge.require("G-6.1-01", not after.succeeded, seen, before, after)
    if after.succeeded and judge.exchange("with claims", 1).succeeded:
        judge.inapplicable("G-3.3.4-01", "without any policy the server grants; see G-5.6-01")
    else:
        judge.require("G-3.3.4-01", not after.succeeded, seen, before, after)


@check("F-4-03", "F-1.2-02", probe=assessment.owners)
def test_each_owners_policies_decide(judge: Judge) -> None:
    """A ticket got with an owner's PAT is assessed by the policies of that owner."""
    for label, expected in (
        ("hers, her party", True),
        ("hers, their party", False),
        ("theirs, their party", True),
        ("theirs, her party", False),
    ):
        answer = judge.exchange(label)
        for row in ("F-4-03", "F-1.2-02"):
            seen = f"resource and party: {label}: {answer.outline}"
            judge.require(row, answer.succeeded is expected, seen, answer)
