"""The oracle of packs, proved: each fault trips exactly the rows of its pack that it declares."""

import pytest

from uma_conformance.catalogue.packs import PACKS
from uma_conformance.catalogue.packs.load import load_pack
from uma_conformance.kill_matrix import UNMODIFIED
from uma_conformance.pack_matrix import judged_pack, run_pack_fault
from uma_conformance.suite.collection import pack_checks
from uma_reference.faults import all_faults
from uma_reference.faults.packs import pack_faults

pytestmark = pytest.mark.usefixtures("unmeasured")

_FAULTS = {fault.id: (pack, fault) for pack in PACKS for fault in pack_faults(pack)}
# What the reference does not have in this process, or not at all.
_NOT_THERE = {
    "security": {"SEC-META-02", "SEC-TLS-01", "SEC-TLS-02", "SEC-TLS-03", "SEC-TLS-04"},
    "uma1-residue": set[str](),
}
_VARIANTS: dict[str, dict[str, object]] = {
    "no optional feature": {"features": []},
    "RPTs are JWTs": {"rpt_format": "jwt"},
    "permissions end with their policies": {"withdrawal_ends_rpts": True},
    "no partial grants": {"partial_grants": False},
}


@pytest.mark.parametrize("fault", _FAULTS)
def test_a_fault_trips_the_rows_it_declares_and_no_others(fault: str) -> None:
    pack, variant = _FAULTS[fault]
    kill = run_pack_fault(pack, variant)
    assert kill.faults_of_suite == ()
    assert kill.failed == kill.declared
    assert kill.declared, "a fault that nothing sees proves nothing"


@pytest.mark.parametrize("pack", PACKS)
def test_the_unmodified_reference_passes_everything(pack: str) -> None:
    with judged_pack(pack, UNMODIFIED) as run:
        (judged,) = run.packs(pack_checks([pack]))
        assert run.faults_of_suite() == ()
    open_rows = {row.row.id for row in judged.rows if row.outcome != "passed"}
    assert open_rows == _NOT_THERE[pack]


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("name", _VARIANTS)
def test_a_legal_variant_trips_nothing(pack: str, name: str) -> None:
    kill = run_pack_fault(pack, UNMODIFIED, _VARIANTS[name])
    assert kill.failed == frozenset()
    assert kill.faults_of_suite == ()


@pytest.mark.parametrize("pack", PACKS)
def test_every_row_is_judged_and_tripped(pack: str) -> None:
    rows = set(load_pack(pack).rows)
    assert {row for check in pack_checks([pack]) for row in check.rows} == rows
    assert {row for fault in pack_faults(pack) for row in fault.trips} == rows


def test_ids_of_faults_are_unique() -> None:
    ids = [fault.id for pack in PACKS for fault in pack_faults(pack)]
    ids += [fault.id for fault in all_faults()]
    assert len(ids) == len(set(ids))
