"""Rows of packs in traffic: judged as far as single exchanges show them, or silent."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from uma_conformance.cli import application
from uma_conformance.offline import Verdict, judge_again
from uma_reports import Outcome, recording_of, to_document

Entry = dict[str, Any]
MakeEntry = Callable[..., Entry]
MakeHar = Callable[..., dict[str, Any]]
JudgeHar = Callable[..., Verdict]
_PACKS = ("security", "uma1-residue")
_FORM = {"grant_type": "urn:ietf:params:oauth:grant-type:uma-ticket", "ticket": "t1"}
_NO_STORE = {"cache-control": "no-store"}
_NO_HEADERS: dict[str, str] = {}
_TRACE = 'Traceback (most recent call last):\n  File "/srv/as/app.py", line 3, in token\n'


def outcomes(verdict: Verdict) -> dict[str, Outcome]:
    assert verdict.faults_of_suite == ()
    return {row.id: row.outcome for pack in verdict.record.packs for row in pack.rows}


@pytest.fixture
def good(entry: MakeEntry, har: MakeHar) -> dict[str, Any]:
    """Give the traffic of a server that does nothing wrong."""
    claims: list[object] = []
    more = {"error": "need_info", "ticket": "t2", "required_claims": claims}
    granted = {"access_token": "r1", "token_type": "Bearer"}
    shown = {"active": True, "permissions": [{"resource_id": "1", "resource_scopes": ["view"]}]}
    return har(
        entry("POST", "/token", 403, more, form=_FORM, received=_NO_STORE),
        entry("POST", "/token", 200, granted, form=_FORM, received=_NO_STORE),
        entry("POST", "/introspect", 200, shown, form={"token": "r1"}),
        entry("POST", "/token", 400, {"error": "invalid_grant"}, form=_FORM),
    )


def test_what_is_right_passes_and_the_rest_says_that_it_is_not_shown(
    good: dict[str, Any], judge_har: JudgeHar
) -> None:
    verdict = judge_har(good, packs=_PACKS)
    found = outcomes(verdict)
    passed = {row for row, outcome in found.items() if outcome is Outcome.PASSED}
    assert passed == {
        *("SEC-META-01", "SEC-META-04", "SEC-CACHE-01"),
        *("U1-DISC-02", "U1-INFO-01", "U1-INT-01", "U1-RPT-01"),
    }
    silent = [row for pack in verdict.record.packs for row in pack.rows if row.id not in passed]
    assert {(row.outcome, row.message) for row in silent} == {
        (Outcome.UNTESTED, "the traffic does not show it")
    }
    assert verdict.record.exit_status == 3


@pytest.mark.parametrize(
    ("row", "path", "status", "answer", "received"),
    [
        (
            "SEC-LEAK-01",
            "/token",
            500,
            {"error": "server_error", "error_description": _TRACE},
            _NO_HEADERS,
        ),
        (
            "SEC-LEAK-03",
            "/token",
            500,
            {"error": "server_error", "error_description": _TRACE},
            _NO_HEADERS,
        ),
        ("SEC-CACHE-01", "/token", 403, {"error": "need_info", "ticket": "t2"}, _NO_HEADERS),
        ("U1-ERR-01", "/token", 400, {"error": "invalid_ticket"}, _NO_HEADERS),
        (
            "U1-INFO-01",
            "/token",
            403,
            {"error": "need_info", "ticket": "t", "error_details": 1},
            _NO_HEADERS,
        ),
        ("U1-RPT-01", "/token", 200, {"rpt": "r"}, _NO_HEADERS),
        (
            "U1-INT-01",
            "/introspect",
            200,
            {"active": True, "permissions": [{"resource_set_id": "1", "scopes": ["view"]}]},
            _NO_HEADERS,
        ),
    ],
)
def test_what_traffic_shows_to_be_broken_fails(
    row: str,
    path: str,
    status: int,
    answer: object,
    received: dict[str, str],
    entry: MakeEntry,
    har: MakeHar,
    judge_har: JudgeHar,
) -> None:
    sent = {"token": "r1"} if path == "/introspect" else _FORM
    traffic = har(entry("POST", path, status, answer, form=sent, received=received))
    verdict = judge_har(traffic, packs=_PACKS)
    assert outcomes(verdict)[row] is Outcome.FAILED
    (failed,) = (item for pack in verdict.record.packs for item in pack.rows if item.id == row)
    assert failed.exchanges
    again = judge_again(recording_of(json.loads(json.dumps(to_document(verdict.record)))))
    assert outcomes(again) == outcomes(verdict)


def test_packs_change_nothing_in_what_is_said_of_uma(
    good: dict[str, Any], judge_har: JudgeHar
) -> None:
    alone, beside = judge_har(good).record, judge_har(good, packs=_PACKS).record
    assert alone.packs == ()
    assert (alone.rows, alone.claim) == (beside.rows, beside.claim)


def test_the_command_takes_packs_for_har_files_only(good: dict[str, Any], tmp_path: Path) -> None:
    traffic, out = tmp_path / "traffic.har", tmp_path / "out"
    traffic.write_text(json.dumps(good))
    command = ["judge", str(traffic), "--out", str(out), "--pack", "security"]
    result = CliRunner().invoke(application(), command)
    assert result.exit_code == 3, result.output
    assert "Pack security" in result.output
    command[1] = str(out / "run.json")
    refused = CliRunner().invoke(application(), command)
    assert refused.exit_code == 2
    assert "--pack is for HAR files only" in " ".join(refused.output.split())
