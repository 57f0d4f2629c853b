"""Exploring under pytest: `pytest --pyargs uma_conformance --uma-explore`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

_CONFTEST = """
from contextlib import contextmanager
from uma_conformance import pytest_run
from uma_conformance.kill_matrix import in_process
from uma_conformance.run import run_against
from uma_reference.faults import all_faults

fault = next(item for item in all_faults() if item.id == "create-200")

@contextmanager
def running(target):
    with in_process(fault) as ready, run_against(ready) as run:
        yield run

pytest_run.running = running
"""
_ROW = "F-3.2.1-03"
_EXPLORE = ("--uma-explore", "--uma-explore-walks", "3", "--uma-explore-steps", "8")
_SELECTED = ("-k", "test_create_has_a_location", "--uma-out", "out")


def run_pytest(
    folder: Path, *arguments: str, conftest: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the suite in a folder of its own."""
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "conftest.py").write_text(conftest)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", "pytest.ini"]
    return subprocess.run(
        [*command, "--pyargs", "uma_conformance", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "with workers"])
def test_a_counterexample_fails_the_session(tmp_path: Path, workers: tuple[str, ...]) -> None:
    done = run_pytest(tmp_path, *workers, *_SELECTED, *_EXPLORE, conftest=_CONFTEST)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert "1 passed" in done.stdout
    assert (
        done.stdout.count(f"exploring::counterexample-1: {_ROW} failed: create answered status 200")
        == 1
    )
    assert done.stdout.count("The same walks again: --uma-explore --uma-explore-seed 0") == 1
    record = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert [row["id"] for row in record["rows"] if row["outcome"] == "failed"] == [_ROW]
    assert len(record["exploration"]["counterexamples"]) == 1
    saved = json.loads((tmp_path / "out" / "counterexample-1.json").read_text("utf-8"))
    assert saved["rows"] == [_ROW]


def test_a_counterexample_can_be_a_known_failure(tmp_path: Path) -> None:
    known = f'[[known]]\nrow = "{_ROW}"\nreason = "It is known."\nexpires = 2999-12-31\n'
    (tmp_path / "known.toml").write_text(known)
    options = (*_EXPLORE, "--uma-baseline", "known.toml")
    done = run_pytest(tmp_path, *_SELECTED, *options, conftest=_CONFTEST)
    assert done.returncode == 0, done.stdout
    assert "1 counterexample" in done.stdout


def test_nothing_is_explored_unless_asked_for(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, *_SELECTED, conftest=_CONFTEST)
    assert done.returncode == 0, done.stdout
    record = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert "exploration" not in record


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--uma-explore-walks", "3"), "go with --uma-explore; add it"),
        (("--uma-explore", "--uma-explore-walks", "0"), "0 is out of bounds; give 1 at least"),
        (("--uma-explore", "--uma-explore-seconds", "nan"), "nan is out of bounds"),
        (("--uma-explore", "--uma-target", "asks.toml"), "asks at the terminal cannot explore"),
    ],
)
def test_options_that_cannot_be_used_are_usage_errors(
    tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    (tmp_path / "asks.toml").write_text(
        '[target]\nname = "x"\nrole = "as"\nissuer = "https://as.example"\n'
        '[driver]\nkind = "manual"\n'
    )
    done = run_pytest(tmp_path, "-k", "test_create_answers_201", *options)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR, done.stdout
    assert words in done.stderr
    assert "Traceback" not in done.stderr
