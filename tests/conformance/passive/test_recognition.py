"""Finding the exchanges of UMA in traffic, and the server that they are with."""

from collections.abc import Callable
from typing import Any

import pytest

from uma_conformance.offline import Verdict
from uma_conformance.traffic.recognition import UnknownServer
from uma_reports import RecordError

Make = Callable[..., dict[str, Any]]
JudgeHar = Callable[..., Verdict]
_UMA = "urn:ietf:params:oauth:grant-type:uma-ticket"


def endpoints(verdict: Verdict) -> list[tuple[int, str]]:
    return [(item.number, item.endpoint) for item in verdict.record.exchanges]


def test_exchanges_are_told_by_method_address_grant_type_and_members(
    entry: Make, har: Make, judge_har: JudgeHar
) -> None:
    verdict = judge_har(
        har(
            entry("GET", "/style.css"),
            entry("POST", "/token", 400, {"error": "invalid_grant"}, form={"grant_type": _UMA}),
            entry("POST", "/token", form={"grant_type": "client_credentials"}),
            entry("OPTIONS", "/permission", 204),
            entry("POST", "https://AS.example:443/permission", 201, {"ticket": "t" * 20}),
            entry("POST", "https://other.example/permission", 201, {}),
            entry("POST", "/resources/", 201, {"_id": "1"}),
            entry("GET", "/resources/1", 200, {"_id": "1"}),
            entry("GET", "/resources?name=x", 200, [{}]),
            entry("GET", "/resources/1/more", 200, {}),
            entry("POST", "/introspect", 200, {"active": False}, form={"token": "x"}),
            entry("GET", "/claims?ticket=abcdefgh&client_id=c"),
            entry("GET", "/claims"),
        )
    )
    assert endpoints(verdict) == [
        (1, "discovery"),
        (3, "token"),
        (6, "permission"),
        (8, "resource registration"),
        (9, "resource registration"),
        (12, "introspection"),
        (13, "claims interaction"),
    ]
    origin = verdict.record.origin
    assert origin is not None
    assert (origin.exchanges, origin.recognised, origin.made_by) == (14, 7, "tap 7")


def test_endpoints_can_be_named(entry: Make, har: Make, judge_har: JudgeHar) -> None:
    traffic = har(entry("POST", "/p", 200, {"ticket": "0123456789"}), document=False)
    verdict = judge_har(traffic, permission="https://as.example/p")
    assert endpoints(verdict) == [(1, "permission")]
    assert next(row for row in verdict.record.rows if row.id == "F-4.2-01").outcome == "failed"


def test_a_named_issuer_is_taken_among_several(
    entry: Make, har: Make, document: Make, judge_har: JudgeHar
) -> None:
    other = document(issuer="https://other.example")
    other["request"]["url"] = other["request"]["url"].replace("as.example", "other.example")
    traffic = har(other, entry("POST", "/permission", 201, {"ticket": "0123456789"}))
    with pytest.raises(UnknownServer, match=r"https://as\.example, https://other\.example"):
        judge_har(traffic)
    assert endpoints(judge_har(traffic, "https://as.example")) == [
        (1, "discovery"),
        (3, "permission"),
    ]


def test_an_issuer_that_contradicts_its_place_is_not_guessed(
    har: Make, document: Make, judge_har: JudgeHar
) -> None:
    traffic = har(document(issuer="https://elsewhere.example"), document=False)
    with pytest.raises(UnknownServer, match=r"as\.example names another issuer"):
        judge_har(traffic)
    verdict = judge_har(traffic, "https://as.example")
    assert next(row for row in verdict.record.rows if row.id == "G-2-05").outcome == "failed"


def test_traffic_without_uma_is_refused(entry: Make, har: Make, judge_har: JudgeHar) -> None:
    with pytest.raises(UnknownServer, match="there is no discovery document in it"):
        judge_har(har(entry("GET", "/"), document=False))
    with pytest.raises(UnknownServer, match=r"none of its 1 entries is of UMA at https://as\.ex"):
        judge_har(har(entry("GET", "/"), document=False), token="https://as.example/token")
    with pytest.raises(RecordError, match=r"^\$\.log: must be an object"):
        judge_har({"log": []})
