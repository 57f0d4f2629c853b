"""Exploring within a run: what is recorded, how it is judged, and doing it again from a file."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from uma_conformance.checks import Check
from uma_conformance.cli import application
from uma_conformance.counterexamples import (
    CounterexampleError,
    read_counterexample,
    write_counterexamples,
)
from uma_conformance.exploring.evidence import COUNTEREXAMPLE, walk_of
from uma_conformance.exploring.judging import exploring_checks
from uma_conformance.exploring.model import broken
from uma_conformance.exploring.plan import Plan
from uma_conformance.exploring.steps import Action, Kind, Step
from uma_conformance.jsonvalue import object_of
from uma_conformance.kill_matrix import UNMODIFIED, in_process
from uma_conformance.offline import judge_again
from uma_conformance.outcome import Outcome
from uma_conformance.run import Listener, Run, run_against
from uma_conformance.session import judge
from uma_conformance.suite.collection import checks_for
from uma_conformance.trace import Episode, Evidence, Exchange, parse_json
from uma_reference.faults import Fault
from uma_reference.faults.sequences import exploring_faults
from uma_reports import RunRecord, recording_of, render_html, render_markdown, to_document
from uma_schemas import violations

pytestmark = pytest.mark.long

_FAULTS = {fault.id: fault for fault in exploring_faults()}


@contextmanager
def explored(fault: Fault, plan: Plan | None = None) -> Generator[tuple[Run, tuple[Check, ...]]]:
    with in_process(fault) as ready, run_against(ready) as run:
        checks = run.explore(plan or Plan())
        for check in checks:
            run.judge(check)
        yield run, checks


@pytest.fixture(scope="module")
def case() -> Generator[tuple[Run, tuple[Check, ...]]]:
    with explored(_FAULTS["list-forgets-after-update"]) as found:
        yield found


@pytest.fixture(scope="module")
def record(case: tuple[Run, tuple[Check, ...]]) -> RunRecord:
    run, checks = case
    return run.record(checks)


def test_a_counterexample_fails_its_row_by_its_exchanges(record: RunRecord) -> None:
    (failed,) = [row for row in record.rows if row.outcome == "failed"]
    assert failed.id == "F-3.2.5-01"
    assert failed.checks == ("exploring::counterexample-1",)
    assert record.exploration is not None
    (found,) = record.exploration.counterexamples
    assert found.reproduced
    assert [step.words.split()[0] for step in found.steps] == [
        *("Register", "Register", "Replace", "List"),
    ]
    shown = {number for step in found.steps for number in step.exchanges}
    assert set(failed.exchanges) <= shown


def test_walks_in_which_nothing_broke_pass_no_row(record: RunRecord) -> None:
    assert {row.outcome for row in record.rows} <= {"failed", "untested", "inapplicable"}


def test_only_the_repetition_is_recorded(case: tuple[Run, tuple[Check, ...]]) -> None:
    run, _ = case
    probes = {exchange.probe for exchange in run.evidence.exchanges}
    assert probes == {"preflight", f"{COUNTEREXAMPLE}1"}
    assert run.faults_of_suite() == ()


def test_the_recording_gives_the_same_verdicts_without_a_target(record: RunRecord) -> None:
    again = judge_again(recording_of(json.loads(json.dumps(to_document(record)))))
    assert again.faults_of_suite == ()
    (failed,) = [row for row in again.record.rows if row.outcome == "failed"]
    (before,) = [row for row in record.rows if row.outcome == "failed"]
    assert (failed.id, failed.message, failed.exchanges) == (
        before.id,
        before.message,
        before.exchanges,
    )
    assert again.record.exploration == record.exploration


def test_the_record_is_of_its_schema_and_shown_in_reports(record: RunRecord) -> None:
    assert violations("run-record", to_document(record)) == ()
    page, text = render_html(record), render_markdown(record)
    for shown in (page, text):
        assert "Replace the description of resource" in shown
        assert "--explore-seed 0" in shown
    assert "counterexample-1.json" in page


def test_no_name_of_a_resource_is_given_twice_in_a_run() -> None:
    """A target may refuse a name that it knows, as that of a probe's resource."""
    seen: list[Exchange] = []
    with (
        in_process(UNMODIFIED) as ready,
        run_against(ready, Listener(on_exchange=seen.append)) as run,
    ):
        run.drive(
            [check for check in checks_for("as") if check.name.endswith("create_answers_201")]
        )
        run.explore(Plan(walks=4, steps=10))
    created = [
        object_of(parse_json(item.request.body)).get("name")
        for item in seen
        if item.request.method == "POST" and item.endpoint == "resource registration"
    ]
    assert len(created) > 10
    assert len(created) == len(set(created))


def _episode(evidence: Evidence) -> Episode:
    return evidence.episodes[f"{COUNTEREXAMPLE}1"]


def test_what_does_not_happen_again_cannot_be_told(case: tuple[Run, tuple[Check, ...]]) -> None:
    run, _ = case
    episode = _episode(run.evidence)
    walk = list(episode.facts["walk"])  # type: ignore[call-overload] # it is an array
    calm = replace(episode, facts={**episode.facts, "walk": walk[:-1]})
    evidence = replace(run.evidence, episodes={calm.probe: calm})
    (check,) = exploring_checks(evidence)
    judgement = judge(check, evidence, run.declaration)
    assert judgement.fault_of_suite == ""
    assert {(item.row, item.outcome) for item in judgement.findings} == {
        ("F-3.2.5-01", Outcome.CANT_TELL)
    }
    assert "did not break it again" in judgement.findings[0].message


