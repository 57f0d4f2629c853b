"""The oracle, proved: each fault of the reference trips exactly the rows it declares."""

import json
from collections.abc import Mapping

import pytest

from uma_conformance.catalogue import load_catalogue
from uma_conformance.kill_matrix import UNMODIFIED, Kill, run_faults
from uma_conformance.oracle.load import KILL_MATRIX, place_of
from uma_conformance.proving import kill_matrix_text
from uma_conformance.suite.collection import checks_for
from uma_reference.faults import all_faults

pytestmark = pytest.mark.usefixtures("unmeasured")

_FAULTS = {fault.id: fault for fault in all_faults()}


@pytest.fixture(scope="module")
def kills() -> Mapping[str, Kill]:
    return {kill.fault: kill for kill in run_faults((UNMODIFIED.id, *_FAULTS))}


def test_the_unmodified_reference_trips_nothing(kills: Mapping[str, Kill]) -> None:
    assert kills[UNMODIFIED.id].failed == frozenset()
    assert kills[UNMODIFIED.id].faults_of_suite == ()


@pytest.mark.parametrize("fault", _FAULTS)
def test_a_fault_trips_the_rows_it_declares_and_no_others(
    kills: Mapping[str, Kill], fault: str
) -> None:
    kill = kills[fault]
    assert kill.faults_of_suite == ()
    assert kill.failed == kill.declared
    assert kill.declared, "a fault that nothing sees proves nothing"


def test_the_kill_matrix_of_reports_is_the_one_that_was_run(kills: Mapping[str, Kill]) -> None:
    """After a change of faults or checks: `uma2 faults --run --write`."""
    kept = json.loads(place_of(KILL_MATRIX).read_text("utf-8"))
    assert kept == json.loads(kill_matrix_text(_FAULTS.values(), kills))


def test_every_row_that_a_check_judges_is_tripped_by_a_fault() -> None:
    judged = {row for check in checks_for("as") for row in check.rows}
    tripped = {row for fault in _FAULTS.values() for row in fault.trips}
    assert judged - tripped == set()


def test_faults_declare_rows_of_the_catalogue() -> None:
    catalogue = load_catalogue()
    assert [row for fault in _FAULTS.values() for row in fault.trips if row not in catalogue] == []


def test_fault_ids_are_unique() -> None:
    ids = [fault.id for fault in all_faults()]
    assert len(ids) == len(set(ids))
