"""A judge gives every row of a check an outcome, and hides none."""

import pytest

from uma_conformance.checks import check, check_of
from uma_conformance.judge import Declaration, Judge
from uma_conformance.outcome import Outcome, combine
from uma_conformance.probes.probe import Probe
from uma_conformance.session import judge
from uma_conformance.trace import (
    Episode,
    Evidence,
    Exchange,
    Failure,
    FailureKind,
    Gap,
    Request,
    Response,
)

PROBE = Probe("tickets.unknown", "Present an unknown ticket.", lambda _: None)
DECLARATION = Declaration("https://as.example")


def exchange(number: int, status: int | None, body: str = "") -> Exchange:
    """Return an exchange with a response, or one that timed out."""
    response = Response(status, (("content-type", "application/json"),), body) if status else None
    failure = None if status else Failure(FailureKind.TIMEOUT, "no complete answer")
    request = Request("POST", "https://as.example/revoke", ())
    return Exchange(
        number,
        PROBE.name,
        f"step-{number}",
        "Ask",
        "client",
        "authorization server",
        # Its answers need not be JSON; what else has to be is a matter of `legible`.
        "revocation",
        request,
        response,
        failure,
    )


def evidence(*exchanges: Exchange, gap: Gap | None = None, **facts: object) -> Evidence:
    """Return the evidence of one probe."""
    steps = {item.label: item for item in exchanges}
    return Evidence(exchanges, {PROBE.name: Episode(PROBE.name, steps, facts, gap)})


def outcomes(function: object, seen: Evidence) -> dict[str, Outcome]:
    """Judge and return the outcome of each row."""
    found = check_of(function)
    assert found is not None
    judgement = judge(found, seen, DECLARATION)
    rows: dict[str, list[Outcome]] = {}
    for finding in judgement.findings:
        rows.setdefault(finding.row, []).append(finding.outcome)
    return {row: combine(items) for row, items in rows.items()}


@check("A", "B", probe=PROBE)
def two_rows(bench: Judge) -> None:
    """Judge two rows by two steps."""
    bench.require("A", bench.exchange("step-1").status == 400, "400 expected")
    bench.require("B", bench.exchange("step-2").status == 400, "400 expected")


def test_the_first_failure_hides_nothing() -> None:
    """A failed row does not keep the next one from being judged."""
    found = outcomes(two_rows, evidence(exchange(1, 200), exchange(2, 400)))
    assert found == {"A": Outcome.FAILED, "B": Outcome.PASSED}


@pytest.mark.parametrize("outcome", [Outcome.UNTESTED, Outcome.CANT_TELL])
def test_a_missing_step_takes_the_outcome_of_the_gap(outcome: Outcome) -> None:
    """Rows of a check with a missing step stay open with the probe's reason; failures stand."""
    gap = Gap(outcome, "no policy could be set")
    assert outcomes(two_rows, evidence(exchange(1, 200), gap=gap)) == {
        "A": Outcome.FAILED,
        "B": outcome,
    }


def test_a_pass_before_a_missing_step_is_no_pass() -> None:
    """What was judged before a step went missing may be incomplete, so it stays open."""
    gap = Gap(Outcome.CANT_TELL, "the target stopped answering")
    found = outcomes(two_rows, evidence(exchange(1, 400), gap=gap))
    assert found == {"A": Outcome.CANT_TELL, "B": Outcome.CANT_TELL}


def test_a_step_without_an_answer_is_no_failure() -> None:
    """A timeout is not a verdict on the row."""
    found = outcomes(two_rows, evidence(exchange(1, None), exchange(2, 400)))
    assert found == {"A": Outcome.CANT_TELL, "B": Outcome.CANT_TELL}


def test_a_probe_that_was_not_run() -> None:
    """Without the probe's episode the rows are untested."""
    assert set(outcomes(two_rows, Evidence()).values()) == {Outcome.UNTESTED}


@check("A", probe=PROBE)
def controlled(bench: Judge) -> None:
    """Judge a negative by its control."""
    bench.control(bench.exchange("step-1").status == 200, "a fresh ticket was refused")
    bench.require("A", bench.exchange("step-2").status == 400, "400 expected")


