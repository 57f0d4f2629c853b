"""From findings to rows: what counts when checks disagree, say nothing or cannot apply."""

import pytest

from uma_conformance.catalogue import Catalogue, Role, load_catalogue
from uma_conformance.checks import Check
from uma_conformance.features import Standing
from uma_conformance.judge import Finding
from uma_conformance.outcome import Outcome
from uma_conformance.rows import JudgedRow, judged_rows
from uma_conformance.session import Judgement

_PLAIN = "F-3.2.1-04"  # binds the server, needs no feature
_PCT = "G-3.3.1-14"  # needs the feature pct
_UNSEEN = next(
    row.id
    for row in load_catalogue()
    if row.concerns(Role.AS) and not row.observable_for(Role.AS) and not row.needs
)


def row_of(
    row: str,
    *findings: Finding,
    features: dict[str, Standing] | None = None,
    checked: bool = True,
) -> JudgedRow:
    requirement = load_catalogue()[row]
    catalogue = Catalogue({row: requirement}, "sha256:0")
    check = Check("a check", (row,), (), lambda _: None, whole_trace=False)
    (found,) = judged_rows(
        catalogue,
        Role.AS,
        [check] if checked else [],
        [Judgement("a check", findings)],
        features or {},
    )
    return found


def finding(row: str, outcome: Outcome, message: str = "", *exchanges: int) -> Finding:
    return Finding(row, outcome, message, exchanges)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((Outcome.PASSED, Outcome.FAILED), Outcome.FAILED),
        ((Outcome.CANT_TELL, Outcome.FAILED), Outcome.FAILED),
        ((Outcome.PASSED, Outcome.CANT_TELL), Outcome.CANT_TELL),
        ((Outcome.PASSED, Outcome.UNTESTED), Outcome.UNTESTED),
        ((Outcome.PASSED, Outcome.INAPPLICABLE), Outcome.PASSED),
        ((Outcome.PASSED,), Outcome.PASSED),
    ],
)
def test_a_row_takes_the_worst_of_its_findings(
    outcomes: tuple[Outcome, ...], expected: Outcome
) -> None:
    found = row_of(_PLAIN, *(finding(_PLAIN, outcome, str(outcome)) for outcome in outcomes))
    assert found.outcome is expected


def test_evidence_is_that_of_the_deciding_findings() -> None:
    found = row_of(
        _PLAIN,
        finding(_PLAIN, Outcome.PASSED, "", 1, 2),
        finding(_PLAIN, Outcome.FAILED, "no Location", 7, 5),
    )
    assert (found.message, found.exchanges) == ("no Location", (5, 7))


def test_remarks_are_kept_beside_a_pass() -> None:
    remark = Finding(_PLAIN, Outcome.PASSED, "unusual", (1,), remark=True)
    assert row_of(_PLAIN, remark).remarks == ("unusual",)


def test_a_planned_row_that_nobody_spoke_of_is_silent() -> None:
    assert row_of(_PLAIN).silent
    assert row_of(_PLAIN, checked=False).silent


def test_a_row_of_a_missing_feature_is_inapplicable() -> None:
    found = row_of(_PCT, finding(_PCT, Outcome.CANT_TELL, "no PCT"))
    assert found.outcome is Outcome.INAPPLICABLE
    assert "pct" in found.message
    assert not found.planned


def test_a_violation_counts_even_without_the_feature() -> None:
    assert row_of(_PCT, finding(_PCT, Outcome.FAILED, "wrong")).outcome is Outcome.FAILED


def test_a_declared_feature_that_never_shows_fails() -> None:
    absent = {"pct": Standing.ABSENT}
    found = row_of(_PCT, finding(_PCT, Outcome.INAPPLICABLE, "no PCT came"), features=absent)
    assert found.outcome is Outcome.FAILED
    assert "declared" in found.message


@pytest.mark.parametrize("outcome", [Outcome.CANT_TELL, Outcome.UNTESTED])
def test_a_declared_feature_that_could_not_be_looked_for_stays_open(outcome: Outcome) -> None:
    absent = {"pct": Standing.ABSENT}
    found = row_of(_PCT, finding(_PCT, outcome, "no ticket was issued"), features=absent)
    assert found.outcome is outcome


def test_what_cannot_be_seen_is_untested_with_its_reason() -> None:
    found = row_of(_UNSEEN, checked=False)
    assert found.outcome is Outcome.UNTESTED
    assert found.message.startswith("not observable: ")
    assert not found.planned
    assert not found.silent
