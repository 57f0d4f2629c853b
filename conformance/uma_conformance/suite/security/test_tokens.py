"""RPTs and refresh tokens: guessed, refreshed and revoked by others (RFC 6749 10)."""

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes.security import tokens

_FEWEST_BITS = 64
_USUAL_BITS = 128


@check("SEC-TOKEN-01", probe=tokens.sample)
def test_rpts_cannot_be_guessed(judge: Judge) -> None:
    """RPTs are all different, and are signed or come from a space too large to search.

    The estimate is an upper bound, so a failure is certain and a pass is not.
    """
    collected, distinct = judge.fact("collected"), judge.fact("distinct")
    # A server may hand out the same RPT again as long as it is good for the same.
    enough = isinstance(distinct, int) and distinct > 1
    signed, bare = judge.fact("web tokens"), judge.fact("without a signature")
    if bare:
        seen = f"{bare} of {collected} RPTs are JSON Web Tokens without a signature"
        judge.require("SEC-TOKEN-01", holds=False, message=seen)
        return
    if signed == collected:
        judge.require("SEC-TOKEN-01", holds=True, message="")
        return
    judge.control(enough, "all RPTs for the same party, client and resource were the same")
    found = judge.fact("bits")
    space = found if isinstance(found, int) else 0
    seen = f"RPTs differ in at most {space} bits, at least {_FEWEST_BITS} expected"
    judge.require("SEC-TOKEN-01", space >= _FEWEST_BITS, seen)
    if _FEWEST_BITS <= space < _USUAL_BITS:
        judge.remark("SEC-TOKEN-01", f"RPTs differ in at most {space} bits; 128 are usual")
    if distinct != collected:
        seen = f"only {distinct} of {collected} RPTs were different"
        judge.remark("SEC-TOKEN-01", seen)


@check("SEC-REFRESH-01", probe=tokens.refreshed_by_another)
def test_refresh_tokens_are_tied_to_their_client(judge: Judge) -> None:
    """A refresh token gives nothing to another client."""
    control = judge.exchange("control")
    judge.control(control.succeeded, f"its own client: {control.outline}", control)
    answer = judge.exchange("another client")
    seen = "another client got an access token with a refresh token that is not its own"
    judge.require("SEC-REFRESH-01", not answer.succeeded, seen, answer, control)


@check("SEC-REVOKE-01", probe=tokens.revoked_by_another)
def test_rpts_are_revoked_by_their_client_only(judge: Judge) -> None:
    """An RPT stays active when another client asks for its revocation."""
    before, answer = judge.exchange("before another client"), judge.exchange("another client")
    active = judge.fact("active before another client") is True
    judge.control(active, "the RPT was not active before", before)
    own = judge.exchange("own client")
    ended = judge.fact("active after own client") is False
    after = judge.exchange("after another client")
    still = judge.fact("active after another client")
    if still is True:
        judge.control(ended, "its own client could not revoke it either", own)
    seen = "an RPT was not active any more after another client asked for its revocation"
    judge.require("SEC-REVOKE-01", still is True, seen, answer, after)
