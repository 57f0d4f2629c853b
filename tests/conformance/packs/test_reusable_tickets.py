"""What UMA itself judges is not judged a second time by a pack."""

from uma_conformance.pack_matrix import judged_pack
from uma_conformance.suite.collection import pack_checks
from uma_reference.faults import all_faults


def test_a_ticket_that_can_be_used_again_is_no_race() -> None:
    fault = next(item for item in all_faults() if item.id == "ticket-reusable")
    with judged_pack("security", fault) as run:
        (judged,) = run.packs(pack_checks(["security"]))
    race = next(row for row in judged.rows if row.row.id == "SEC-RACE-01")
    assert race.outcome == "inapplicable"
    assert "G-5.5-02" in race.message
    assert [row.row.id for row in judged.rows if row.outcome == "failed"] == []
