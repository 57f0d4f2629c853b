"""Packs under plain pytest."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("unmeasured")


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", "pytest.ini"]
    (folder / "pytest.ini").write_text("[pytest]\n")
    suite = ("--pyargs", "uma_conformance.suite")
    return subprocess.run(
        [*command, *suite, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_packs_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, "--collect-only", "-q")
    assert done.returncode == 0, done.stdout
    assert "suite/security" not in done.stdout
    assert "suite/uma1_residue" not in done.stdout
    asked = run_pytest(tmp_path, "--collect-only", "-q", "--uma-pack", "security")
    assert "security/test_races.py::test_one_ticket_wins_once" in asked.stdout
    assert "uma1_residue" not in asked.stdout


def test_a_pack_is_judged_beside_uma(tmp_path: Path) -> None:
    packs = ("--uma-pack", "security", "--uma-pack", "uma1-residue")
    done = run_pytest(tmp_path, *packs, "--uma-out", "out", "-q")
    assert done.returncode == 0, done.stdout
    record = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert [pack["name"] for pack in record["packs"]] == ["security", "uma1-residue"]
    assert record["claim"]["conformant"] is True
    assert record["summary"]["silent"] == 0


def test_an_unknown_pack_is_a_usage_error(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, "--uma-pack", "unheard-of")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "--uma-pack" in done.stderr
