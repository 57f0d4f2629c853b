"""What answers tell about the inside of a server, and secrets that they repeat (CWE-209)."""

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes.security import hard_input
from uma_conformance.suite.security.leaks import inner_name, repeated, secrets_in, trace, version

_PROBES = (hard_input.token_endpoint, hard_input.protection_api, hard_input.wrong_credentials)


def _malformed_requests_were_answered(judge: Judge) -> None:
    answered = any(
        step.answered for number in (0, 1) for step in judge.episode(number).steps.values()
    )
    judge.control(answered, "no malformed request was answered")


@check("SEC-LEAK-01", probe=_PROBES, whole_trace=True)
def test_no_answer_has_a_stack_trace(judge: Judge) -> None:
    """No answer shows where the program broke."""
    _malformed_requests_were_answered(judge)
    for exchange in judge.evidence.exchanges:
        found = trace(exchange)
        if found:
            seen = f"the answer has a stack trace, as in {found!r}"
            judge.require("SEC-LEAK-01", not found, seen, exchange)
    judge.require("SEC-LEAK-01", holds=True, message="")


@check("SEC-LEAK-02", probe=_PROBES, whole_trace=True)
def test_no_error_repeats_a_secret(judge: Judge) -> None:
    """No error repeats credentials, tokens or claim tokens that were good in another request."""
    control = judge.exchange("control", 2)
    judge.control(control.succeeded, f"good credentials and claims: {control.outline}", control)
    good = {
        secret
        for exchange in judge.evidence.exchanges
        if exchange.succeeded
        for secret in secrets_in(exchange.request)
    }
    for exchange in judge.evidence.exchanges:
        found = repeated(exchange, good)
        if found:
            seen = f"the error repeats a secret of the request ({found.partition(':')[0]})"
            judge.require("SEC-LEAK-02", not found, seen, exchange)
    judge.require("SEC-LEAK-02", holds=True, message="")


@check("SEC-LEAK-03", probe=_PROBES, whole_trace=True)
def test_no_answer_names_what_is_inside(judge: Judge) -> None:
    """No answer names files, folders or classes of the program."""
    _malformed_requests_were_answered(judge)
    for exchange in judge.evidence.exchanges:
        found = inner_name(exchange)
        if found:
            seen = f"the answer names what is inside of the server: {found!r}"
            judge.require("SEC-LEAK-03", not found, seen, exchange)
    judge.require("SEC-LEAK-03", holds=True, message="")


@check("SEC-LEAK-04", probe=_PROBES, whole_trace=True)
def test_no_answer_tells_versions(judge: Judge) -> None:
    """No header tells the version of the software."""
    _malformed_requests_were_answered(judge)
    told: set[str] = set()
    for exchange in judge.evidence.exchanges:
        found = version(exchange)
        if found and found not in told:
            told.add(found)
            seen = f"a header tells the version of the software: {found}"
            judge.require("SEC-LEAK-04", not found, seen, exchange)
    judge.require("SEC-LEAK-04", holds=True, message="")
