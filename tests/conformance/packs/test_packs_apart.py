"""A pack never touches what is said of UMA: neither outcomes, nor counts, nor the claim."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from uma_conformance.catalogue.packs import PACKS
from uma_conformance.cli import application
from uma_conformance.jsonvalue import array_of, object_of
from uma_conformance.kill_matrix import UNMODIFIED, in_process
from uma_conformance.offline import judge_again
from uma_conformance.run import run_against
from uma_conformance.suite.collection import checks_for
from uma_reference.faults import Fault, all_faults
from uma_reference.faults.packs import pack_faults
from uma_reports import RecordError, RunRecord, read_recording, read_run, to_document, write_run
from uma_reports.reading import recording_of
from uma_schemas import violations

pytestmark = pytest.mark.usefixtures("unmeasured")

_PACK_FAULTS = {fault.id: fault for pack in PACKS for fault in pack_faults(pack)}
_FAULTS = {fault.id: fault for fault in all_faults()}


def recorded(fault: Fault, packs: tuple[str, ...] = PACKS) -> RunRecord:
    checks = checks_for("as", packs)
    with in_process(fault) as ready, run_against(ready) as run:
        run.drive(checks)
        for check in checks:
            run.judge(check)
        assert run.faults_of_suite() == ()
        return run.record(checks)


def of_uma(record: RunRecord) -> Mapping[str, object]:
    """Return everything that is said of UMA, by values that do not differ between two runs."""
    rows = [replace(row, message="", exchanges=(), remarks=()) for row in record.rows]
    return {
        "rows": rows,
        "summary": record.summary,
        "claim": record.claim,
        "silent": record.silent_rows,
        "features": record.target.features,
    }


@pytest.mark.parametrize("name", ["unmodified", "errors-with-traces", "ticket-reusable"])
def test_what_is_said_of_uma_is_the_same_with_packs_and_without(name: str) -> None:
    fault = {UNMODIFIED.id: UNMODIFIED, **_PACK_FAULTS, **_FAULTS}[name]
    without, beside = recorded(fault, ()), recorded(fault)
    assert of_uma(beside) == of_uma(without)
    assert without.packs == ()
    assert [pack.name for pack in beside.packs] == list(PACKS)


def test_without_packs_nothing_more_is_sent() -> None:
    without, beside = recorded(UNMODIFIED, ()), recorded(UNMODIFIED)
    sent = [item for item in beside.exchanges if "/" not in item.probe]
    # They come first, and in the same order.
    assert beside.exchanges[: len(sent)] == tuple(sent)
    assert [(item.probe, item.label) for item in sent] == [
        (item.probe, item.label) for item in without.exchanges
    ]


@pytest.mark.parametrize("name", ["unmodified", "errors-with-traces", "uma1-permissions-too"])
def test_judging_again_gives_the_same_verdicts(name: str, tmp_path: Path) -> None:
    run = recorded({UNMODIFIED.id: UNMODIFIED, **_PACK_FAULTS}[name])
    write_run(run, tmp_path / "run.json")
    assert violations("run-record", to_document(run)) == ()
    assert read_run(tmp_path / "run.json") == run
    again = judge_again(read_recording(tmp_path / "run.json"))
    assert again.faults_of_suite == ()
    assert replace(again.record, origin=None) == run


def test_a_pack_that_this_version_does_not_have_is_an_error() -> None:
    document = to_document(recorded(UNMODIFIED, ("uma1-residue",)))
    pack = dict(object_of(array_of(document["packs"])[0]))
    document["packs"] = [{**pack, "name": "unheard-of"}]
    with pytest.raises(RecordError, match=r"\$\.packs\[0\]\.name: this version has the packs"):
        judge_again(recording_of(document))


def test_the_claim_stays_and_the_exit_status_tells_of_the_pack() -> None:
    record = recorded(_PACK_FAULTS["errors-with-traces"])
    assert record.claim.conformant is True
    assert record.claim.exit_status == 0
    assert record.exit_status == 1
    warned = recorded(_PACK_FAULTS["versions-told"])
    assert warned.exit_status == 0
    assert [row.id for row in warned.packs[0].warnings] == ["SEC-LEAK-04"]


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, Mapping[str, object]]:
    folder = tmp_path_factory.mktemp("certified")
    packs = [argument for pack in PACKS for argument in ("--pack", pack)]
    result = CliRunner().invoke(application(), ["certify", "--out", str(folder), *packs])
    record = object_of(json.loads((folder / "run.json").read_text("utf-8")))
    return result.exit_code, result.output, record


def test_the_reference_passes_over_connections(
    certified: tuple[int, str, Mapping[str, object]],
) -> None:
    status, output, record = certified
    assert status == 0, output
    rows = [
        object_of(row)
        for pack in array_of(record["packs"])
        for row in array_of(object_of(pack)["rows"])
    ]
    outcomes = {str(row["id"]): row["outcome"] for row in rows}
    # On this machine browsers get no HSTS, and there is no second document.
    assert {name for name, outcome in outcomes.items() if outcome != "passed"} == {
        "SEC-META-02",
        "SEC-TLS-05",
    }


def test_the_last_line_tells_the_claim_from_the_packs(
    certified: tuple[int, str, Mapping[str, object]],
) -> None:
    _, output, _ = certified
    last = output.strip().splitlines()[-1]
    assert last.startswith("The claim is about UMA 2.0 alone;")
    assert all(f"Pack {pack}: no error row failed" in last for pack in PACKS)


def test_an_unknown_pack_is_a_usage_error(tmp_path: Path) -> None:
    arguments = ["certify", "--out", str(tmp_path / "out"), "--pack", "securty"]
    result = CliRunner().invoke(application(), arguments)
    assert result.exit_code == 2
    assert "near to it: security" in result.stderr
