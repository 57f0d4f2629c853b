"""Each trap of the specifications is judged, and proved by faults that fall into it."""

import pytest
from typer.testing import CliRunner

from uma_conformance.catalogue import Role, load_catalogue, load_traps
from uma_conformance.cli import application
from uma_conformance.oracle import load_proofs
from uma_conformance.suite.collection import checks_for
from uma_reference.faults import all_faults

_TRAPS = load_traps()


def test_there_are_fifteen() -> None:
    assert len(_TRAPS) == 15
    assert len({trap.name for trap in _TRAPS.values()}) == 15


@pytest.mark.parametrize("name", _TRAPS)
def test_each_row_of_a_trap_is_judged_and_proved(name: str) -> None:
    trap, catalogue, proofs = _TRAPS[name], load_catalogue(), load_proofs("as")
    judged = {row for check in checks_for("as") for row in check.rows}
    assert proofs is not None
    assert trap.rows
    for row in trap.rows:
        assert catalogue[row].observable_for(Role.AS)
        assert row in judged
        assert row in proofs.of_row


@pytest.mark.parametrize("name", _TRAPS)
def test_each_fault_of_a_trap_trips_one_of_its_rows(name: str) -> None:
    trap, faults = _TRAPS[name], {fault.id: fault for fault in all_faults()}
    assert trap.faults
    for fault in trap.faults:
        assert set(faults[fault].trips) & set(trap.rows), fault


@pytest.mark.parametrize("name", _TRAPS)
def test_each_row_of_a_trap_is_tripped_by_one_of_its_faults(name: str) -> None:
    trap, faults = _TRAPS[name], {fault.id: fault for fault in all_faults()}
    tripped = {row for fault in trap.faults for row in faults[fault].trips}
    assert set(trap.rows) - tripped == set()


def catalogue(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(application(), ["catalogue", *arguments], env={"COLUMNS": "200"})
    return result.exit_code, result.output


def test_a_trap_is_explained_with_rows_checks_and_faults() -> None:
    status, output = catalogue("--trap", "pat-isolation")
    assert status == 0
    assert "F-1.3-10" in output
    assert "test_owners_are_kept_apart" in output
    assert "owners-not-kept-apart" in output
    assert "G-3.2.2-01" in output


def test_all_traps_are_listed() -> None:
    status, output = catalogue("--trap", "all")
    assert status == 0
    assert set(_TRAPS) <= set(output.split())


def test_an_unknown_trap_is_a_usage_error() -> None:
    status, output = catalogue("--trap", "pat-isolatoin")
    assert status == 2
    assert "pat-isolation" in output
