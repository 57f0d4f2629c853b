"""RPT requests and their parameters (Grant 3.3.1), seen from the server's side."""

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes import tokens
from uma_conformance.trace import Exchange

_ASSESSED = frozenset({"need_info", "request_denied", "request_submitted"})


def _control(judge: Judge) -> Exchange:
    control = judge.exchange("control")
    judge.control(control.succeeded, f"the unaltered request: {control.outline}", control)
    return control


@check("G-1.1-01", probe=tokens.parameters)
def test_parameters_are_case_sensitive(judge: Judge) -> None:
    """A parameter name, grant type or ticket in another case is not the one that is meant."""
    control = _control(judge)
    for label in (
        "ticket in another case",
        "ticket value in another case",
        "grant type in another case",
    ):
        answer = judge.exchange(label)
        judge.require("G-1.1-01", not answer.succeeded, f"{label}: an RPT", answer, control)


@check("G-3.3.1-02", "G-3.3.1-04", probe=tokens.parameters)
def test_required_parameters_are_required(judge: Judge) -> None:
    """Without grant_type or ticket there is no RPT."""
    control = _control(judge)
    for row, label in (("G-3.3.1-02", "no grant type"), ("G-3.3.1-04", "no ticket")):
        answer = judge.exchange(label)
        judge.require(row, not answer.succeeded, f"{label}: an RPT was issued", answer, control)
        if not answer.succeeded and answer.error != "invalid_request":
            judge.remark(row, f"{label}: {answer.outline}, invalid_request is usual", answer)


@check("G-3.3.1-03", "G-3.3-02", probe=tokens.granted)
def test_the_grant_type_is_known(judge: Judge) -> None:
    """The grant type is recognised, and a ticket straight from the resource server is taken."""
    answer = judge.exchange("granted")
    for row in ("G-3.3.1-03", "G-3.3-02"):
        known = answer.error not in {"unsupported_grant_type", "invalid_grant"}
        seen = f"an RPT request with a fresh ticket answered {answer.outline}"
        judge.require(row, known and answer.status not in {404, 405, 501}, seen, answer)


@check("G-3.3.1-06", "G-3.3.1-11", probe=tokens.parameters)
def test_claims_are_optional(judge: Judge) -> None:
    """A request without claim_token and claim_token_format is processed."""
    _control(judge)
    answer = judge.exchange("no claims")
    processed = answer.succeeded or answer.error not in {"invalid_request", ""}
    for row in ("G-3.3.1-06", "G-3.3.1-11"):
        seen = f"a request without claims was not processed: {answer.outline}"
        judge.require(row, processed and answer.status < 500, seen, answer)
        if processed and not answer.succeeded and answer.error not in _ASSESSED:
            judge.remark(row, f"it was answered with error {answer.error!r}", answer)


@check("G-3.3.1-13", "G-3.3.1-19", "G-3.3.1-22", probe=tokens.granted)
def test_optional_parameters_may_be_left_out(judge: Judge) -> None:
    """A request without rpt and scope, with a URI as claim token format, is processed."""
    answer = judge.exchange("granted")
    for row in ("G-3.3.1-19", "G-3.3.1-22"):
        processed = answer.error not in {"invalid_request", "invalid_scope"}
        seen = f"a request without rpt and scope: {answer.outline}"
        judge.require(row, processed and 0 < answer.status < 500, seen, answer)
    if ":" not in judge.text("format"):
        judge.inapplicable("G-3.3.1-13", "the claim token format of this target is no URI")
    else:
        processed = answer.error != "invalid_request" and 0 < answer.status < 500
        seen = f"a URI as claim token format: {answer.outline}"
        judge.require("G-3.3.1-13", processed, seen, answer)


@check("G-1.2-01", probe=tokens.owner_as_party)
def test_the_owner_may_be_the_requesting_party(judge: Judge) -> None:
    """The resource owner herself can be the requesting party."""
    control, answer = judge.exchange("control"), judge.exchange("owner")
    judge.control(control.succeeded, f"another party: {control.outline}", control)
    seen = f"the owner as requesting party: {answer.outline}"
    judge.require("G-1.2-01", answer.succeeded, seen, answer)


@check("G-1.3-01", probe=tokens.distinct)
def test_rpts_are_distinct(judge: Judge) -> None:
    """RPTs for different parties and clients are different."""
    judge.require(
        "G-1.3-01",
        judge.fact("distinct for different parties and clients") is True,
        "one RPT was issued for different requesting parties or clients",
        judge.exchange("first"),
        judge.exchange("another party"),
        judge.exchange("another client"),
    )


@check("G-3.3.5.1-08", probe=tokens.distinct)
def test_older_rpts_live_on(judge: Judge) -> None:
    """An RPT is still active after another one was issued without upgrading."""
    label = "first afterwards"
    again = f"{label} (as client)"
    answer = judge.exchange(again if judge.has(again) else label)
    last = judge.exchange("the same again")
    seen = "an older RPT is no longer active after a new one was issued"
    judge.require("G-3.3.5.1-08", answer.members.get("active") is True, seen, answer, last)
