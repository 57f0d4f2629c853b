"""Baseline files: reading, writing, and using them on the command line and under pytest."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from uma_conformance.baseline import BaselineError, baseline_text, load_baseline
from uma_conformance.catalogue.packs.load import load_pack
from uma_conformance.cli import application
from uma_conformance.kill_matrix import judged_run
from uma_conformance.suite.collection import checks_for
from uma_reference.faults import all_faults
from uma_reports import (
    KnownFailure,
    Outcome,
    PackResult,
    PackRowResult,
    RunRecord,
    Severity,
    read_run,
    write_run,
)

pytestmark = pytest.mark.long

_FAULT = "create-without-location"
_ROW = "F-3.2.1-04"
_LATER = "2999-12-31"


@pytest.fixture(scope="module")
def record() -> RunRecord:
    """Give the record of a reference that fails one row."""
    fault = next(item for item in all_faults() if item.id == _FAULT)
    with judged_run(fault) as run:
        return run.record(checks_for("as"))


@pytest.fixture
def recorded(record: RunRecord, tmp_path: Path) -> Path:
    write_run(record, tmp_path / "run.json")
    return tmp_path / "run.json"


def entry(row: str = _ROW, expires: str = _LATER, more: str = "") -> str:
    return f'[[known]]\nrow = "{row}"\nreason = "It is known."\nexpires = {expires}\n{more}'


def test_entries_are_read(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text(
        entry(more='link = "https://issues.example/7"\n') + entry("G-2-05", '"2031-01-31"')
    )
    read = load_baseline(path)
    assert read.source == "known.toml"
    assert read.digest.startswith("sha256:")
    assert read.failures == (
        KnownFailure(_ROW, "It is known.", date(2999, 12, 31), "https://issues.example/7"),
        KnownFailure("G-2-05", "It is known.", date(2031, 1, 31)),
    )


def test_entries_about_packs_are_told_apart_by_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text(entry("SEC-LEAK-04") + entry("U1-ERR-01") + entry("SEC-NONE-01") + entry())
    packs = [item.pack for item in load_baseline(path).failures]
    assert packs == ["security", "uma1-residue", "", ""]


def _with_pack(record: RunRecord) -> RunRecord:
    """Return a record with a pack of which an error and a warning failed."""
    pack = load_pack("security")
    rows = tuple(
        PackRowResult(
            row.id,
            Severity(str(row.severity)),
            row.statement,
            (),
            row.failing_means,
            Outcome.FAILED if row.id in {"SEC-LEAK-01", "SEC-LEAK-04"} else Outcome.UNTESTED,
            "seen",
            (),
            (),
            (),
        )
        for row in pack.rows.values()
    )
    return replace(record, packs=(PackResult("security", "Pack security", "", "sha256:0", rows),))


def test_a_written_baseline_holds_error_rows_of_packs(record: RunRecord, tmp_path: Path) -> None:
    packed, path = _with_pack(record), tmp_path / "known.toml"
    path.write_text(baseline_text(packed, date(2999, 12, 31)))
    written = load_baseline(path)
    assert [item.row for item in written.failures] == [_ROW, "SEC-LEAK-01"]
    assert packed.exit_status == 1
    covered = written.applied(packed, date(2031, 1, 1))
    assert not covered.fails_by_packs
    assert set(covered.known) == {_ROW, "SEC-LEAK-01"}
    # Without the pack, the entry is set aside, and stays in the next file.
    alone = written.applied(record, date(2031, 1, 1))
    assert alone.baseline is not None
    assert alone.baseline.problems == ()
    path.write_text(baseline_text(alone, date(2999, 12, 31)))
    assert load_baseline(path).failures == written.failures


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[[known]", "this is no valid TOML"),
        ("", "the member known is missing"),
        ("[[known]]\n", "known.0: the member expires is missing; known.0: the member reason"),
        (entry(expires="2031-01-31T00:00:00Z"), "known.0.expires: it has to be a date such as"),
        (entry(expires="31"), "known.0.expires: string is expected, a number is there"),
        (entry(more='until = "x"\n'), "known.0: unknown member until"),
        (entry(more='link = "issue 7"\n'), "known.0.link: it has to be an absolute http"),
        (entry() + entry(), f"known: {_ROW} is listed twice"),
    ],
)
def test_a_wrong_file_names_the_key(text: str, error: str, tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text(text)
    with pytest.raises(BaselineError) as caught:
        load_baseline(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert error in str(caught.value)


def judged(recorded: Path, *options: object) -> Result:
    out = recorded.parent / "out"
    arguments = ["judge", recorded, "--out", out, *options]
    return CliRunner().invoke(application(), [str(item) for item in arguments])


def test_a_written_baseline_covers_the_failures(recorded: Path, record: RunRecord) -> None:
    path = recorded.parent / "known.toml"
    written = judged(recorded, "--write-baseline", path, "--baseline-expires", _LATER)
    assert written.exit_code == 1, written.output
    assert [item.row for item in load_baseline(path).failures] == [_ROW]
    assert "# Seen: create answered without a Location header" in path.read_text("utf-8")
    covered = judged(recorded, "--baseline", path)
    assert covered.exit_code in {0, 3}, covered.output
    again = read_run(recorded.parent / "out" / "run.json")
    assert again.rows == record.rows
    assert again.claim == record.claim
    assert again.baseline is not None
    assert set(again.baseline.known) == {_ROW}


def test_a_new_baseline_keeps_what_people_wrote(recorded: Path) -> None:
    old, new = recorded.parent / "old.toml", recorded.parent / "new.toml"
    old.write_text(entry(more='link = "https://issues.example/7"\n'))
    options = ("--write-baseline", new, "--baseline-expires", "2998-01-01")
    judged(recorded, "--baseline", old, *options)
    assert load_baseline(new).failures == load_baseline(old).failures


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (entry() + entry("G-2-05"), "unexpected pass: G-2-05: it passes now"),
        (entry(expires="2020-01-31"), f"expired: {_ROW}: the entry expired on 2020-01-31"),
        (entry() + entry("G-9-99"), "stale: G-9-99: there is no such row"),
    ],
)
def test_a_wrong_entry_fails_the_command_and_is_named(
    text: str, message: str, recorded: Path
) -> None:
    path = recorded.parent / "known.toml"
    path.write_text(text)
    result = judged(recorded, "--baseline", path)
    assert result.exit_code == 1
    assert message in result.output


def test_options_that_cannot_be_used_are_refused_before_anything_is_judged(recorded: Path) -> None:
    there = recorded.parent / "there.toml"
    there.write_text("")
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    for options, error in (
        (("--baseline", "none.toml"), "none.toml: the baseline cannot be read"),
        (("--write-baseline", "new.toml"), "--baseline-expires DATE go together"),
        (("--baseline-expires", _LATER), "--baseline-expires DATE go together"),
        (("--write-baseline", there, "--baseline-expires", _LATER), "this file is there"),
        (("--write-baseline", "new.toml", "--baseline-expires", "soon"), "give a date such as"),
        (("--write-baseline", "new.toml", "--baseline-expires", yesterday), "this day is past"),
    ):
        result = judged(recorded, *options)
        assert result.exit_code == 2, result.output
        assert error in result.output
    assert not list((recorded.parent / "out").iterdir())


_CONFTEST = f"""
import pytest
from uma_conformance import pytest_run
from uma_conformance.kill_matrix import judged_run
from uma_reference.faults import all_faults

