"""Token revocation by the client (Grant 3.7)."""

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes import revocation


@check("G-3.7-01", probe=revocation.rpt)
def test_a_revoked_rpt_is_not_active(judge: Judge) -> None:
    """An RPT that its client revokes is not active any more."""
    row = "G-3.7-01"
    for name in revocation.HINTS:
        before, after = judge.fact(f"{name}: before"), judge.fact(f"{name}: after")
        revoked = judge.exchange(f"{name}: revoked")
        judge.control(before is True, "an RPT was not active before it was revoked", revoked)
        seen = f"the revocation of an RPT {name}: {revoked.outline}, 200 expected"
        if not judge.require(row, revoked.status == 200, seen, revoked):
            continue
        if isinstance(after, bool):
            seen = f"an RPT is still active after its revocation {name}"
            judge.require(row, not after, seen, revoked)
        else:
            judge.cant_tell(row, "introspection did not say whether the RPT is active", revoked)


@check("G-3.7-02", probe=revocation.refresh_token)
def test_a_revoked_refresh_token_is_invalid(judge: Judge) -> None:
    """A refresh token that its client revokes is invalid_grant."""
    row = "G-3.7-02"
    before, revoked = judge.exchange("before"), judge.exchange("revoked")
    judge.control(before.succeeded, f"the refresh before: {before.outline}", before)
    seen = f"the revocation of a refresh token: {revoked.outline}, 200 expected"
    if judge.require(row, revoked.status == 200, seen, revoked):
        after = judge.exchange("after")
        seen = f"a revoked refresh token: {after.outline}, error 'invalid_grant' expected"
        judge.require(row, after.error == "invalid_grant", seen, before, revoked, after)


@check("G-3.7-03", probe=revocation.pct)
def test_a_revoked_pct_brings_no_claims(judge: Judge) -> None:
    """A PCT that its client revokes, with or without the hint, stands for nothing any more."""
    row = "G-3.7-03"
    for name in revocation.PCT_HINTS:
        nothing, before = judge.exchange(f"{name}: nothing"), judge.exchange(f"{name}: before")
        judge.control(not nothing.succeeded, "a request with nothing got an RPT", nothing)
        judge.control(before.succeeded, f"a request with the PCT: {before.outline}", before)
        revoked, after = judge.exchange(f"{name}: revoked"), judge.exchange(f"{name}: after")
        seen = f"the revocation of a PCT {name}: {revoked.outline}, 200 expected"
        if judge.require(row, revoked.status == 200, seen, revoked):
            seen = f"a PCT still brings its claims after its revocation {name}"
            judge.require(row, not after.succeeded, seen, before, revoked, after)


@check("G-3.7-04", probe=revocation.pct)
def test_the_hint_pct_is_known(judge: Judge) -> None:
    """The hint pct does no harm where a PCT is revoked."""
    revoked = judge.exchange("with the hint: revoked")
    without = judge.exchange("without a hint: revoked")
    seen = f"token_type_hint=pct: {revoked.outline}, and without the hint: {without.outline}"
    judge.require("G-3.7-04", revoked.succeeded, seen, without, revoked)
