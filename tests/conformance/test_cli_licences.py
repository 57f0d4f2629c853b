"""`uma2 licences`: what introspection answers of a run showed, as JSON and for FHIR."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from uma_conformance.cli import application
from uma_conformance.kill_matrix import UNMODIFIED, judged_run
from uma_conformance.suite.collection import checks_for
from uma_reports import RunRecord, write_run
from uma_schemas import violations


def run(*arguments: object) -> Result:
    return CliRunner().invoke(application(), ["licences", *map(str, arguments)])


@pytest.fixture(scope="module")
def record() -> RunRecord:
    with judged_run(UNMODIFIED, {"licences": True}) as done:
        return done.record(checks_for("as"))


def test_licences_survive_the_recording(record: RunRecord, tmp_path: Path) -> None:
    write_run(record, tmp_path / "run.json")

    result = run(tmp_path)

    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    assert len(found) > 3
    assert len({item["id"] for item in found}) == len(found)
    for item in found:
        assert violations("licence", item) == ()
        assert item["policies"]
    assert result.stderr == ""


def test_consents_are_written_to_a_file(record: RunRecord, tmp_path: Path) -> None:
    write_run(record, tmp_path / "run.json")

    result = run(tmp_path / "run.json", "--fhir", "--out", tmp_path / "bundle.json")

    assert (result.exit_code, result.output) == (0, "")
    bundle = json.loads((tmp_path / "bundle.json").read_text("utf-8"))
    assert bundle["resourceType"] == "Bundle"
    assert {entry["resource"]["resourceType"] for entry in bundle["entry"]} == {"Consent"}


def test_licence_that_was_changed_is_left_out_and_named(record: RunRecord, tmp_path: Path) -> None:
    shown = next(e for e in record.exchanges if e.response and '"licence"' in e.response.body)
    assert shown.response is not None
    answer = json.loads(shown.response.body)
    answer["permissions"][0]["licence"]["licensor"] = "mallory"
    changed = replace(shown, response=replace(shown.response, body=json.dumps(answer)))
    others = [
        e for e in record.exchanges if '"licence"' not in (e.response.body if e.response else "")
    ]
    exchanges = tuple(sorted([changed, *others], key=lambda item: item.number))
    kept = {item.number for item in exchanges}
    rows = tuple(
        replace(r, exchanges=tuple(n for n in r.exchanges if n in kept)) for r in record.rows
    )
    write_run(replace(record, exchanges=exchanges, episodes=(), rows=rows), tmp_path / "run.json")

    result = run(tmp_path)

    assert f"exchange {shown.number}" in result.stderr
    assert "mallory" not in result.stdout


def test_run_without_licences_is_told_so(tmp_path: Path) -> None:
    with judged_run(UNMODIFIED) as done:
        write_run(done.record(checks_for("as")), tmp_path / "run.json")

    result = run(tmp_path)

    assert result.exit_code == 2
    assert "no introspection answer of this run shows a licence" in result.stderr
    assert run(tmp_path / "nothing.json").exit_code == 2
