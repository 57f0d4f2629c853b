"""Refreshing RPTs (Grant 3.6)."""

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes import refresh
from uma_conformance.trace import Exchange

_ASSESSED = frozenset({"need_info", "request_denied", "request_submitted"})


@check("G-3.6-02", probe=refresh.renewed)
def test_an_rpt_can_be_refreshed(judge: Judge) -> None:
    """A refresh token gives a new RPT that counts, also when the old one has expired."""
    row = "G-3.6-02"
    granted, answer = judge.exchange("granted"), judge.exchange("refreshed")
    there = answer.succeeded and bool(answer.members.get("access_token"))
    seen = f"a refresh with policies unchanged: {answer.outline}"
    if not judge.require(row, there, seen, granted, answer):
        return
    if judge.has("RPT before") and judge.has("RPT refreshed"):
        before, after = judge.exchange("RPT before"), judge.exchange("RPT refreshed")
        dead = before.members.get("active") is True and after.members.get("active") is False
        seen = "the refreshed RPT is inactive from the beginning, as the one before was not"
        if not judge.require(row, not dead, seen, granted, before, answer, after):
            return
    early = judge.episode().facts.get("not outlived")
    if early is not None:
        judge.remark(row, f"a refresh after the RPT expired was not tried: {early}", answer)
        return
    later = judge.exchange("refreshed after expiry")
    there = later.succeeded and bool(later.members.get("access_token"))
    seen = f"a refresh after the RPT expired: {later.outline}"
    judge.require(row, there, seen, answer, later)


@check("G-3.6-04", probe=(refresh.widened, refresh.renewed, refresh.stricter))
def test_nothing_is_assessed_on_refresh(judge: Judge) -> None:
    """A refresh brings no more permissions than before, and no result of an assessment.

    That the owner withdrew a policy may end the refresh token or make the RPT narrower.
    """
    control = judge.exchange("refreshed", 1)
    judge.control(control.succeeded, f"a refresh: {control.outline}", control)
    before = judge.permissions("granted")
    for label in refresh.WIDENED:
        answer = judge.exchange(label)
        _require_unassessed(judge, answer, "after the owner allowed more")
        if answer.succeeded:
            now = judge.permissions(f"{label} granted")
            more = {r for r, scopes in now.items() if scopes - before.get(r, frozenset())}
            seen = "a refreshed RPT permits more than the one before it"
            judge.require("G-3.6-04", not (more or now.keys() - before.keys()), seen, answer)
    for label in refresh.STRICTER:
        answer = judge.exchange(label, 2)
        _require_unassessed(judge, answer, f"after the policy was {label}")


def _require_unassessed(judge: Judge, answer: Exchange, when: str) -> None:
    assessed = answer.error in _ASSESSED or "ticket" in answer.members
    seen = f"a refresh {when}: {answer.outline}, which only an assessment can tell"
    judge.require("G-3.6-04", not assessed, seen, answer)
