"""Faults of the reference that walks find, and some that nothing else does."""

import pytest

from uma_conformance.exploring.plan import Plan
from uma_conformance.exploring_matrix import run_exploring_fault, searched
from uma_reference.faults import all_faults
from uma_reference.faults.sequences import exploring_faults

pytestmark = pytest.mark.usefixtures("unmeasured")

_FAULTS = {fault.id: fault for fault in (*all_faults(), *exploring_faults())}
# Faults that checks see as well: walks find them by themselves.
_FOUND = (
    *("ticket-reusable", "need-info-same-ticket", "need-info-dead-ticket", "everybody-granted"),
    *("several-resources-denied", "all-scopes-granted", "withdrawal-ignored"),
    *("delete-ignored", "delete-202", "update-204", "update-creates", "unknown-delete-204"),
    *("list-of-everybody", "rpt-loses-scopes", "introspection-shows-too-much", "rpt-shared"),
    *("permission-needs-scopes", "visit-same-ticket", "create-200"),
)


@pytest.mark.parametrize("name", _FOUND)
def test_walks_find_a_fault_by_a_row_that_it_breaks(name: str) -> None:
    # Which way walks go depends on what is loaded; the first one that finds it ends the search.
    search = searched(_FAULTS[name], Plan(walks=600, seconds=300), enough=1)
    rows = {row for item in search.found for row in item.rows}
    assert rows
    assert rows <= set(_FAULTS[name].trips)
    assert all(len(item.steps) <= 12 for item in search.found)
    assert search.left_behind == 0


@pytest.mark.parametrize("fault", exploring_faults(), ids=lambda fault: fault.id)
def test_some_faults_only_exploring_sees(fault: object) -> None:
    kill = run_exploring_fault(_FAULTS[getattr(fault, "id")])  # noqa: B009 - the id of a parameter
    assert kill.exact
    seen = {check for checks in kill.seen_by.values() for check in checks}
    assert seen
    assert all(check.startswith("exploring::") for check in seen)
