"""Scenarios under pytest: `pytest --pyargs uma_scenarios`, each step of them one item."""

import json
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from uma_conformance.offline import judge_again
from uma_reports import RunRecord, StepOutcome, read_recording, read_run
from uma_scenarios import load_scenario

pytestmark = pytest.mark.long

RunPytest = Callable[..., subprocess.CompletedProcess[str]]
Mine = Callable[..., str]
_CHECKS = "uma_conformance.suite.authorization_server.test_ticket_management"
_BOTH = ("--pyargs", "uma_scenarios", _CHECKS)
_FAULTY = """
from functools import partial

from uma_conformance.replay import playing
from uma_reference.faults import all_faults

(fault,) = (item for item in all_faults() if item.id == "ticket-reusable")
playing.builtin_stage = partial(playing.builtin_stage, fault=fault)
"""


def outcomes(junit: Path) -> Mapping[tuple[str, str], str]:
    """Return how each item ended, by its class and name."""
    cases = ET.parse(junit).getroot().iter("testcase")  # noqa: S314 - pytest wrote it
    ends = {"failure", "error", "skipped"}
    return {
        (str(case.get("classname")), str(case.get("name"))): next(
            (part.tag for part in case if part.tag in ends), "passed"
        )
        for case in cases
    }


@pytest.fixture(scope="module")
def shared(
    run_pytest: RunPytest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Run two scenarios and a check, shared by two workers."""
    folder = tmp_path_factory.mktemp("shared")
    chosen = "healthcare or photo-album or test_ticket_management"
    outputs = ("--uma-out", "out", "--junitxml", "junit.xml")
    return folder, run_pytest(folder, "-n", "2", *_BOTH, "-k", chosen, *outputs)


@pytest.fixture(scope="module")
def faulty(
    run_pytest: RunPytest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Run two steps on a reference that takes tickets twice, and a check on one that does not."""
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "faulty.py").write_text(_FAULTY)
    chosen = "(healthcare and (S02 or S04)) or test_ticket_management"
    outputs = ("--uma-out", "out", "--junitxml", "junit.xml")
    return folder, run_pytest(folder, "-p", "faulty", *_BOTH, "-k", chosen, *outputs)


def record_in(folder: Path) -> RunRecord:
    return read_run(folder / "out" / "run.json")


