"""Recorded answers turned into garbage: the suite goes on, and nothing passes for it."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from uma_conformance.catalogue import load_catalogue
from uma_conformance.features import standing
from uma_conformance.judge import Declaration
from uma_conformance.kill_matrix import UNMODIFIED, judged_run
from uma_conformance.outcome import Outcome, combine
from uma_conformance.passive.collection import passive_checks
from uma_conformance.session import judge
from uma_conformance.suite.collection import checks_for
from uma_conformance.trace import Evidence, Exchange, Response
from uma_reference.faults import all_faults

pytestmark = pytest.mark.usefixtures("unmeasured")

_FAULTS = {fault.id: fault for fault in all_faults()}
_CHECKS = checks_for("as")
_BITS = ("{", "}", "[", "]", '"', ":", ",", "\\", "\\ud800", "null", "true", "NaN", "1e999999")
_MORE = ("Infinity", "-0", "9" * 10_000, "\ufeff", "\x00", "\x1a\\xff", "active", "error", "ticket")
_TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from((*_BITS, *_MORE)), max_size=12).map("".join),
    st.integers(1, 100_000).map(lambda depth: "[" * depth),
    st.integers(1, 2_000).map(lambda depth: '{"a":' * depth + "1" + "}" * depth),
)
_HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                *("content-type", "location", "cache-control", "pragma", "www-authenticate"),
                *("refresh", "set-cookie", "content-length", "x-odd"),
            )
        ),
        # What a header may hold on the wire, read as Latin-1.
        st.binary(max_size=40).map(lambda value: value.decode("latin-1")),
    ),
    max_size=4,
).map(tuple)


@functools.cache
def recorded(fault: str) -> tuple[Evidence, Declaration]:
    """Return what a run against a fault recorded."""
    with judged_run(_FAULTS.get(fault, UNMODIFIED)) as run:
        return run.evidence, run.declaration


def with_response(
    evidence: Evidence, number: int, change: Callable[[Response], Response]
) -> Evidence:
    """Return a trace in which the answer of one exchange is another one."""

    def changed(exchange: Exchange) -> Exchange:
        if exchange.number != number or exchange.response is None:
            return exchange
        return replace(exchange, response=change(exchange.response))

    episodes = {
        name: replace(item, steps={label: changed(step) for label, step in item.steps.items()})
        for name, item in evidence.episodes.items()
    }
    return Evidence(tuple(map(changed, evidence.exchanges)), episodes)


def with_body(change: Callable[[str], str], old: Response) -> Response:
    return replace(old, body=change(old.body))


def exchange_headers(exchange: Exchange) -> tuple[tuple[str, str], ...]:
    return exchange.response.headers if exchange.response else ()


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_no_answer_breaks_a_check(data: st.DataObject) -> None:
    """Whatever the answers of a kind say, in body and headers, each row gets an outcome."""
    evidence, declaration = recorded("")
    answered = [exchange for exchange in evidence.exchanges if exchange.answered]
    chosen = data.draw(st.lists(st.sampled_from(answered), min_size=1, max_size=3), label="answers")
    for exchange in chosen:
        body, headers = data.draw(_TEXTS, label="body"), data.draw(_HEADERS, label="headers")
        kept = (
            () if data.draw(st.booleans(), label="no other headers") else exchange_headers(exchange)
        )
        change = functools.partial(replace, body=body, headers=(*kept, *headers))
        evidence = with_response(evidence, exchange.number, change)
    broken = [judge(check, evidence, declaration).fault_of_suite for check in _CHECKS]
    assert [fault for fault in broken if fault] == []
    for passive in passive_checks():
        assert passive.judge(evidence, declaration).fault_of_suite == ""
    names = {name for row in load_catalogue() for name in row.needs}
    assert standing(names, declaration.features, evidence).keys() == names


# Each of them is seen in the content of an answer, and would be missed if that could be lost.
_SEEN_IN_CONTENT = (
    *("read-other-id", "update-merges", "list-of-everybody", "introspection-open"),
    *("success-with-scope", "need-info-same-ticket", "need-info-dead-ticket", "upgraded-as-string"),
    *("introspection-with-scope", "permission-id-as-number", "permission-exp-in-milliseconds"),
    *("pct-without-agreement", "submitted-dead-ticket", "discovery-null-member"),
    *("permission-error-as-array", "profiles-no-uris", "resource-before-pat", "error-twice"),
)
_BAD = frozenset({Outcome.FAILED, Outcome.CANT_TELL})
_GARBAGE: Mapping[str, Callable[[str], str]] = {
    "nothing": lambda _: "",
    "half of it": lambda body: body[: len(body) // 2],
    "null": lambda _: "null",
    "no JSON": lambda _: "\x1a\\xff\x1a\\xfe",
    "no UTF-8 inside": lambda body: f"{body[:-1]}\x1a\\xff{body[-1:]}",
    "deep nesting": lambda _: "[" * 50_000,
    "a number out of range": lambda body: f'{{"x": 1e999999, {body[1:]}',
    "ten thousand digits": lambda body: f'{{"x": {"9" * 10_000}, {body[1:]}',
    "NaN": lambda body: f'{{"x": NaN, {body[1:]}',
    "half a character": lambda body: f'{{"x": "\\ud800", {body[1:]}',
    "a byte order mark": lambda body: f"\ufeff{body}",
    "two values": lambda body: f'{{"error": 1, "error": 2, {body[1:]}',
}


@pytest.mark.parametrize("fault", _SEEN_IN_CONTENT)
def test_what_cannot_be_read_does_not_turn_into_a_pass(fault: str) -> None:
    """A row that failed or stayed open by an answer does not pass when the answer is lost."""
    evidence, declaration = recorded(fault)
    lost: list[tuple[str, str, int]] = []
    failed = 0
    for check in _CHECKS:
        found = judge(check, evidence, declaration).findings
        before = {row: combine(f.outcome for f in found if f.row == row) for row in check.rows}
        bad = [row for row, outcome in before.items() if outcome in _BAD]
        failed += sum(outcome is Outcome.FAILED for outcome in before.values())
        for number in sorted(
            {number for item in found if item.row in bad for number in item.exchanges}
        )[:5]:
            for garbage, change in _GARBAGE.items():
                changed = with_response(evidence, number, functools.partial(with_body, change))
                after = judge(check, changed, declaration)
                assert after.fault_of_suite == ""
                outcomes = {
                    row: combine(f.outcome for f in after.findings if f.row == row) for row in bad
                }
                lost += [
                    (row, garbage, number)
                    for row, outcome in outcomes.items()
                    if outcome is Outcome.PASSED
                ]
    assert failed
    assert lost == []