@pytest.mark.parametrize("walk", [None, [], ["?"], [{"step": {"action": "fly"}}], [{"step": 1}]])
def test_a_recording_that_makes_no_sense_breaks_nothing(
    case: tuple[Run, tuple[Check, ...]], walk: object
) -> None:
    run, _ = case
    episode = _episode(run.evidence)
    odd = replace(episode, facts={**episode.facts, "walk": walk})
    evidence = replace(run.evidence, episodes={odd.probe: odd})
    (check,) = exploring_checks(evidence)
    found = judge(check, evidence, run.declaration)
    assert {item.outcome for item in found.findings} == {Outcome.CANT_TELL}


def test_steps_about_what_never_was_break_nothing(case: tuple[Run, tuple[Check, ...]]) -> None:
    run, _ = case
    episode = _episode(run.evidence)
    lost = {"step": {"action": "introspect", "answer": "answer 9"}, "exchange": None, "facts": {}}
    walk = [{**lost, "exchange": next(iter(episode.steps))}]
    odd = replace(episode, facts={**episode.facts, "walk": walk})
    evidence = replace(run.evidence, episodes={odd.probe: odd})
    (check,) = exploring_checks(evidence)
    found = judge(check, evidence, run.declaration)
    assert {item.outcome for item in found.findings} == {Outcome.CANT_TELL}


def test_a_walk_reads_back_from_its_recording(case: tuple[Run, tuple[Check, ...]]) -> None:
    run, _ = case
    walk = walk_of(_episode(run.evidence))
    assert [row for _, item in broken(walk) for row in item.rows] == ["F-3.2.5-01"]


@pytest.fixture(scope="module")
def saved(record: RunRecord, tmp_path_factory: pytest.TempPathFactory) -> Path:
    (path,) = write_counterexamples(record, tmp_path_factory.mktemp("saved"))
    return path


def test_a_file_is_of_its_schema_and_holds_the_steps(saved: Path, record: RunRecord) -> None:
    document: Any = json.loads(saved.read_text("utf-8"))
    assert violations("counterexample", document) == ()
    assert document["steps"][-1]["exchanges"][0]["response"]["status"] == 200
    assert "Bearer token:" in saved.read_text("utf-8") or "Bearer pat:" in saved.read_text("utf-8")
    read = read_counterexample(saved)
    assert read.rows == ("F-3.2.5-01",)
    assert [step.action for step in read.steps] == [
        *(Action.REGISTER, Action.REGISTER, Action.UPDATE, Action.LIST),
    ]
    assert record.exploration is not None
    assert read.message == record.exploration.counterexamples[0].message


def test_a_file_is_done_again(saved: Path) -> None:
    result = CliRunner().invoke(application(), ["explore", "replay", str(saved)])
    assert result.exit_code == 0, result.output
    assert "  4. List the resources of alice → status 200" in result.output
    assert "Nothing broke." in result.output


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not JSON"),
        ("{}", "format"),
        ('{"format": "uma2-run-record/1"}', "uma2 certify --explore"),
        ("[" * 100_000, "is not JSON"),
        (None, "cannot be read"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, content: str | None, words: str) -> None:
    path = tmp_path / "counterexample.json"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(CounterexampleError, match=words):
        read_counterexample(path)
    result = CliRunner().invoke(application(), ["explore", "replay", str(path)])
    assert result.exit_code == 2
    assert str(path) in result.output.replace("\n", "")


@pytest.mark.parametrize("member", ["rows", "steps", "message"])
def test_a_file_without_a_part_is_refused(saved: Path, tmp_path: Path, member: str) -> None:
    document: Any = json.loads(saved.read_text("utf-8"))
    del document[member]
    path = tmp_path / "part.json"
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(CounterexampleError, match=member):
        read_counterexample(path)


@pytest.mark.parametrize(
    "step",
    [
        Step(Action.REGISTER, "resource 1", "dana", scopes=("edit", "view")),
        Step(Action.ASK, "ticket 1", wanted={"resource 1": ("view",), "resource 2": ()}),
        Step(Action.REDEEM, "answer 1", ticket="ticket 1", client="app", party="bob", pct="answer"),
        Step(Action.VISIT, "ticket 2", ticket="answer 1", client="app", party="bob", remember=True),
        Step(Action.REVOKE, answer="answer 1", kind=Kind.REFRESH_TOKEN),
        Step(Action.ALLOW, resource="resource 1", party="bob", scopes=("view",), by_visit=True),
    ],
)
def test_steps_keep_their_form(step: Step) -> None:
    assert Step.of(json.loads(json.dumps(step.document()))) == step


def test_certify_explores_when_asked(tmp_path: Path) -> None:
    command = ["certify", "--out", str(tmp_path), "--explore", "--explore-walks", "3"]
    result = CliRunner().invoke(application(), [*command, "--explore-steps", "10"])
    assert result.exit_code == 0, result.output
    assert "Explored with 3 walks" in result.output
    assert "--explore-seed 0 --explore-walks 3 --explore-steps 10" in " ".join(
        result.output.split()
    )


def test_half_a_wish_to_explore_is_refused(tmp_path: Path) -> None:
    command = ["certify", "--out", str(tmp_path), "--explore-seed", "3"]
    result = CliRunner().invoke(application(), command)
    assert result.exit_code == 2
    assert "--explore" in result.output
