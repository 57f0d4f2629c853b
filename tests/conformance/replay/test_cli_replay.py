"""`uma2 replay`: the list, the narration, the record, and exit statuses."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from uma_conformance.cli import application
from uma_reports import read_run
from uma_reports.scenario_page import replay_of
from uma_scenarios import shipped
from uma_schemas import violations

Mine = Callable[..., str]

_BUILTIN = """
[target]
name = "The reference as any other"
role = "rs"
issuer = "https://rs.example"

[driver]
kind = "hook"
url = "http://127.0.0.1:1"
"""


def run(*arguments: str, keys: str = "") -> Result:
    return CliRunner().invoke(application(), ["replay", *arguments], input=keys)


def test_without_a_name_all_are_listed() -> None:
    result = run()
    assert result.exit_code == 0
    assert all(name in result.output for name in shipped())


def test_a_scenario_is_told(tmp_path: Path) -> None:
    result = run("photo-album", "--record", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    text = " ".join(result.output.split())
    assert "A photo album, number by number" in text
    assert "“Bob may view photo 1”" in text
    assert "✓ The photo editor asks for an RPT for Bob" in text
    assert "granted · an RPT that permits photo1 (view)" in text
    assert "Why: R1 gives nothing on the album" in text
    assert "The scenario passed (5 passed of 5 steps" in text
    record = read_run(tmp_path / "out" / "run.json")
    whole, *steps = record.episodes
    assert whole.facts["outcome"] == "passed"
    assert [episode.probe for episode in steps] == ["A0", "A1", "A2", "A3", "A4"]
    assert steps[2].facts["rows"] == [
        *("G-3.3.4-02", "G-3.3.4-03", "G-3.3.4-05", "G-3.3.4-06", "G-3.3.4-07", "G-3.3.4-09"),
        *("G-3.3.4-12", "G-3.3.4-13"),
    ]
    replay = replay_of(record)
    assert [(item.name, item.owner, item.server) for item in replay.resources][:1] == [
        ("Photo 1", "Alice", "Photo Service")
    ]
    assert all(item.scopes for item in replay.resources)
    assert {item.owner for item in replay.policies} == {"Alice"}
    claims = {member.name: member.claims for member in replay.cast}
    assert claims["Bob"] == ("sub, email (from people-idp)",)
    numbers = {exchange.number for exchange in record.exchanges}
    assert {number for episode in steps for number in episode.steps.values()} <= numbers
    assert record.claim.conformant is None


def test_permissions_are_written_as_licences(tmp_path: Path) -> None:
    file = tmp_path / "licences.json"
    result = run("photo-album", "--licences", str(file))
    assert result.exit_code == 0, result.output
    found = json.loads(file.read_text("utf-8"))
    assert {(item["licensor"], *item["scopes"]) for item in found} == {("alice", "view")}
    assert [violations("licence", item) for item in found] == [() for _ in found]


def test_licences_that_nobody_shows_are_an_error(tmp_path: Path) -> None:
    """Nobody looks into an RPT in the only step, so no introspection answer shows a licence."""
    text = (files("uma_scenarios") / "library/photo-album.yaml").read_text("utf-8")
    file, out = tmp_path / "short.yaml", tmp_path / "licences.json"
    file.write_text(text[: text.index("  - id: A1")], "utf-8")
    result = run(str(file), "--licences", str(out))
    assert result.exit_code == 2
    assert "no introspection answer" in " ".join(result.stderr.split())
    assert not out.exists()


def test_step_waits_for_enter() -> None:
    result = run("photo-album", "--step", keys="\n" * 5)
    assert result.exit_code == 0
    assert result.output.count("Enter goes on, Ctrl-C ends.") == 5


def test_an_interrupted_replay_does_not_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered = iter([""])

    def interrupted() -> str:
        for text in entered:
            return text
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", interrupted)
    result = run("photo-album", "--step", "--record", str(tmp_path))
    assert result.exit_code == 130
    assert "The scenario is incomplete (1 passed, 4 incomplete of 5 steps" in result.output
    outcomes = [episode.facts["outcome"] for episode in read_run(tmp_path / "run.json").episodes]
    assert outcomes == ["incomplete", "passed", *["incomplete"] * 4]


def test_a_step_that_fails_is_told_and_makes_the_status_1(tmp_path: Path, mine: Mine) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(mine(expect="served"))
    result = run(str(path))
    assert result.exit_code == 1
    text = " ".join(result.output.split())
    assert "served was expected, challenged came (status 401 with a permission ticket)" in text
    assert "The scenario failed (1 passed, 1 failed of 2 steps" in text


def test_a_step_that_is_skipped_makes_the_status_3(tmp_path: Path, mine: Mine) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        mine(expect="challenged", more="      - {do: refresh, resource: R, expect: granted}\n")
    )
    result = run(str(path))
    assert result.exit_code == 3
    assert "skipped: the client was given no refresh token" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("format: uma2-scenario/1\n", "mine.yaml:1: the member clients is missing"),
        (None, "mine.yaml: there is no such file, and no such scenario"),
    ],
)
def test_a_scenario_that_cannot_be_used_is_told(
    tmp_path: Path, text: str | None, told: str
) -> None:
    path = tmp_path / "mine.yaml"
    if text is not None:
        path.write_text(text)
    result = run(str(path))
    assert result.exit_code == 2
    assert told in result.output


def test_a_row_that_does_not_exist_is_told_with_its_step(tmp_path: Path, mine: Mine) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(mine(expect="challenged").replace("G-3.2.1-01", "G-3.2.1-99"))
    result = run(str(path))
    assert result.exit_code == 2
    assert "step S1: rows: the catalogue has no G-3.2.1-99; near to it: " in result.output


def test_a_target_that_is_no_authorization_server_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rs.toml"
    path.write_text(_BUILTIN)
    result = run("photo-album", str(path))
    assert result.exit_code == 2
    assert "rs.toml" in result.output


def test_a_record_needs_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert run("photo-album", "--record", str(tmp_path / "file")).exit_code == 2
