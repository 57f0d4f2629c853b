"""Scenarios under pytest on a target with a driver, beside the checks of the suite."""

import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from uma_reports import StepOutcome, read_run

RunPytest = Callable[..., subprocess.CompletedProcess[str]]


class Reference(Protocol):
    def target_file(self, driver: str, more: str = "") -> Path: ...
    def hook_server(self) -> AbstractContextManager[str]: ...


def test_steps_are_played_after_the_probes_of_checks(
    reference: Reference, run_pytest: RunPytest, tmp_path: Path
) -> None:
    with reference.hook_server() as url:
        hooks = f'kind = "hook"\nurl = "{url}"\nsecret_env = "UMA2_HOOK_SECRET"'
        path = reference.target_file(hooks)
        done = run_pytest(
            tmp_path,
            *("--pyargs", "uma_conformance.suite", "--uma-target", str(path)),
            *("-k", "test_create_answers_201 or photo-album or B5", "--uma-out", "out", "-rs"),
            *("--uma-scenario", "photo-album", "--uma-scenario", "banking"),
        )
    assert done.returncode == 0, done.stdout
    assert "6 passed, 1 skipped" in done.stdout
    record = read_run(tmp_path / "out" / "run.json")
    album, banking = record.scenarios
    assert album.stage.startswith("Anybody; ")
    assert {step.outcome for step in album.selected} == {StepOutcome.PASSED}
    (skipped,) = banking.selected
    assert (skipped.id, skipped.outcome) == ("B5", StepOutcome.SKIPPED)
    assert skipped.message in " ".join(done.stdout.split())
    scenarios = {item.probe.startswith("scenarios/") for item in record.exchanges}
    probes = [item.probe for item in record.exchanges if not item.probe.startswith("scenarios/")]
    assert scenarios == {True, False}
    assert [item.probe for item in record.exchanges[: len(probes)]] == probes
