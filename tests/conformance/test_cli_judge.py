"""`uma2 judge`: the command, its exit statuses, and what it says about bad input."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from uma_conformance.cli import application
from uma_conformance.kill_matrix import UNMODIFIED, judged_run
from uma_conformance.suite.collection import checks_for
from uma_reports import RunRecord, read_run, write_run

_REPORTS = {"run.json", "report.html", "report.md", "junit.xml"}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(application(), ["judge", *map(str, arguments)])


@pytest.fixture(scope="module")
def record() -> RunRecord:
    checks = checks_for("as")
    with judged_run(UNMODIFIED) as done:
        return done.record(checks)


@pytest.fixture
def recorded(record: RunRecord, tmp_path: Path) -> Path:
    write_run(record, tmp_path / "run.json")
    return tmp_path / "run.json"


def test_a_run_is_judged_again_and_reported(
    record: RunRecord, recorded: Path, tmp_path: Path
) -> None:
    result = run(recorded, "--out", tmp_path / "again")
    assert result.exit_code == record.claim.exit_status, result.output
    assert record.claim.sentence in " ".join(result.output.split())
    assert {path.name for path in (tmp_path / "again").iterdir()} == _REPORTS
    assert read_run(tmp_path / "again" / "run.json").rows == record.rows
    report = (tmp_path / "again" / "report.html").read_text("utf-8")
    assert "the recording of a run" in report


def document_of(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))  # type: ignore[no-any-return] # JSON of a test


def refusal(result: Result) -> str:
    """Return the words of a usage error."""
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.output


def test_a_newer_record_is_refused(recorded: Path, tmp_path: Path) -> None:
    newer = {**document_of(recorded), "format": "uma2-run-record/9"}
    recorded.write_text(json.dumps(newer))
    told = refusal(run(recorded, "--out", tmp_path))
    assert str(recorded) in told
    assert "$.format: version '9'" in told


def _har(*entries: Mapping[str, object]) -> str:
    return json.dumps({"log": {"entries": list(entries)}})


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", "is not JSON"),
        ("[]", "neither a run record nor a HAR file"),
        ("{}", "neither a run record nor a HAR file"),
        ('{"rows": []}', "$.format: is missing"),
        ('{"log": {}}', "$.log.entries: is missing"),
        (_har({"request": {}}), "$.log.entries[0].response: is missing"),
        (_har(), "there is no discovery document in it; say which server"),
    ],
)
def test_bad_input_names_the_file_and_the_place(content: str, error: str, tmp_path: Path) -> None:
    path = tmp_path / "traffic.har"
    path.write_text(content)
    told = refusal(run(path, "--out", tmp_path / "out"))
    assert str(path) in told
    assert error in told


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "none.json: cannot be read" in refusal(run(tmp_path / "none.json", "--out", tmp_path))


@pytest.mark.parametrize(
    ("option", "error"),
    [
        ("tokn=https://as.example/t", "there is no endpoint 'tokn'"),
        ("token", "give its address, as in token=https://as.example/token"),
        ("token=/t", "give its address"),
    ],
)
def test_a_wrong_endpoint_is_a_usage_error(option: str, error: str, tmp_path: Path) -> None:
    path = tmp_path / "traffic.har"
    path.write_text(_har())
    assert error in refusal(run(path, "--out", tmp_path, "--endpoint", option))


def test_endpoints_are_for_traffic_only(recorded: Path, tmp_path: Path) -> None:
    assert "no HAR file" in refusal(
        run(recorded, "--out", tmp_path, "--issuer", "https://as.example")
    )


def test_traffic_is_judged_by_named_endpoints(tmp_path: Path) -> None:
    entry: dict[str, Any] = {
        "startedDateTime": "2031-05-04T03:02:01Z",
        "time": 3,
        "request": {"method": "POST", "url": "https://as.example/p", "headers": []},
        "response": {
            "status": 200,
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": {"size": 30, "text": '{"ticket": "0123456789abcdef"}'},
        },
    }
    path = tmp_path / "traffic.har"
    path.write_bytes(b"\xef\xbb\xbf" + _har(entry).encode())
    named = "permission_endpoint=https://as.example/p"
    result = run(path, "--out", tmp_path / "out", "--endpoint", named)
    assert result.exit_code == 1, result.output
    written = read_run(tmp_path / "out" / "run.json")
    (failed,) = (row for row in written.rows if row.outcome == "failed")
    assert (failed.id, failed.exchanges) == ("F-4.2-01", (1,))
    again = run(tmp_path / "out" / "run.json", "--out", tmp_path / "again")
    assert again.exit_code == 1
    assert read_run(tmp_path / "again" / "run.json") == written
