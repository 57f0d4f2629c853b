"""Claim tokens that an attacker made out of good ones (RFC 8725, Grant 5.7)."""

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes.security import claims
from uma_conformance.trace import Exchange


def _control(judge: Judge, label: str, what: str) -> Exchange:
    control = judge.exchange(label)
    judge.control(control.succeeded, f"{what}: {control.outline}", control)
    return control


@check("SEC-CLAIM-01", probe=claims.unsigned)
def test_claim_tokens_need_a_signature(judge: Judge) -> None:
    """A claim token without its signature grants nothing, whatever its header says."""
    control = _control(judge, "control", "the same claim token with its signature")
    for label in claims.UNSIGNED:
        answer = judge.exchange(label)
        seen = f"an RPT was issued on a claim token without a signature, {label}"
        judge.require("SEC-CLAIM-01", not answer.succeeded, seen, answer, control)


@check("SEC-CLAIM-02", probe=claims.exchanged)
def test_signatures_hold_the_claims_together(judge: Judge) -> None:
    """Claims of one party under the signature of another party's token grant nothing."""
    control = _control(judge, "control", "her own claim token")
    answer = judge.exchange("exchanged")
    seen = "an RPT was issued on claims that were exchanged after the token was signed"
    judge.require("SEC-CLAIM-02", not answer.succeeded, seen, answer, control)


@check("SEC-CLAIM-03", probe=claims.passed_on)
def test_claim_tokens_are_for_their_client(judge: Judge) -> None:
    """A claim token that is meant for one client grants nothing when another one pushes it."""
    if judge.fact("for one client") is not True:
        reason = "the audience of claim tokens is not the identifier of one client alone"
        judge.inapplicable("SEC-CLAIM-03", reason)
        return
    own = _control(judge, "own client", "the client that the claim token is for")
    other = _control(judge, "another client, own token", "another client with its own claim token")
    answer = judge.exchange("another client")
    seen = "an RPT was issued to another client than the one that the claim token is for"
    judge.require("SEC-CLAIM-03", not answer.succeeded, seen, answer, own, other)
