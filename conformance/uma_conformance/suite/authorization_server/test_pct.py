"""Persisted claims tokens: what they reveal, whom they serve, and where they show (Grant 3.3.5)."""

import re

from uma_conformance.actors.client import TOKEN
from uma_conformance.checks import check
from uma_conformance.jsonvalue import array_of
from uma_conformance.judge import Judge
from uma_conformance.probes import pct
from uma_conformance.trace import Exchange

_ASSESSED = frozenset({"need_info", "request_denied", "request_submitted"})
_FEWEST_BITS = 100
_USUAL_BITS = 128
_FEW = 8


@check("G-3.3.5-07", probe=pct.presented)
def test_a_pct_spares_the_claims(judge: Judge) -> None:
    """A fresh PCT stands for the claims that were given when it was issued."""
    before = judge.exchange(f"{pct.SAME}: neither")
    told = f"a request without claims: {before.outline}"
    judge.control(before.error in _ASSESSED, told, before)
    answer = judge.exchange(f"{pct.SAME}: alone")
    seen = f"with a PCT that stands for the claims: {answer.outline}"
    judge.require("G-3.3.5-07", answer.succeeded, seen, before, answer)


@check("G-3.3.5-08", "G-5.4-02", probe=pct.sample)
def test_pcts_cannot_be_guessed(judge: Judge) -> None:
    """PCTs come from a space that is too large to search, and each stands for one party.

    The estimate is an upper bound, so a failure is certain and a pass is not. A server may give one
    PCT again for the same party and client.
    """
    shared = judge.fact("shared by parties") is True
    found, distinct = judge.fact("bits"), judge.fact("distinct")
    space = found if isinstance(found, int) else 0
    few = isinstance(distinct, int) and distinct < _FEW
    for row in ("G-3.3.5-08", "G-5.4-02"):
        judge.require(row, not shared, "two requesting parties got the same PCT")
        seen = f"PCTs differ in at most {space} bits, at least {_FEWEST_BITS} expected"
        judge.require(row, space >= _FEWEST_BITS, seen)
        if few:
            judge.remark(row, f"only {distinct} different PCTs came, so that little can be said")
        elif _FEWEST_BITS <= space < _USUAL_BITS:
            judge.remark(row, f"PCTs differ in at most {space} bits; 128 are usual")


@check("G-3.3.5-09", "G-3.3.5-10", probe=pct.issued)
def test_a_pct_reveals_no_claims(judge: Judge) -> None:
    """Neither values nor names of claims can be read in a PCT, however it is decoded."""
    answer = judge.exchange("issued")
    shown = judge.fact("claims shown")
    seen = f"{shown} of the claims of the requesting party can be read in the PCT"
    judge.require("G-3.3.5-09", shown == 0, seen, answer)
    names = ", ".join(map(str, array_of(judge.fact("members read"))))
    seen = f"the PCT is a structure that anybody can read, with the members {names}"
    judge.require("G-3.3.5-10", not names, seen, answer)
    judge.require("G-3.3.5-10", shown == 0, "the PCT holds claims that anybody can read", answer)


def _issued(judge: Judge) -> frozenset[str]:
    """Return the PCTs that token responses held, as they stand in the recording."""
    answers = (e for e in judge.evidence.at(TOKEN) if e.succeeded)
    values = (answer.members.get("pct") for answer in answers)
    return frozenset(value for value in values if isinstance(value, str) and value)


def _shows(answer: Exchange, values: re.Pattern[str]) -> bool:
    response = answer.response
    if response is None:
        return False
    sent = (response.body, *(value for _, value in response.headers))
    return any(values.search(text) for text in sent)