fault = next(item for item in all_faults() if item.id == {_FAULT!r})
pytest_run.running = lambda target: judged_run(fault)
"""


def pytested(folder: Path, baseline: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "conftest.py").write_text(_CONFTEST)
    (folder / "known.toml").write_text(baseline)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", "pytest.ini", "-rx"]
    options = ("--pyargs", "uma_conformance.suite", "--uma-baseline", "known.toml", *options)
    return subprocess.run(
        [*command, *options], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )


def test_under_pytest_a_known_failure_is_expected(tmp_path: Path) -> None:
    done = pytested(tmp_path, entry(), "-k", "location")
    assert done.returncode == 0, done.stdout
    assert "1 xfailed" in done.stdout
    assert f"known: {_ROW}" in done.stdout


def test_under_pytest_a_wrong_entry_fails_the_session(tmp_path: Path) -> None:
    # Of rows that the selected checks do not judge in full, nothing can be said.
    text = entry() + entry("F-3.2.1-03") + entry("G-2-05")
    done = pytested(tmp_path, text, "-k", "test_create_answers_201 or test_create_has_a_location")
    assert done.returncode == 1, done.stdout
    assert "unexpected pass: F-3.2.1-03: it passes now; take the entry out" in done.stdout
    assert "G-2-05" not in done.stdout


def test_under_pytest_a_wrong_file_is_a_usage_error(tmp_path: Path) -> None:
    done = pytested(tmp_path, "[[known]]\n")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "known.toml: known.0: the member expires is missing" in done.stderr
