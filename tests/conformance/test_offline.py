"""Judging a recording again: the same verdicts from the file alone."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from uma_conformance.checks import Check
from uma_conformance.judge import Declaration
from uma_conformance.kill_matrix import UNMODIFIED, judged_run
from uma_conformance.offline import declaration_of, evidence_of, judge_again
from uma_conformance.session import judge
from uma_conformance.suite.collection import checks_for
from uma_conformance.trace import Evidence
from uma_reference.faults import all_faults
from uma_reports import Outcome, RecordError, RunRecord, read_recording, to_document, write_run
from uma_reports.reading import recording_of

pytestmark = pytest.mark.usefixtures("unmeasured")

_FAULTS = {fault.id: fault for fault in (UNMODIFIED, *all_faults())}
_CHECKS = checks_for("as")
# The reference as it is, and six faults from all over the alphabet.
_SOME = [UNMODIFIED.id, *sorted(_FAULTS.keys() - {UNMODIFIED.id})[:: len(_FAULTS) // 6]]


def recorded(fault: str) -> tuple[RunRecord, tuple[str, ...]]:
    with judged_run(_FAULTS[fault]) as run:
        return run.record(_CHECKS), run.faults_of_suite()


@pytest.fixture(scope="module")
def record() -> RunRecord:
    return recorded(UNMODIFIED.id)[0]


@pytest.mark.parametrize("fault", _SOME)
def test_a_recording_gives_the_verdicts_of_its_run(fault: str, tmp_path: Path) -> None:
    run, broken = recorded(fault)
    write_run(run, tmp_path / "run.json")
    again = judge_again(read_recording(tmp_path / "run.json"))
    assert again.faults_of_suite == broken == ()
    assert again.record.rows == run.rows
    assert again.record.claim == run.claim
    assert again.record.target == run.target
    assert replace(again.record, origin=None) == run


def test_what_was_judged_again_says_so_and_can_be_judged_again(
    record: RunRecord, tmp_path: Path
) -> None:
    write_run(record, tmp_path / "run.json")
    once = judge_again(read_recording(tmp_path / "run.json")).record
    assert once.origin is not None
    assert once.origin.kind == "recording"
    assert once.origin.made_by == f"uma2-conformance {record.suite.version}"
    write_run(once, tmp_path / "again.json")
    assert judge_again(read_recording(tmp_path / "again.json")).record == once


def _written(document: Mapping[str, Any], folder: Path) -> Path:
    path = folder / "run.json"
    path.write_text(json.dumps(document))
    return path


def test_members_and_verdicts_of_another_version_do_not_matter(
    record: RunRecord, tmp_path: Path
) -> None:
    document: dict[str, Any] = to_document(record)
    document["weather"] = "fine"
    document["exchanges"][0]["weather"] = "fine"
    document["episodes"][0]["weather"] = "fine"
    document["rows"] = [{"id": "Z-1", "outcome": "unheard of"}]
    document["claim"] = {"sentence": "It is perfect.", "conformant": True, "exit_status": 0}
    again = judge_again(read_recording(_written(document, tmp_path))).record
    assert again.rows == record.rows
    assert again.claim == record.claim


def test_a_record_that_did_not_keep_what_was_declared_gives_the_same_verdicts(
    record: RunRecord, tmp_path: Path
) -> None:
    document: dict[str, Any] = to_document(record)
    del document["target"]["declaration"]
    again = judge_again(read_recording(_written(document, tmp_path))).record
    for now, then in zip(again.rows, record.rows, strict=True):
        # What checks know beyond the features was not kept by such a version at all.
        assert now.outcome is then.outcome or now.outcome is Outcome.UNTESTED, now.id
    assert again.target.features == record.target.features


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("features", "pct"),
        ("features", {"pct": "yes"}),
        ("allow_http", "yes"),
        ("profiles", "urn:x"),
        ("profiles", [1]),
    ],
)
def test_a_declaration_of_another_form_is_refused(
    name: str, value: object, record: RunRecord
) -> None:
    document: dict[str, Any] = to_document(record)
    document["target"]["declaration"] = {name: value, "weather": "fine"}
    with pytest.raises(RecordError, match=rf"^\$\.target\.declaration\.{name}: "):
        judge_again(recording_of(document))


def test_the_published_run_can_be_judged() -> None:
    published = Path(__file__).parents[2] / "reports" / "published"
    for path in published.glob("*/run.json"):
        then = {row["id"]: row["outcome"] for row in json.loads(path.read_text("utf-8"))["rows"]}
        verdict = judge_again(read_recording(path))
        assert verdict.faults_of_suite == ()
        for row in verdict.record.rows:
            now = str(row.outcome)
            # A check that has become stricter about its evidence leaves its row open.
            if then.get(row.id) in {"passed", "failed"}:
                assert now in {then[row.id], "cant_tell", "untested"}, row.id


def _failed(check: Check, evidence: Evidence, declaration: Declaration) -> set[str]:
    judgement = judge(check, evidence, declaration)
    assert judgement.fault_of_suite == ""
    return {item.row for item in judgement.findings if str(item.outcome) == "failed"}


def _without(evidence: Evidence, probe: str, label: str) -> Evidence:
    """Return the evidence without a step of a probe, or without a fact of that name."""
    episode = evidence.episodes[probe]
    less = replace(
        episode,
        steps={name: step for name, step in episode.steps.items() if name != label},
        facts={name: fact for name, fact in episode.facts.items() if name != label},
    )
    dropped = episode.steps.get(label)
    exchanges = tuple(item for item in evidence.exchanges if item is not dropped)
    return Evidence(exchanges, {**evidence.episodes, probe: less})


@pytest.mark.parametrize("check", _CHECKS, ids=lambda check: check.name.rpartition("::")[2])
def test_a_step_that_is_not_there_leaves_rows_open(check: Check, record: RunRecord) -> None:
    """A record of another version may lack any step or fact: that is no failure of the target."""
    recording = recording_of(to_document(record))
    evidence = evidence_of(recording)
    declaration = declaration_of(recording.target)
    assert _failed(check, evidence, declaration) == set()
    for probe in check.probes:
        episode = evidence.episodes[probe.name]
        for label in (*episode.steps, *episode.facts):
            less = _without(evidence, probe.name, label)
            assert _failed(check, less, declaration) == set(), f"{probe.name} without {label!r}"
        others = {name: item for name, item in evidence.episodes.items() if name != probe.name}
        exchanges = tuple(item for item in evidence.exchanges if item.probe != probe.name)
        assert _failed(check, Evidence(exchanges, others), declaration) == set()
