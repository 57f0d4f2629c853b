"""`uma2 certify` on the built-in reference, as a user runs it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from uma_conformance.cli import application
from uma_conformance.jsonvalue import array_of, object_of
from uma_reports import read_run
from uma_schemas import violations


@dataclass(frozen=True, slots=True)
class Certified:
    status: int
    output: str
    folder: Path

    @property
    def record(self) -> Mapping[str, object]:
        return object_of(json.loads((self.folder / "run.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    folder = tmp_path_factory.mktemp("certified") / "report"
    result = CliRunner().invoke(application(), ["certify", "--out", str(folder)])
    return Certified(result.exit_code, result.output, folder)


def test_the_built_in_reference_is_conformant(certified: Certified) -> None:
    assert certified.status == 0, certified.output
    claim = object_of(certified.record["claim"])
    assert claim["conformant"] is True
    assert str(claim["sentence"]) in " ".join(certified.output.split())


def test_no_row_is_silent(certified: Certified) -> None:
    summary = object_of(certified.record["summary"])
    assert summary["silent"] == 0
    for row in map(object_of, array_of(certified.record["rows"])):
        if row["planned"]:
            assert row["outcome"] in {"passed", "inapplicable"}, row["id"]
            assert row["message"] or row["outcome"] == "passed", row["id"]
    assert array_of(certified.record["silent_rows"]) == []


def test_every_report_is_there_and_named(certified: Certified) -> None:
    names = {path.name for path in certified.folder.iterdir()}
    assert {"run.json", "report.html", "report.md", "junit.xml"} <= names
    assert str(certified.folder / "report.html") in certified.output


def test_the_run_record_is_of_its_schema(certified: Certified) -> None:
    assert violations("run-record", certified.record) == ()
    assert read_run(certified.folder / "run.json").claim.conformant is True


def test_judged_rows_name_their_checks_and_exchanges(certified: Certified) -> None:
    numbers = {object_of(item)["number"] for item in array_of(certified.record["exchanges"])}
    for row in map(object_of, array_of(certified.record["rows"])):
        if row["outcome"] == "passed":
            assert array_of(row["checks"]), row["id"]
        assert set(array_of(row["exchanges"])) <= numbers, row["id"]


def test_an_existing_report_is_replaced_as_a_whole(certified: Certified, tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text("an older report")
    result = CliRunner().invoke(application(), ["certify", "--out", str(tmp_path)])
    assert result.exit_code == certified.status
    assert "an older report" not in (tmp_path / "report.md").read_text("utf-8")


def test_a_folder_that_cannot_be_made_is_refused_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        result = CliRunner().invoke(application(), ["certify", "--out", str(out)])
        assert result.exit_code == 2
        assert "--out" in result.output
        assert "Traceback" not in result.output
