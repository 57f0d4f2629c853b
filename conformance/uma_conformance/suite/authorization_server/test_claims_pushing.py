"""Claims pushing (Grant 3.3.1, 3.3.6, 5.7)."""

from uma_conformance.checks import check
from uma_conformance.drivers.protocol import Flaw
from uma_conformance.jsonvalue import object_of
from uma_conformance.judge import Judge
from uma_conformance.outcome import Outcome
from uma_conformance.probes import claims
from uma_conformance.trace import Exchange

_UNUSABLE = (str(Flaw.BROKEN_SIGNATURE), str(Flaw.UNTRUSTED_ISSUER), str(Flaw.EXPIRED), "garbage")


def _control(judge: Judge) -> Exchange:
    control = judge.exchange("control")
    judge.control(control.succeeded, f"a good claim token: {control.outline}", control)
    return control


@check("G-3.3.4-08", probe=claims.flawed)
def test_unusable_claims_grant_nothing(judge: Judge) -> None:
    """Claims that were forged, that are out of date or are no claims meet no policy condition."""
    control = _control(judge)
    judged = 0
    for label in _UNUSABLE:
        if judge.has(label):
            judged += 1
            answer = judge.exchange(label)
            seen = f"an RPT was issued on a claim token with this flaw: {label}"
            judge.require("G-3.3.4-08", not answer.succeeded, seen, answer, control)
    judge.control(judged > 0, "no flawed claim token could be made")


@check("G-5.7-02", "G-5.7-03", probe=claims.flawed)
def test_audiences_and_issuers_are_respected(judge: Judge) -> None:
    """Claims of a stranger, or meant for somebody else, grant nothing."""
    control = _control(judge)
    unsupported = object_of(judge.fact("unsupported"))
    for row, flaw in (
        ("G-5.7-02", Flaw.UNTRUSTED_ISSUER),
        ("G-5.7-03", Flaw.WRONG_AUDIENCE),
    ):
        if flaw in unsupported:
            judge.leave_row_open(row, Outcome.UNTESTED, str(unsupported[flaw]))
            continue
        answer = judge.exchange(str(flaw))
        seen = f"an RPT was issued on a claim token with {flaw}"
        judge.require(row, not answer.succeeded, seen, answer, control)


@check("G-3.3.6-08", probe=claims.flawed)
def test_unusable_claims_are_need_info(judge: Judge) -> None:
    """A claim token that cannot be used is answered with need_info."""
    _control(judge)
    labels = [label for label in (*_UNUSABLE, "unknown format") if judge.has(label)]
    judge.control(bool(labels), "no claim token that cannot be used was answered")
    for label in labels:
        answer = judge.exchange(label)
        seen = f"a claim token with this flaw: {label}: {answer.outline}, need_info expected"
        fits = answer.error in {"need_info", "request_denied"}
        judge.require("G-3.3.6-08", fits, seen, answer)


@check("G-3.3.1-09", probe=claims.stages)
def test_claims_may_come_at_any_stage(judge: Judge) -> None:
    """Claims count with the first request, and with a later one."""
    at_once = judge.exchange("at once")
    seen = f"claims with the first request: {at_once.outline}"
    judge.require("G-3.3.1-09", at_once.succeeded, seen, at_once)
    if not judge.has("with claims in the end"):
        judge.inapplicable("G-3.3.1-09", "a request without claims gave no ticket to go on with")
        return
    later = judge.exchange("with claims in the end")
    seen = f"claims with the third request: {later.outline}"
    judge.require("G-3.3.1-09", later.succeeded, seen, later)
