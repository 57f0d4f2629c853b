"""What the reports say of the proof of the suite goes with the suite and with the faults."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, cast

import pytest

from uma_conformance.catalogue import Role, Severity, load_catalogue
from uma_conformance.kill_matrix import UNMODIFIED, judged_run
from uma_conformance.mutants.equivalents import RULES
from uma_conformance.oracle import load_proofs
from uma_conformance.oracle.load import KILL_MATRIX, MUTANTS, place_of
from uma_conformance.suite.collection import checks_for
from uma_reference.faults import all_faults

_SUITE = "suite.authorization_server."


@pytest.fixture(scope="module")
def matrix() -> Mapping[str, dict[str, Any]]:
    document = json.loads(place_of(KILL_MATRIX).read_text("utf-8"))
    return {entry["id"]: entry for entry in document["faults"]}


def test_the_matrix_has_every_fault_as_it_is_declared(
    matrix: Mapping[str, dict[str, Any]],
) -> None:
    assert list(matrix) == [fault.id for fault in all_faults()]
    for fault in all_faults():
        entry = matrix[fault.id]
        assert entry["wrong"] == fault.summary
        assert entry["seen_in"] == [seen.words for seen in fault.seen_in]
        assert sorted(entry["seen"]) == sorted(fault.trips)
        assert entry["missed"] == []


def test_each_row_of_each_check_is_proved_by_a_fault(
    matrix: Mapping[str, dict[str, Any]],
) -> None:
    """A check that judges several rows is proved for each of them."""
    proved = {
        (f"{_SUITE}{check}", row)
        for entry in matrix.values()
        for row, checks in cast("Mapping[str, list[str]]", entry["seen"]).items()
        for check in checks
    }
    assert {(check.name, row) for check in checks_for("as") for row in check.rows} == proved


def test_each_judged_error_and_warning_row_is_proved() -> None:
    proofs, catalogue = load_proofs("as"), load_catalogue()
    assert proofs is not None
    judged = {row for check in checks_for("as") for row in check.rows}
    grave = {
        row
        for row in judged
        if catalogue[row].severity_for(Role.AS) in {Severity.ERROR, Severity.WARNING}
    }
    assert grave - proofs.of_row.keys() == set()


def test_reasons_of_mutants_are_those_of_the_rules() -> None:
    counted = json.loads(place_of(MUTANTS).read_text("utf-8"))
    assert counted["unexplained"] == 0
    assert counted["equivalent"].keys() == {rule.reason for rule in RULES}


def test_a_role_without_checks_has_no_proofs() -> None:
    assert load_proofs("client") is None


def test_a_run_carries_the_matrix() -> None:
    checks = checks_for("as")
    with judged_run(UNMODIFIED) as run:
        record = run.record(checks)
    assert record.oracle is not None
    assert record.oracle.caught == len(record.oracle.faults) == len(all_faults())
    text = place_of(KILL_MATRIX).read_bytes()
    assert record.oracle.digest == f"sha256:{sha256(text).hexdigest()}"
    assert record.unproved == ()
    rows = {row.id: row for row in record.rows}
    assert "create-without-location" in rows["F-3.2.1-04"].proved_by
    assert all(row.checks for row in record.rows if row.proved_by)
