"""The claim: it says what the rows say, and never more."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uma_reports import Outcome, Row, RunRecord, Severity, Spec, TargetInfo, make_claim

MakeRow = Callable[..., Row]
_TARGET = TargetInfo("Reference AS", "as", "https://as.example", "builtin", "sha256:1", {})
_OPEN = {Outcome.CANT_TELL, Outcome.UNTESTED}

_rows = st.lists(
    st.tuples(
        st.sampled_from(Severity), st.sampled_from(Outcome), st.booleans(), st.sampled_from(Spec)
    ),
    max_size=12,
)


@given(drawn=_rows)
def test_the_verdict_follows_from_the_error_rows(
    drawn: list[tuple[Severity, Outcome, bool, Spec]], make_row: MakeRow
) -> None:
    """Never conformant beside a failed or an open error row; the exit status goes along."""
    claim = make_claim(
        [
            make_row(number, severity=severity, outcome=outcome, planned=planned, spec=spec)
            for number, (severity, outcome, planned, spec) in enumerate(drawn)
        ],
        _TARGET,
    )
    errors = [(outcome, planned) for severity, outcome, planned, _ in drawn if severity == "error"]
    failed = any(outcome is Outcome.FAILED for outcome, _ in errors)
    still_open = any(planned and outcome in _OPEN for outcome, planned in errors)
    passed = any(outcome is Outcome.PASSED for outcome, _ in errors)
    expected = False if failed else None if still_open or not passed else True
    assert claim.conformant is expected
    assert claim.exit_status == {False: 1, None: 3, True: 0}[expected]
    assert ("does not conform" in claim.sentence) is (expected is False)
    assert claim.sentence.startswith("No claim: ") is (expected is None)
    assert (" meets " in claim.sentence) is (expected is True)


def test_a_clean_run_names_its_scope(clean: RunRecord) -> None:
    """The sentence gives the counts per specification and the features that were not declared."""
    assert clean.claim.sentence == (
        "Reference AS meets 5 of 5 applicable error rows of UMA 2.0 as an authorization server "
        "(Grant 4/4, FedAuthz 1/1). Not declared: pct, refresh. No warnings."
    )


def test_a_failed_run_names_what_it_does_not_cover(mixed: RunRecord) -> None:
    """The sentence counts failed and open rows, what was left out, and all warnings."""
    assert mixed.claim.sentence == (
        "Reference AS does not conform to UMA 2.0 as an authorization server: 1 of 5 applicable "
        "error rows failed (Grant 1/4, FedAuthz 0/1), 1 could not be judged. Not covered: 1 error "
        "row that does not apply, 1 error row that this suite does not judge. Not declared: pct, "
        "refresh. 2 warnings."
    )


@pytest.mark.parametrize(
    ("outcomes", "sentence"),
    [
        ([], ("No claim: no error row of UMA 2.0 was judged for Reference AS as "
             "an authorization server. No warnings.")),
        (["cant_tell"], ("No claim: 1 of 1 applicable error row of UMA 2.0 could not be judged for "
                        "Reference AS as an authorization server (Grant 1/1, FedAuthz none "
                        "applicable), none was judged. No warnings.")),
        (["passed", "passed", "untested"], ("No claim: 1 of 3 applicable error rows of UMA 2.0 "
         "could not be judged for Reference AS as an authorization server (Grant 1/3, FedAuthz "
         "none applicable), 2 passed. No warnings.")),
        (["inapplicable", "inapplicable", "passed"], ("Reference AS meets 1 of 1 applicable error "
         "row of UMA 2.0 as an authorization server (Grant 1/1, FedAuthz none applicable). Not "
         "covered: 2 error rows that do not apply. No warnings.")),
    ],
)  # fmt: skip
def test_the_sentence(outcomes: list[str], sentence: str, make_row: MakeRow) -> None:
    """Each kind of run has its own words, also for one row and for none."""
    rows = [make_row(number, outcome=Outcome(name)) for number, name in enumerate(outcomes)]
    assert make_claim(rows, _TARGET).sentence == sentence


def test_warnings_are_counted(make_row: MakeRow) -> None:
    """Failed warnings and remarks count, failed observations do not, and ten is not none."""
    failed = Outcome.FAILED
    rows = [
        make_row(1, remarks=tuple("abcdefgh")),
        make_row(2, severity=Severity.WARNING, outcome=failed, remarks=("i",)),
        make_row(3, severity=Severity.OBSERVATION, outcome=failed),
    ]
    assert make_claim(rows, _TARGET).sentence.endswith(" 10 warnings.")
    assert make_claim(rows[:1], _TARGET).sentence.endswith(" 8 warnings.")
    assert make_claim([make_row(remarks=("a",))], _TARGET).sentence.endswith(" 1 warning.")


def test_an_absent_feature_is_named(make_row: MakeRow) -> None:
    """A feature that was declared and never showed stands apart from those not declared."""
    target = TargetInfo(
        "AS",
        "as",
        "https://as.example",
        "x",
        "",
        {"pct": "declared, absent", "refresh": "declared"},
    )
    sentence = make_claim([make_row()], target).sentence
    assert "Declared, but never seen: pct." in sentence
    assert "Not declared" not in sentence


def test_the_name_of_a_target_stays_on_the_line(make_row: MakeRow) -> None:
    """A name cannot add lines or hidden characters to the sentence."""
    target = TargetInfo("A\n\n# B\x1b[2J", "rs", "https://as.example", "x", "", {})
    sentence = make_claim([make_row()], target).sentence
    assert sentence.startswith("A # B⟨U+001B⟩[2J meets 1 of 1 ")
    assert "as a resource server" in sentence
