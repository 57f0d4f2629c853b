"""What answers tell about the inside of a server, and secrets that they repeat (CWE-209)."""

from collections.abc import Callable

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes.security import hard_input
from uma_conformance.suite.security.leaks import inner_name, repeated, secrets_in, trace, version
from uma_conformance.trace import Exchange

_PROBES = (hard_input.token_endpoint, hard_input.protection_api, hard_input.wrong_credentials)


def _malformed_requests_were_answered(judge: Judge) -> None:
    answered = any(
        step.answered for number in (0, 1) for step in judge.episode(number).steps.values()
    )
    judge.control(answered, "no malformed request was answered")


def _no_answer(judge: Judge, row: str, told: Callable[[Exchange], str], words: str) -> None:
    """Judge by all answers that none has what `told` finds; `words` hold a place to name it."""
    for exchange in judge.evidence.exchanges:
        found = told(exchange)
        if found:
            judge.require(row, not found, words.format(found), exchange)
    judge.require(row, holds=True, message="")


@check("SEC-LEAK-01", probe=_PROBES, whole_trace=True)
def test_no_answer_has_a_stack_trace(judge: Judge) -> None:
    """No answer shows where the program broke."""
    _malformed_requests_were_answered(judge)
    _no_answer(judge, "SEC-LEAK-01", trace, "the answer has a stack trace, as in {!r}")


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

    def kind(exchange: Exchange) -> str:
        return repeated(exchange, good).partition(":")[0]

    _no_answer(judge, "SEC-LEAK-02", kind, "the error repeats a secret of the request ({})")


@check("SEC-LEAK-03", probe=_PROBES, whole_trace=True)
def test_no_answer_names_what_is_inside(judge: Judge) -> None:
    """No answer names files, folders or classes of the program."""
    _malformed_requests_were_answered(judge)
    words = "the answer names what is inside of the server: {!r}"
    _no_answer(judge, "SEC-LEAK-03", inner_name, words)


@check("SEC-LEAK-04", probe=_PROBES, whole_trace=True)
def test_no_answer_tells_versions(judge: Judge) -> None:
    """No header tells the version of the software."""
    _malformed_requests_were_answered(judge)
    seen: set[str] = set()

    def new(exchange: Exchange) -> str:
        """Return a version that no answer before told: each is one finding."""
        told = {version(exchange)} - seen
        seen.update(told)
        return "".join(told)

    words = "a header tells the version of the software: {}"
    _no_answer(judge, "SEC-LEAK-04", new, words)