def test_each_step_is_an_item_that_passes_on_the_reference(
    shared: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = shared
    assert done.returncode == 0, done.stdout
    ended = outcomes(folder / "junit.xml")
    wanted = {
        (name, step.id)
        for name in ("healthcare", "photo-album")
        for step in load_scenario(name).steps
    }
    assert {item for item in ended if item[0] in {"healthcare", "photo-album"}} == wanted
    assert set(ended.values()) == {"passed"}


def test_the_record_has_every_step_with_its_rows_and_exchanges(
    shared: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    record = record_in(shared[0])
    assert [item.id for item in record.scenarios] == ["healthcare", "photo-album"]
    for played in record.scenarios:
        told = load_scenario(played.id)
        assert [(step.id, step.rows) for step in played.steps] == [
            (step.id, step.rows) for step in told.steps
        ]
        assert {step.outcome for step in played.selected} == {StepOutcome.PASSED}
    probes = {item.number: item.probe for item in record.exchanges}
    assert list(probes) == list(range(1, len(probes) + 1))
    steps = {
        f"scenarios/{played.id}/{step.id}": step
        for played in record.scenarios
        for step in played.steps
    }
    for name, step in steps.items():
        assert {probes[number] for number in step.exchanges} <= {name}
        (facts,) = (item.facts for item in record.episodes if item.probe == name)
        assert sorted(facts["exchanges"]) == list(step.exchanges)  # type: ignore[call-overload]


def test_a_step_that_passes_makes_no_row_a_passed_one(
    shared: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    record = record_in(shared[0])
    shown = {row for played in record.scenarios for row in played.shown}
    rows = {row.id: row for row in record.rows}
    assert len(shown) > 50
    passed = [row for row in rows.values() if row.outcome == "passed"]
    assert passed
    for row in passed:
        assert any("test_ticket_management::" in check for check in row.checks), row.id
    assert {rows[row].outcome for row in shown & rows.keys()} >= {"untested"}
    assert record.claim.conformant is None


def test_judging_the_record_again_tells_the_same_of_scenarios(
    shared: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    again = judge_again(read_recording(shared[0] / "out" / "run.json"))
    assert again.faults_of_suite == ()
    assert again.record.scenarios == record_in(shared[0]).scenarios


def test_a_step_fails_with_its_rows_and_later_ones_are_judged_on_their_own(
    faulty: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = faulty
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    ended = outcomes(folder / "junit.xml")
    assert ended["healthcare", "S02"] == "failure"
    assert ended["healthcare", "S04"] == "passed"
    assert "invalid_grant was expected, need_info came" in done.stdout
    assert "about the rows: G-3.3.6-08" in done.stdout
    assert "Traceback" not in done.stdout


def test_steps_before_a_selected_one_are_played_as_set_up_and_said_so(
    faulty: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = faulty
    assert "healthcare: played as set-up for the selected steps: S00, S01, S03" in done.stdout
    (played,) = record_in(folder).scenarios
    assert [(step.id, step.selected) for step in played.steps] == [
        ("S00", False),
        ("S01", False),
        ("S02", True),
        ("S03", False),
        ("S04", True),
    ]


def test_a_failed_step_is_remarked_on_at_its_rows_and_changes_no_verdict(
    faulty: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    record = record_in(faulty[0])
    rows = {row.id: row for row in record.rows}
    reused = rows["G-5.5-02"]
    assert reused.outcome == "passed"
    (remark,) = reused.remarks
    assert remark.startswith("the step healthcare::S02, which is about this row, failed: invalid_g")
    assert record.claim.conformant is None
    assert record.exit_status == 1
    again = judge_again(read_recording(faulty[0] / "out" / "run.json")).record
    assert {row.id: row.remarks for row in again.rows}["G-5.5-02"] == reused.remarks


def test_a_step_that_cannot_be_played_is_skipped_and_one_that_is_incomplete_fails(
    tmp_path: Path, run_pytest: RunPytest, mine: Mine
) -> None:
    refresh = "      - {do: refresh, resource: R, expect: granted}\n"
    look = "      - {do: introspect, resource: R, expect: active}\n"
    (tmp_path / "mine.yaml").write_text(mine(expect="challenged", more=refresh))
    (tmp_path / "open.yaml").write_text(mine(expect="challenged", more=look))
    named = ("--uma-scenario", "mine.yaml", "--uma-scenario", "open.yaml")
    done = run_pytest(tmp_path, *named, "-rs", "--junitxml", "junit.xml", "--uma-out", "out")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert outcomes(tmp_path / "junit.xml") == {
        ("mine", "S0"): "passed",
        ("mine", "S1"): "skipped",
        ("open", "S0"): "passed",
        ("open", "S1"): "failure",
    }
    assert "the client was given no refresh token, which is optional" in done.stdout
    assert "incomplete: not possible: the client has no such RPT" in done.stdout
    record: dict[str, Any] = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert record["rows"] == []
    assert record["claim"]["conformant"] is None


def test_what_cannot_be_used_is_told_as_replay_tells_it(
    tmp_path: Path, run_pytest: RunPytest, mine: Mine
) -> None:
    (tmp_path / "inner").mkdir()
    good = mine(expect="challenged")
    (tmp_path / "bad.yaml").write_text("format: uma2-scenario/1\n")
    (tmp_path / "rows.yaml").write_text(good.replace("G-3.2.1-01", "G-3.2.1-99"))
    (tmp_path / "mine.yaml").write_text(good)
    (tmp_path / "inner" / "mine.yaml").write_text(good)
    names = ("nosuch", "bad.yaml", "rows.yaml", "mine.yaml", "inner/mine.yaml")
    done = run_pytest(tmp_path, *(f"--uma-scenario={name}" for name in names))
    assert done.returncode == 2
    for told in (
        "nosuch: there is no such file, and no such scenario; there are: adolescent,",
        "bad.yaml:1: the member clients is missing",
        "step S1: rows: the catalogue has no G-3.2.1-99; near to it: ",
        "inner/mine.yaml: there is a scenario mine already; give the file another name",
    ):
        assert told in done.stdout
    assert "4 errors" in done.stdout
    assert "Traceback" not in done.stdout
