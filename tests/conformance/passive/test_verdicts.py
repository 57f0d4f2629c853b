"""Passive verdicts are safe: the traffic of a run accuses nobody whom the run itself acquits."""

from collections.abc import Callable
from typing import Any

import pytest

from uma_conformance.kill_matrix import UNMODIFIED, judged_run
from uma_conformance.offline import Verdict
from uma_conformance.suite.collection import checks_for
from uma_reference.faults import Fault, all_faults
from uma_reports import Outcome, RunRecord

pytestmark = pytest.mark.usefixtures("unmeasured")

JudgeHar = Callable[..., Verdict]
HarOf = Callable[[RunRecord], dict[str, Any]]
_FAULTS = {fault.id: fault for fault in all_faults()}
# Faults that traffic shows, of every endpoint, each with a row that has to fail.
_SEEN = {
    "discovery-null-member": "G-2-04",
    "create-without-location": "F-3.2.1-04",
    "update-204": "F-3.2.3-02",
    "list-of-objects": "F-3.2.5-02",
    "delete-202": "F-3.2.4-02",
}
# Faults that only a probe with its control can show.
_NOT_SEEN = ("update-merges", "list-paged")


def recorded(fault: Fault, settings: dict[str, object] | None = None) -> RunRecord:
    checks = checks_for("as")
    with judged_run(fault, settings) as run:
        return run.record(checks)


def failed(verdict: Verdict) -> set[str]:
    assert verdict.faults_of_suite == ()
    return {row.id for row in verdict.record.rows if row.outcome is Outcome.FAILED}


@pytest.fixture(scope="module")
def reference(judge_har: JudgeHar, har_of: HarOf) -> Verdict:
    return judge_har(har_of(recorded(UNMODIFIED)))


def test_the_traffic_of_the_reference_fails_nothing(reference: Verdict) -> None:
    assert failed(reference) == set()
    assert reference.record.summary.judged > 60


def test_traffic_never_shows_conformance(reference: Verdict) -> None:
    claim = reference.record.claim
    assert claim.conformant is None
    assert claim.exit_status == 3
    assert "traffic alone never shows conformance" in claim.sentence


def test_every_judged_row_names_its_exchanges_and_every_other_says_why(reference: Verdict) -> None:
    for row in reference.record.rows:
        if row.outcome is Outcome.PASSED:
            assert row.exchanges, row.id
        else:
            assert row.message, row.id
    unseen = {row.message for row in reference.record.rows if row.id in
              set(reference.record.silent_rows)}  # fmt: skip
    assert unseen == {"the traffic does not show it"}


@pytest.mark.parametrize(
    "settings",
    [{"features": []}, {"rpt_format": "jwt"}, {"partial_grants": False}],
    ids=["no features", "JWT RPTs", "no partial grants"],
)
def test_the_traffic_of_a_legal_variant_fails_nothing(
    settings: dict[str, object], judge_har: JudgeHar, har_of: HarOf
) -> None:
    assert failed(judge_har(har_of(recorded(UNMODIFIED, settings)))) == set()


@pytest.mark.parametrize("fault", [*_SEEN, *_NOT_SEEN])
def test_traffic_fails_only_rows_that_the_fault_breaks(
    fault: str, judge_har: JudgeHar, har_of: HarOf
) -> None:
    found = failed(judge_har(har_of(recorded(_FAULTS[fault]))))
    assert found <= set(_FAULTS[fault].trips)
    assert (_SEEN[fault] in found) if fault in _SEEN else not found
