"""`uma2 doctor`: every hook of a driver is proved before a run."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from uma_conformance.cli import application
from uma_conformance.doctor import Health, examine
from uma_conformance.drivers.builtin import BuiltinDriver
from uma_conformance.opening import connect, open_target
from uma_conformance.target import builtin_target


def _do_nothing(*_: object) -> None:
    """Stand for a hook that says it worked."""


def test_every_hook_of_the_built_in_driver_works() -> None:
    result = CliRunner().invoke(application(), ["doctor"])
    assert result.exit_code == 0, result.output
    for hook in ("discovery", "pat", "set_policy", "claim_token", "short_lived_tickets"):
        assert f"ok {hook}" in result.output


def test_a_hook_without_effect_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BuiltinDriver, "set_policy", _do_nothing)
    with open_target(builtin_target()) as ready, connect(ready) as surroundings:
        found = {item.hook: item.health for item in examine(surroundings)}
    assert found["set_policy"] is Health.BROKEN
    assert found["pat"] is Health.FINE


def test_a_broken_hook_ends_with_status_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BuiltinDriver, "set_policy", _do_nothing)
    result = CliRunner().invoke(application(), ["doctor"])
    assert result.exit_code == 2
    assert "builtin.toml: not every hook works: correct driver in" in " ".join(
        result.output.split()
    )


def test_a_wrong_target_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[target]\n")
    result = CliRunner().invoke(application(), ["doctor", str(path)])
    assert result.exit_code == 2
    assert "mine.toml" in result.output
