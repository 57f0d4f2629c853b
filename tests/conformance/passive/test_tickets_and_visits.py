"""What is told from several exchanges together, and where it is rather left open."""

from collections.abc import Callable
from typing import Any

import pytest

from uma_conformance.offline import Verdict
from uma_reports import Row

Entry = dict[str, Any]
Make = Callable[..., Entry]
JudgeHar = Callable[..., Verdict]
RowOf = Callable[[Verdict, str], Row]
_UMA = "urn:ietf:params:oauth:grant-type:uma-ticket"
_TICKET = "016f84e8-f9b9-11e0-bd6f-0021cc6004de"
_BACK = "https://client.example/back"


@pytest.fixture
def outcome(har: Make, judge_har: JudgeHar, row_of: RowOf) -> Callable[..., str]:
    def judged(name: str, *entries: Entry) -> str:
        verdict = judge_har(har(*entries))
        assert verdict.faults_of_suite == ()
        row = row_of(verdict, name)
        return "silent" if name in verdict.record.silent_rows else str(row.outcome)

    return judged


@pytest.fixture
def asked(entry: Make) -> Make:
    def made(status: int, answer: object, ticket: str = _TICKET, at: float = 0.0) -> Entry:
        form = {"grant_type": _UMA, "ticket": ticket}
        return entry("POST", "/token", status, answer, form=form, at=at)

    return made


def rpt(name: str) -> dict[str, str]:
    return {"access_token": f"{name}-0123456789", "token_type": "Bearer"}


INVALID = {"error": "invalid_grant"}
DENIED = {"error": "request_denied"}


@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [(200, rpt("two"), "failed"), (400, INVALID, "passed"), (403, DENIED, "passed")],
)
def test_a_ticket_is_good_once(
    status: int, answer: object, expected: str, asked: Make, outcome: Callable[..., str]
) -> None:
    traffic = asked(200, rpt("one")), asked(status, answer)
    assert outcome("G-5.5-02", *traffic) == expected
    assert outcome("G-5.5-03", *traffic) == expected


def test_a_ticket_is_good_once_also_after_a_denial(
    asked: Make, outcome: Callable[..., str]
) -> None:
    assert outcome("G-5.5-03", asked(403, DENIED), asked(200, rpt("one"))) == "failed"


def test_reuse_is_left_open_where_it_is_not_proved(
    asked: Make, outcome: Callable[..., str]
) -> None:
    one = asked(200, rpt("one"))
    # The same exchange, written down by two programs.
    assert outcome("G-5.5-02", one, one) == "silent"
    # Both were under way at once.
    at_once = asked(200, rpt("one"), at=5.0), asked(200, rpt("two"), at=5.01)
    assert outcome("G-5.5-02", *at_once) == "silent"
    # The first one was never assessed.
    refused = asked(400, {"error": "invalid_request"})
    assert outcome("G-5.5-02", refused, one) == "silent"
    # The tickets had been taken out of the file before.
    masked = (asked(200, rpt(name), ticket="[REDACTED]") for name in ("one", "two"))
    assert outcome("G-5.5-02", *masked) == "silent"


def test_a_ticket_comes_back_changed(asked: Make, outcome: Callable[..., str]) -> None:
    def need_info(ticket: str) -> dict[str, object]:
        return {
            "error": "need_info",
            "ticket": ticket,
            "redirect_user": "https://as.example/claims",
        }

    assert outcome("G-3.3.6-14", asked(403, need_info("another-0123456789"))) == "passed"
    assert outcome("G-3.3.6-14", asked(403, need_info(_TICKET))) == "failed"
    masked = asked(403, need_info("[REDACTED]"), ticket="[REDACTED]")
    assert outcome("G-3.3.6-14", masked) == "silent"
    assert outcome("G-3.3.6-09", asked(400, need_info("another-0123456789"))) == "failed"


def test_a_submission_is_judged_by_itself(asked: Make, outcome: Callable[..., str]) -> None:
    submitted = {"error": "request_submitted", "ticket": "another-0123456789", "interval": 5}
    good = asked(403, submitted)
    for row in ("G-3.3.6-38", "G-3.3.6-39", "G-3.3.6-43", "G-3.3.6-45"):
        assert outcome(row, good) == "passed"
    assert outcome("G-3.3.6-38", asked(400, submitted)) == "failed"
    assert outcome("G-3.3.6-39", asked(403, {"error": "request_submitted"})) == "failed"
    assert outcome("G-3.3.6-43", asked(403, {**submitted, "ticket": _TICKET})) == "failed"
    assert outcome("G-3.3.6-45", asked(403, {**submitted, "interval": "5 s"})) == "failed"