def test_a_negative_counts_only_with_its_control() -> None:
    """A refusal proves nothing when the control is refused as well."""
    assert outcomes(controlled, evidence(exchange(1, 400), exchange(2, 400))) == {
        "A": Outcome.CANT_TELL
    }
    assert outcomes(controlled, evidence(exchange(1, 200), exchange(2, 400))) == {
        "A": Outcome.PASSED
    }


@check("A", "B", probe=PROBE)
def breaks(bench: Judge) -> None:
    """Fail one row and then break."""
    bench.require("A", False, "wrong")  # noqa: FBT003 - the point of this check
    raise KeyError("members")


def test_a_check_that_breaks_is_the_suites_own_fault() -> None:
    """Its open rows cannot be told, and the judgement says that the suite is to blame."""
    found = check_of(breaks)
    assert found is not None
    judgement = judge(found, evidence(), DECLARATION)
    assert "KeyError" in judgement.fault_of_suite
    assert {(item.row, item.outcome) for item in judgement.findings} == {
        ("A", Outcome.FAILED),
        ("B", Outcome.CANT_TELL),
    }


@check("A", "B", probe=PROBE)
def forgets(bench: Judge) -> None:
    """Judge only one of two rows."""
    bench.require("A", True, "")  # noqa: FBT003 - the point of this check


def test_a_row_without_an_outcome_is_noticed() -> None:
    """A check that says nothing about a row it declares is at fault."""
    found = check_of(forgets)
    assert found is not None
    assert "no outcome for B" in judge(found, evidence(), DECLARATION).fault_of_suite


def test_remarks_and_facts() -> None:
    """A remark passes its row with a warning, and facts are looked up by name."""

    @check("A", "B", "C", probe=PROBE)
    def remarks(bench: Judge) -> None:
        bench.remark("A", "allowed, but odd", bench.exchange("step-1"))
        assert bench.permissions("granted") == {"r": frozenset({"view"})}
        bench.inapplicable("B", "it never came up")
        bench.cant_tell("C", bench.text("why"))

    found = check_of(remarks)
    assert found is not None
    seen = evidence(exchange(1, 200), granted={"r": ["view"]}, why="because")
    findings = {item.row: item for item in judge(found, seen, DECLARATION).findings}
    assert findings["A"].remark
    assert findings["A"].exchanges == (1,)
    assert findings["B"].outcome is Outcome.INAPPLICABLE
    assert findings["C"].message == "because"


def test_a_missing_fact_leaves_the_rows_open() -> None:
    """A fact that was not measured is a missing step."""

    @check("A", probe=PROBE)
    def reads(bench: Judge) -> None:
        bench.fact("nothing")

    assert outcomes(reads, evidence()) == {"A": Outcome.CANT_TELL}


def test_a_check_names_its_rows_once() -> None:
    """A check without rows, or with a row twice, is refused."""
    with pytest.raises(TypeError):
        check()
    with pytest.raises(TypeError):
        check("A", "A")


def test_judging_an_undeclared_row_is_refused() -> None:
    """A finding about a row that the check does not declare is the suite's fault."""

    @check("A", probe=PROBE)
    def strays(bench: Judge) -> None:
        bench.inapplicable("Z", "no")

    found = check_of(strays)
    assert found is not None
    assert "not declared to judge Z" in judge(found, evidence(), DECLARATION).fault_of_suite


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([Outcome.PASSED, Outcome.FAILED, Outcome.CANT_TELL], Outcome.FAILED),
        ([Outcome.PASSED, Outcome.CANT_TELL, Outcome.UNTESTED], Outcome.CANT_TELL),
        ([Outcome.PASSED, Outcome.UNTESTED], Outcome.UNTESTED),
        ([Outcome.PASSED, Outcome.INAPPLICABLE], Outcome.PASSED),
        ([Outcome.INAPPLICABLE], Outcome.INAPPLICABLE),
        ([], Outcome.UNTESTED),
    ],
)
def test_a_row_is_as_good_as_its_weakest_part(found: list[Outcome], expected: Outcome) -> None:
    """Several checks of one row combine to the least favourable word that was said."""
    assert combine(found) is expected