@check("G-5.2-04", "G-5.2-07", probe=(pct.issued, pct.sample), whole_trace=True)
def test_a_pct_is_shown_to_nobody_else(judge: Judge) -> None:
    """A PCT stands in token responses over TLS and in nothing else that the server sends."""
    judge.exchange("issued")
    # One pattern for all, as every answer is looked at; without any PCT it matches nothing.
    values = re.compile("|".join(map(re.escape, sorted(_issued(judge)))) or r"(?!)")
    leaks = [e for e in judge.evidence.exchanges if e.endpoint != TOKEN and _shows(e, values)]
    for row in ("G-5.2-04", "G-5.2-07"):
        judge.require(row, not leaks, "the server sent a PCT in another answer", *leaks)
    if judge.has("introspected") is False:
        judge.inapplicable("G-5.2-07", "nothing was introspected after a PCT was issued")
    shared = judge.fact("shared by clients", 1) is True
    judge.require("G-5.2-07", not shared, "two clients were given the same PCT")
    if not judge.declaration.allow_http:
        plain = [
            answer
            for answer in judge.evidence.at(TOKEN)
            if answer.members.get("pct") and answer.request.url.startswith("http:")
        ]
        judge.require("G-5.2-04", not plain, "a PCT was sent without TLS", *plain)


@check("G-5.2-09", probe=pct.foreign)
def test_a_pct_is_tied_to_its_client(judge: Judge) -> None:
    """Another client gets nothing by a PCT that was issued to the first one."""
    able = judge.exchange("other client with claims")
    judge.control(able.succeeded, f"the other client with claims: {able.outline}", able)
    before = judge.exchange("other client with nothing")
    judge.control(not before.succeeded, "the other client got an RPT with nothing", before)
    own = judge.exchange("own")
    judge.control(own.succeeded, f"the client with its own PCT: {own.outline}", own)
    answer = judge.exchange("foreign")
    seen = "another client got an RPT by a PCT that was not issued to it"
    judge.require("G-5.2-09", not answer.succeeded, seen, own, before, answer)


@check("G-3.3.1-14", probe=pct.presented)
def test_a_pct_may_be_left_out(judge: Judge) -> None:
    """A client that was given a PCT may go on without it."""
    issued, answer = judge.exchange("issued"), judge.exchange(f"{pct.SAME}: without it")
    judge.control(issued.succeeded, f"the request before: {issued.outline}", issued)
    seen = f"the same request, after a PCT was issued and without it: {answer.outline}"
    judge.require("G-3.3.1-14", answer.succeeded, seen, issued, answer)


@check("G-3.3.1-15", "G-3.3.1-17", "G-3.3.1-18", probe=pct.presented)
def test_a_pct_is_taken_everywhere(judge: Judge) -> None:
    """No request is refused because of a PCT: for this resource, another one, elsewhere."""
    for row, place in (
        ("G-3.3.1-15", pct.SAME),
        ("G-3.3.1-17", pct.ANOTHER),
        ("G-3.3.1-18", pct.ELSEWHERE),
    ):
        control = judge.exchange(f"{place}: without it")
        if not control.succeeded:
            judge.cant_tell(row, f"{place}, with claims alone: {control.outline}", control)
            continue
        both = judge.exchange(f"{place}: beside claims")
        seen = f"{place}, with claims and a PCT: {both.outline}"
        judge.require(row, both.succeeded, seen, both, control)
        # A server may want claims with every request; then a PCT alone is no control of anything.
        nothing, alone = judge.exchange(f"{place}: neither"), judge.exchange(f"{place}: alone")
        if _is_assessed(nothing):
            seen = f"{place}, with a PCT alone: {alone.outline}"
            judge.require(row, _is_assessed(alone), seen, nothing, alone)


def _is_assessed(answer: Exchange) -> bool:
    return answer.succeeded or answer.error in _ASSESSED


@check("G-6.2-02", probe=pct.unasked)
def test_nobody_is_remembered_without_being_asked(judge: Judge) -> None:
    """A requesting party who did not agree to be remembered leaves no PCT behind.

    Where claims are pushed, an agreement may cover that they are kept, which cannot be seen.
    """
    row = "G-6.2-02"
    pushed = judge.fact("by visit alone") is not True
    if pushed:
        told = "a PCT came after pushed claims, without a page: an agreement has to cover that"
        judge.remark(row, told, judge.exchange("pushed"))
    if not pushed or judge.has("visited"):
        answer = judge.exchange("visited")
        judge.control(answer.succeeded, f"the request after a visit: {answer.outline}", answer)
        seen = "a PCT came although the requesting party did not agree to be remembered"
        judge.require(row, not answer.members.get("pct"), seen, answer)
