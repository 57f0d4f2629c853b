"""The suite under plain pytest: `pytest --pyargs uma_conformance.suite --uma-target FILE`."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("unmeasured")

RunPytest = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def whole(run_pytest: RunPytest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, int]:
    folder = tmp_path_factory.mktemp("plugin")
    done = run_pytest(folder, "--pyargs", "uma_conformance.suite", "--uma-out", "out", "-q", "-rs")
    return folder, done.stdout + done.stderr, done.returncode


def test_the_built_in_reference_passes(whole: tuple[Path, str, int]) -> None:
    _, output, status = whole
    assert status == 0, output
    assert "failed" not in output


def test_the_reports_are_those_of_certify(whole: tuple[Path, str, int]) -> None:
    folder, _, _ = whole
    record = json.loads((folder / "out" / "run.json").read_text("utf-8"))
    assert record["claim"]["conformant"] is True
    assert record["summary"]["silent"] == 0


def test_workers_share_one_run(
    whole: tuple[Path, str, int], tmp_path: Path, run_pytest: RunPytest
) -> None:
    """With pytest-xdist the target is driven once, and the record is that of all checks."""
    suite = ("--pyargs", "uma_conformance.suite", "--uma-out", "out", "-q")
    done = run_pytest(tmp_path, "-n", "2", *suite)
    assert done.returncode == 0, done.stdout
    shared, alone = (
        json.loads((folder / "out" / "run.json").read_text("utf-8"))
        for folder in (tmp_path, whole[0])
    )
    assert len(shared["exchanges"]) == len(alone["exchanges"])
    assert [(row["id"], row["outcome"], row["message"]) for row in shared["rows"]] == [
        (row["id"], row["outcome"], row["message"]) for row in alone["rows"]
    ]
    assert shared["summary"] == alone["summary"]


def test_workers_tell_of_a_wrong_baseline(tmp_path: Path, run_pytest: RunPytest) -> None:
    (tmp_path / "known.toml").write_text(
        '[[known]]\nrow = "F-3.2.1-03"\nreason = "a slip"\nexpires = 2999-01-01\n'
    )
    suite = ("--pyargs", "uma_conformance.suite", "-k", "test_create_answers_201")
    done = run_pytest(tmp_path, "-n", "2", *suite, "--uma-baseline", "known.toml")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "unexpected pass: F-3.2.1-03" in done.stdout


def test_workers_tell_of_a_wrong_target_file(tmp_path: Path, run_pytest: RunPytest) -> None:
    (tmp_path / "mine.toml").write_text("[target]\n")
    suite = ("--pyargs", "uma_conformance.suite", "-k", "test_create_answers_201")
    done = run_pytest(tmp_path, "-n", "2", *suite, "--uma-target", "mine.toml")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: mine.toml" in done.stdout


def test_a_check_can_be_run_alone(tmp_path: Path, run_pytest: RunPytest) -> None:
    done = run_pytest(
        tmp_path, "--pyargs", "uma_conformance.suite", "-k", "test_create_answers_201", "-v"
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_a_wrong_target_file_is_a_usage_error(tmp_path: Path, run_pytest: RunPytest) -> None:
    (tmp_path / "mine.toml").write_text("[target]\n")
    done = run_pytest(tmp_path, "--pyargs", "uma_conformance.suite", "--uma-target", "mine.toml")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "mine.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_other_peoples_tests_are_left_alone(tmp_path: Path, run_pytest: RunPytest) -> None:
    (tmp_path / "test_own.py").write_text("def test_own():\n    assert True\n")
    done = run_pytest(tmp_path, "test_own.py")
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_collecting_needs_no_target(tmp_path: Path, run_pytest: RunPytest) -> None:
    both = ("--pyargs", "uma_conformance.suite", "uma_scenarios")
    done = run_pytest(tmp_path, *both, "--collect-only", "-q")
    assert done.returncode == 0, done.stdout
    assert "test_create_answers_201" in done.stdout
    assert "\nhealthcare::S07\n" in done.stdout
