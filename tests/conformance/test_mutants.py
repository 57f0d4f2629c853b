"""Mutants of recorded answers: each is seen, or a rule says why it need not be."""

import json

import pytest

from uma_conformance.features import Standing, standing
from uma_conformance.kill_matrix import UNMODIFIED, judged_run
from uma_conformance.mutants.changes import changes_of
from uma_conformance.mutants.equivalents import RULES, reason_of
from uma_conformance.mutants.judging import Fate, Judged, Kind, Mutant, judge_mutants
from uma_conformance.oracle.load import MUTANTS, place_of
from uma_conformance.proving import mutants_text
from uma_conformance.suite.collection import checks_for
from uma_conformance.trace import Exchange, Request, Response
from uma_reference.authorization_server.config import Feature

pytestmark = pytest.mark.usefixtures("unmeasured")


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    """Judge every mutant of a run against the unmodified reference."""
    checks = checks_for("as")
    with judged_run(UNMODIFIED) as run:
        return list(judge_mutants(run.evidence, run.declaration, checks))


def test_every_mutant_is_seen_or_equivalent_for_a_reason(judged: list[Judged]) -> None:
    survived = [item.mutant for item in judged if item.fate is Fate.SURVIVED]
    assert [mutant.words for mutant in survived if not reason_of(mutant)] == []


def test_no_mutant_breaks_the_suite(judged: list[Judged]) -> None:
    assert [(item.mutant.words, item.broke) for item in judged if item.broke] == []


def test_many_mutants_are_killed(judged: list[Judged]) -> None:
    killed = {item.mutant.place for item in judged if item.fate is Fate.KILLED}
    assert {"status", "body", "/ticket", "/error", "/_id", "/permissions"} <= killed
    assert all(item.rows for item in judged if item.fate is not Fate.SURVIVED)


def test_each_rule_explains_a_survivor(judged: list[Judged]) -> None:
    """A rule that explains nothing would hide the next hole."""
    used = {reason_of(item.mutant) for item in judged if item.fate is Fate.SURVIVED}
    assert [rule.reason for rule in RULES if rule.reason not in used] == []


def test_the_numbers_of_reports_are_those_that_were_counted(judged: list[Judged]) -> None:
    """After a change of checks or rules: `uma2 mutants --write`."""
    assert json.loads(place_of(MUTANTS).read_text("utf-8")) == json.loads(mutants_text(judged))


def test_the_run_shows_every_feature_of_the_reference() -> None:
    with judged_run(UNMODIFIED) as run:
        found = standing(sorted(run.declaration.features), run.declaration.features, run.evidence)
    off = {name for name, there in run.declaration.features.items() if not there}
    assert {name for name, how in found.items() if how is not Standing.DECLARED} == off
    assert {str(feature) for feature in Feature} <= found.keys() - off


def exchange(body: str, status: int = 200, *headers: tuple[str, str]) -> Exchange:
    return Exchange(
        1,
        "p",
        "l",
        "",
        "client",
        "as",
        "token",
        Request("POST", "https://as.example/token", ()),
        Response(status, headers, body),
    )


def test_members_are_dropped_retyped_altered_and_repeated() -> None:
    found = {
        (item.place, item.change): item.exchange.response.body
        for item in changes_of(exchange('{"upgraded": true, "n": 3}'))
        if item.exchange.response is not None
    }
    assert json.loads(found["/upgraded", "drop"]) == {"n": 3}
    assert json.loads(found["/upgraded", "retype"]) == {"upgraded": "true", "n": 3}
    assert json.loads(found["/upgraded", "alter"]) == {"upgraded": False, "n": 3}
    assert json.loads(found["/n", "retype"]) == {"upgraded": True, "n": "3"}
    assert found["/n", "repeat"].count('"n"') == 2
    assert found["body", "drop"] == ""
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        json.loads(found["body", "cut"])


def test_what_is_inside_of_members_is_changed_too() -> None:
    body = json.dumps({"permissions": [{"resource_scopes": ["view"]}]})
    changes = {(item.place, item.change) for item in changes_of(exchange(body))}
    assert ("/permissions[0]/resource_scopes[0]", "alter") in changes
    assert ("/permissions[]", "empty") in changes


def test_redirections_lose_gain_and_change_parameters() -> None:
    away = exchange("", 302, ("location", "https://app.example/back?x=1&ticket=t&state=s"))
    found = {
        (item.place, item.change): dict(item.exchange.response.headers)["location"]
        for item in changes_of(away)
        if item.exchange.response is not None and item.place.startswith("parameter")
    }
    assert found["parameter state", "drop"] == "https://app.example/back?x=1&ticket=t"
    assert found["parameter ticket", "alter"].endswith("ticket=tx&state=s")
    assert found["parameter ticket", "repeat"].count("ticket=t") == 2


def test_an_unanswered_exchange_has_no_mutants() -> None:
    silent = Exchange(
        1, "p", "l", "", "client", "as", "token", Request("GET", "https://as.example/", ()), None
    )
    assert list(changes_of(silent)) == []


def test_a_rule_explains_only_what_it_names() -> None:
    kind = Kind("introspection", "POST", 401, "invalid_token")
    assert reason_of(Mutant(kind, "/error_description", "drop"))
    assert not reason_of(Mutant(kind, "status", "200 in place of"))
    assert not reason_of(Mutant(Kind("token", "POST", 200, ""), "status", "500 in place of"))
    assert not reason_of(Mutant(Kind("token", "POST", 200, ""), "/access_token", "drop"))
