"""Supported profiles and extensions, and where the discovery document lists them (Grant 2, 4)."""

import json

from uma_conformance.checks import check
from uma_conformance.jsonvalue import strings_of
from uma_conformance.judge import Judge
from uma_conformance.outcome import Outcome
from uma_conformance.probes import discovery, tokens


@check("G-2-12", "G-4-02", probe=discovery.document)
def test_supported_profiles_are_listed(judge: Judge) -> None:
    """Each profile that the target file names stands in uma_profiles_supported."""
    answer = judge.exchange("document")
    there = answer.succeeded and bool(answer.members)
    judge.control(there, f"the discovery document: {answer.outline}", answer)
    listed = set(strings_of(answer.members.get("uma_profiles_supported")))
    named = judge.declaration.profiles
    for row in ("G-2-12", "G-4-02"):
        if not named:
            reason = "target.profiles in the target file names no profile to look for"
            judge.leave_row_open(row, Outcome.UNTESTED, reason)
        for uri in named:
            seen = f"{uri} is supported and not listed in uma_profiles_supported"
            judge.require(row, uri in listed, seen, answer)


@check("G-3.3.1-26", probe=(tokens.granted, discovery.document))
def test_claim_token_profiles_are_documented(judge: Judge) -> None:
    """The URI of a claim token format that is taken stands in the discovery document."""
    row, answer = "G-3.3.1-26", judge.exchange("granted")
    judge.control(answer.succeeded, f"a request with pushed claims: {answer.outline}", answer)
    document = judge.exchange("document", 1)
    uri = judge.text("format")
    if ":" not in uri:
        judge.inapplicable(row, "the claim token format of this target is no URI")
        return
    seen = f"claim tokens of the format {uri} count, and the discovery document does not say so"
    judge.require(row, uri in json.dumps(dict(document.members)), seen, answer, document)
