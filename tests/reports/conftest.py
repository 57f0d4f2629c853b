"""Made-up run records: clean, mixed, empty, hostile and large."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from uma_reports import (
    EpisodeRecord,
    ExchangeRecord,
    FailureRecord,
    GapRecord,
    Outcome,
    RequestRecord,
    ResponseRecord,
    Row,
    RunRecord,
    Severity,
    Spec,
    SuiteInfo,
    TargetInfo,
    Timing,
    make_claim,
    summarise,
)

MakeRow = Callable[..., Row]
MakeExchange = Callable[..., ExchangeRecord]
MakeRecord = Callable[..., RunRecord]

_KEYWORDS = {Severity.ERROR: "MUST", Severity.WARNING: "SHOULD", Severity.OBSERVATION: "MAY"}
_LINK = "https://docs.kantarainitiative.org/uma/wg/rec-oauth-uma-grant-2.0.html#as-config"
_HOSTILE = (
    "</script><script>alert(1)</script> <img src=x onerror=alert(2)> \" ' & `]( | "
    "\x00\x07\x1b[31mred\x1b[0m \x7f\x9b \u202eesrever\u2066 \ud800 \ufffe ]]> {{ 7*7 }} @everyone "
    "[click](javascript:alert(3)) ![x](https://evil.test/x.png) https://evil.test www.evil.test"
)


def _row(number: int = 1, **changes: Any) -> Row:
    severity = changes.get("severity", Severity.ERROR)
    made = Row(
        id=f"G-2-{number:02}",
        spec=Spec.GRANT,
        section="2",
        keyword=_KEYWORDS[severity],
        role="as",
        needs=(),
        severity=severity,
        statement=f"The authorization server does what statement {number} says.",
        link=_LINK,
        consequence="Clients cannot find the token endpoint.",
        planned=True,
        outcome=Outcome.PASSED,
        message="",
        remarks=(),
        checks=("suite.authorization_server.test_discovery::test_document",),
        exchanges=(),
    )
    return replace(made, **changes)


def _exchange(number: int = 1, **changes: Any) -> ExchangeRecord:
    made = ExchangeRecord(
        number=number,
        probe="tickets.unknown",
        label="mutation",
        purpose="Present a random ticket",
        sender="client",
        receiver="authorization server",
        endpoint="token",
        request=RequestRecord(
            method="POST",
            url="https://as.example/token",
            headers=(("content-type", "application/x-www-form-urlencoded"), ("host", "as.example")),
            body="grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Auma-ticket"
            "&ticket=ticket%3A7f3a9c01d2e4",
        ),
        response=ResponseRecord(
            status=400,
            headers=(("content-type", "application/json"), ("cache-control", "no-store")),
            body='{"error":"invalid_grant","n":[1,2,{}],"ticket":"ticket:7f3a9c01d2e4"}',
            truncated=False,
        ),
        failure=None,
        started=0.513,
        seconds=0.004,
    )
    return replace(made, **changes)


def _record(
    rows: Iterable[Row] = (),
    exchanges: Iterable[ExchangeRecord] = (),
    episodes: Iterable[EpisodeRecord] = (),
    silent_rows: tuple[str, ...] = (),
    **target: Any,
) -> RunRecord:
    about = replace(
        TargetInfo(
            name="Reference AS",
            role="as",
            issuer="https://as.example",
            driver="builtin",
            digest="sha256:" + "1" * 64,
            features={
                "claims-pushing": "declared",
                "introspection": "discovered",
                "pct": "not declared",
                "refresh": "not declared",
            },
        ),
        **target,
    )
    every, sent = tuple(rows), tuple(exchanges)
    return RunRecord(
        suite=SuiteInfo("uma2-conformance", "0.1.0", "sha256:" + "2" * 64),
        target=about,
        claim=make_claim(every, about),
        started="2026-11-23T08:00:00Z",
        finished="2026-11-23T08:00:03Z",
        timing=Timing(3.2, 1.9, len(sent)),
        summary=summarise(every, silent_rows),
        rows=every,
        exchanges=sent,
        episodes=tuple(episodes),
        silent_rows=silent_rows,
    )


@pytest.fixture(scope="session")
def make_row() -> MakeRow:
    """Give a function that makes a row, with the members that matter changed."""
    return _row


@pytest.fixture(scope="session")
def make_exchange() -> MakeExchange:
    """Give a function that makes an exchange, with the members that matter changed."""
    return _exchange


@pytest.fixture(scope="session")
def make_record() -> MakeRecord:
    """Give a function that makes a record whose claim and summary fit its rows."""
    return _record


@pytest.fixture(scope="session")
def clean() -> RunRecord:
    """Give a record of a target that passed everything."""
    rows = [_row(number, exchanges=(1,)) for number in range(1, 5)]
    rows.append(_row(5, id="F-3-01", spec=Spec.FEDAUTHZ, section="3"))
    return _record(rows, [_exchange(1)])


@pytest.fixture(scope="session")
def mixed() -> RunRecord:
    """Give a record with every outcome, warnings, remarks, a lost answer and a gap."""
    inapplicable = Outcome.INAPPLICABLE
    rows = [
        _row(1, exchanges=(1,)),
        _row(2, outcome=Outcome.FAILED, message="status 200 instead of 4xx\nand no error member",
             exchanges=(1, 2)),
        _row(3, severity=Severity.WARNING, outcome=Outcome.FAILED, message="no Cache-Control",
             exchanges=(2,)),
        _row(4, outcome=Outcome.CANT_TELL, message="the control was refused", exchanges=(2,)),
        _row(5, outcome=inapplicable, planned=False, needs=("pct",),
             message="neither declared nor discovered: pct"),
        _row(6, outcome=Outcome.UNTESTED, planned=False, message="not observable: internal"),
        _row(7, remarks=("the media type lacks a charset",)),
        _row(8, severity=Severity.OBSERVATION, outcome=Outcome.FAILED, message="uses 403"),
        _row(9, id="F-3.2.1-01", spec=Spec.FEDAUTHZ, section="3.2.1", keyword="NONE"),
        _row(10, id="F-10-01", spec=Spec.FEDAUTHZ, section="10", severity=Severity.WARNING,
             outcome=Outcome.CANT_TELL, message="never came up"),
    ]  # fmt: skip
    lost = _exchange(
        2, response=None, failure=FailureRecord("timeout", "no answer within 5 s"), seconds=5.0
    )
    gap = EpisodeRecord(
        probe="tickets.expired",
        steps={"control": 1},
        facts={"lifetime": 300, "values": [1.5, None, {"a": True}]},
        gap=GapRecord(Outcome.UNTESTED, "the driver cannot let time pass"),
    )
    return _record(rows, [_exchange(1), lost], [gap])


@pytest.fixture(scope="session")
def hostile() -> RunRecord:
    """Give a record in which every text that a target can choose tries to break out."""
    sent = _exchange(
        1,
        purpose=_HOSTILE,
        request=RequestRecord("POST", f"https://as.example/{_HOSTILE}", (("x", _HOSTILE),), "a=b"),
        response=ResponseRecord(200, ((_HOSTILE, _HOSTILE),), _HOSTILE * 200, truncated=True),
    )
    rows = [
        _row(number, outcome=outcome, severity=severity, message=f"{_HOSTILE}\n{_HOSTILE}",
             remarks=(_HOSTILE,), statement=_HOSTILE, consequence=_HOSTILE, exchanges=(1,),
             link="javascript:alert(4)")
        for number, (outcome, severity) in enumerate(
            (outcome, severity) for outcome in Outcome for severity in Severity
        )
    ]  # fmt: skip
    return _record(rows, [sent], name=_HOSTILE, issuer=_HOSTILE)


@pytest.fixture(scope="session")
def large() -> RunRecord:
    """Give a record of 400 rows in 40 sections, and 500 exchanges."""
    outcomes = list(Outcome)
    rows = [
        _row(
            number,
            id=f"{'GF'[number % 2]}-{number % 20 + 1}.1-{number:03}",
            spec=list(Spec)[number % 2],
            section=f"{number % 20 + 1}.1",
            outcome=outcomes[number % 7] if number % 7 < len(outcomes) else Outcome.PASSED,
            message="a message",
            exchanges=tuple(range(1 + number, 4 + number)),
        )
        for number in range(400)
    ]
    return _record(rows, [_exchange(number) for number in range(1, 501)])