@pytest.mark.parametrize("status", [429, 502, 503])
def test_answers_from_before_the_server_are_no_errors_of_it(
    status: int, entry: Make, outcome: Callable[..., str]
) -> None:
    answer = "<html>wait</html>"
    page = {"content-type": "text/html"}
    form = {"grant_type": _UMA, "ticket": _TICKET}
    refused = entry("POST", "/token", status, answer, form=form, received=page)
    for row in ("G-3.3.6-01", "G-1.3.1-01"):
        assert outcome(row, refused) == "silent"


def test_introspection_is_judged_only_for_rpts(
    entry: Make, asked: Make, outcome: Callable[..., str]
) -> None:
    pat = {"authorization": "Bearer pat-0123456789"}

    def shown(token: str, **answer: object) -> Entry:
        return entry(
            "POST", "/introspect", 200, {"active": True, **answer}, form={"token": token}, sent=pat
        )

    rpt_of = asked(200, rpt("one"))
    token = rpt("one")["access_token"]
    # Any other token may well have scopes and no permissions.
    assert outcome("F-5.1.1-03", rpt_of, shown("another-0123456789", scope="a")) == "silent"
    assert outcome("F-5.1.1-02", rpt_of, shown("another-0123456789", scope="a")) == "silent"
    assert outcome("F-5.1.1-03", rpt_of, shown(token)) == "failed"
    one = [{"resource_id": "r", "resource_scopes": ["view"]}]
    assert outcome("F-5.1.1-03", rpt_of, shown(token, permissions=one)) == "passed"
    assert outcome("F-5.1.1-02", shown(token, permissions=one, scope="a")) == "failed"
    assert outcome("F-5.1.1-09", shown(token, permissions=[{"resource_id": "r", "resource_scopes": "view"}])) == "failed"  # fmt: skip # noqa: E501 - one line of a table


@pytest.fixture
def visit(entry: Make) -> Callable[..., tuple[Entry, Entry]]:
    def made(returned: str, state: str = "", back: str = _BACK) -> tuple[Entry, Entry]:
        from urllib.parse import quote  # noqa: PLC0415 - only here

        query = f"client_id=c&ticket={_TICKET}&claims_redirect_uri={quote(back, safe='')}{state}"
        return (
            entry("GET", f"/claims?{query}", 200),
            entry("POST", "/login", 302, received={"location": back + returned}),
        )

    return made


@pytest.mark.parametrize(
    ("row", "returned", "state", "expected"),
    [
        ("G-3.3.3-03", "?ticket=new-0123456789", "", "passed"),
        ("G-3.3.3-03", "", "", "failed"),
        ("G-3.3.3-03", "?error=access_denied", "", "silent"),
        ("G-3.3.3-02", "#ticket=new-0123456789", "", "failed"),
        ("G-3.3.3-05", f"?ticket={_TICKET}", "", "failed"),
        ("G-3.3.3-05", "?ticket=new-0123456789", "", "passed"),
        ("G-3.3.3-07", "?ticket=new-0123456789&state=abcdefgh", "&state=abcdefgh", "passed"),
        ("G-3.3.3-07", "?ticket=new-0123456789&state=other", "&state=abcdefgh", "failed"),
        ("G-3.3.3-07", "?ticket=new-0123456789", "&state=abcdefgh", "failed"),
        ("G-3.3.3-08", "?ticket=new-0123456789", "", "passed"),
        ("G-3.3.3-08", "?ticket=new-0123456789&state=", "", "failed"),
    ],
)
def test_a_visit_is_judged_by_its_beginning_and_end(
    row: str,
    returned: str,
    state: str,
    expected: str,
    visit: Callable[..., tuple[Entry, Entry]],
    outcome: Callable[..., str],
) -> None:
    assert outcome(row, *visit(returned, state)) == expected


def test_the_query_of_a_redirection_uri_is_kept(
    visit: Callable[..., tuple[Entry, Entry]], entry: Make, outcome: Callable[..., str]
) -> None:
    begin, end = visit("&ticket=new-0123456789", back=f"{_BACK}?tenant=7")
    assert outcome("G-3.3.2-13", begin, end) == "passed"
    lost = entry("POST", "/login", 302, received={"location": f"{_BACK}?ticket=new-0123456789"})
    assert outcome("G-3.3.2-13", begin, lost) == "failed"


def test_interleaved_visits_are_left_open(
    visit: Callable[..., tuple[Entry, Entry]], outcome: Callable[..., str]
) -> None:
    begin, end = visit(f"?ticket={_TICKET}")
    assert outcome("G-3.3.3-05", begin, begin, end) == "silent"


def test_a_ticket_of_a_visit_gives_no_rpt(
    visit: Callable[..., tuple[Entry, Entry]], asked: Make, outcome: Callable[..., str]
) -> None:
    begin, _ = visit("")
    assert outcome("G-5.5-04", begin, asked(200, rpt("one"))) == "failed"
    assert outcome("G-5.5-04", begin, asked(400, INVALID)) == "passed"
