"""Answers that cannot be read, or not clearly: no row passes by them."""

import pytest

from uma_conformance.judge import Declaration, Judge
from uma_conformance.legible import illegible, repeated
from uma_conformance.outcome import Outcome, combine
from uma_conformance.trace import Episode, Evidence, Exchange, Request, Response, parse_json

_ROW = "F-5.1.1-02"
_TEN_THOUSAND = "9" * 10_000


def exchange(
    body: str, endpoint: str = "introspection", status: int = 200, method: str = "POST"
) -> Exchange:
    return Exchange(
        7,
        "p",
        "l",
        "",
        "rs",
        "as",
        endpoint,
        Request(method, "https://as.example/x", ()),
        Response(status, (), body),
    )


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "null",
        '"text"',
        "[]",
        '{"active": NaN}',
        '{"active": Infinity}',
        '{"exp": 1e999999}',
        '{"exp": -1e999999}',
        f'{{"exp": {_TEN_THOUSAND}}}',
        "[" * 100_000,
        '{"a\x1a\\xff": 1}',
        "\ufeff{}",
        '{"active": true, "active": false}',
        '{"active": true, "active": 1}',
        '{"permissions": [{"resource_id": "a", "resource_id": "b"}]}',
    ],
)
def test_what_cannot_be_read_is_told(body: str) -> None:
    assert illegible(exchange(body))


@pytest.mark.parametrize("body", ["{}", '{"active": true}', '{"active": true, "active": true}'])
def test_what_can_be_read_is_fine(body: str) -> None:
    assert not illegible(exchange(body))


@pytest.mark.parametrize(
    ("body", "endpoint", "status", "method"),
    [
        ("", "resource registration", 204, "PUT"),
        ("", "resource registration", 200, "DELETE"),
        ("", "resource registration", 404, "GET"),
        ('["a"]', "resource registration", 200, "GET"),
        ("<html>", "permission", 401, "POST"),
        ("<html>", "permission", 405, "PUT"),
        ("<html>", "claims interaction", 200, "GET"),
        ("ok", "revocation", 200, "POST"),
        ('{"error": "invalid_grant"}', "token", 400, "POST"),
        ('{"access_token": "x"}', "token", 200, "POST"),
    ],
)
def test_what_need_not_be_json_is_left_alone(
    body: str, endpoint: str, status: int, method: str
) -> None:
    assert not illegible(exchange(body, endpoint, status, method))


@pytest.mark.parametrize(
    ("body", "endpoint", "status"),
    [
        ("<html>", "token", 400),
        ("{}", "token", 400),
        ("{}", "token", 200),
        ("<html>", "token", 502),
        ("<html>", "permission", 400),
    ],
)
def test_errors_that_have_to_be_json_are_held_to_it(body: str, endpoint: str, status: int) -> None:
    assert illegible(exchange(body, endpoint, status))


def test_names_that_stand_twice_are_found_wherever_they_are() -> None:
    body = '{"a": 1, "a": 1, "b": [{"c": {"d": 1}, "c": {"d": 1}}], "e": {"f": 1}, "g": {"f": 2}}'
    assert sorted(repeated(exchange(body))) == ["a", "c"]


def judged(body: str) -> Judge:
    found = exchange(body)
    evidence = Evidence((found,), {"p": Episode("p", {"l": found})})
    judge = Judge((_ROW,), evidence, Declaration("https://as.example"), ["p"])
    answer = judge.exchange("l")
    judge.require(_ROW, "scope" not in answer.members, "there is a scope")
    judge.close()
    return judge


def test_a_row_does_not_pass_by_an_answer_that_cannot_be_read() -> None:
    judge = judged('{"active": tru')
    assert combine(item.outcome for item in judge.findings) is Outcome.CANT_TELL
    assert "exchange 7: it is no JSON" in [item.message for item in judge.findings]


def test_a_row_does_not_pass_by_an_answer_that_says_two_things() -> None:
    judge = judged('{"active": true, "active": false}')
    assert combine(item.outcome for item in judge.findings) is Outcome.CANT_TELL


def test_a_row_passes_with_a_remark_where_a_name_stands_twice_alike() -> None:
    judge = judged('{"active": true, "active": true}')
    assert combine(item.outcome for item in judge.findings) is Outcome.PASSED
    assert [item.message for item in judge.findings if item.remark] == [
        "active stands twice in the answer (RFC 8259 section 4)"
    ]


def test_a_row_that_fails_stays_failed() -> None:
    judge = judged('{"scope": "view", "active": true, "active": false}')
    assert combine(item.outcome for item in judge.findings) is Outcome.FAILED


def test_numbers_that_can_be_held_are_read() -> None:
    assert parse_json("[1e300, -0.0, 123456789012345678901234567890, 1E-999999]") != parse_json("[")
