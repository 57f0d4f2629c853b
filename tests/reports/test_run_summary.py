"""Counting rows."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from uma_reports import Counts, Outcome, Row, RunRecord, Severity, Spec, summarise

MakeRow = Callable[..., Row]


def test_rows_are_counted(mixed: RunRecord) -> None:
    """Every row counts once over all, once in its severity and once in its section."""
    summary = mixed.summary
    assert (summary.planned, summary.judged, summary.silent) == (8, 6, 0)
    assert summary.outcomes == Counts(3, 3, 2, 1, 1)
    assert summary.by_severity == {
        Severity.ERROR: Counts(3, 1, 1, 1, 1),
        Severity.WARNING: Counts(0, 1, 1, 0, 0),
        Severity.OBSERVATION: Counts(0, 1, 0, 0, 0),
    }


def test_sections_are_in_the_order_of_the_specifications(make_row: MakeRow) -> None:
    """The Grant stands first, and section 10 after section 3.2.1 after section 3.2."""
    places = [(Spec.FEDAUTHZ, "10"), (Spec.GRANT, "10"), (Spec.FEDAUTHZ, "3.2.1"),
              (Spec.GRANT, "3.3.10"), (Spec.FEDAUTHZ, "3.2"), (Spec.GRANT, "3.3.9"),
              (Spec.GRANT, "A")]  # fmt: skip
    rows = [make_row(at, spec=spec, section=name) for at, (spec, name) in enumerate(places)]
    assert [(section.spec, section.section) for section in summarise(rows).sections] == [
        ("grant", "3.3.9"),
        ("grant", "3.3.10"),
        ("grant", "10"),
        ("grant", "A"),
        ("fedauthz", "3.2"),
        ("fedauthz", "3.2.1"),
        ("fedauthz", "10"),
    ]


def test_silent_rows_are_counted(make_row: MakeRow) -> None:
    """Only planned rows can be silent."""
    rows = [make_row(1), make_row(2, planned=False), make_row(3)]
    summary = summarise(rows, ("G-2-02", "G-2-03"))
    assert summary.silent == 1
    assert [section.silent for section in summary.sections] == [1]


@given(
    drawn=st.lists(
        st.tuples(st.sampled_from(Outcome), st.sampled_from(["2", "3.1"]), st.booleans())
    )
)
def test_the_parts_add_up(drawn: list[tuple[Outcome, str, bool]], make_row: MakeRow) -> None:
    """Outcomes, severities and sections each add up to all rows."""
    rows = [
        make_row(at, outcome=outcome, section=section, planned=planned)
        for at, (outcome, section, planned) in enumerate(drawn)
    ]
    summary = summarise(rows)
    total = sum(summary.outcomes.of(outcome) for outcome in Outcome)
    assert total == len(rows)
    assert summary.planned == sum(section.planned for section in summary.sections)
    assert summary.judged == sum(section.judged for section in summary.sections)
    for outcome in Outcome:
        number = summary.outcomes.of(outcome)
        assert number == sum(counts.of(outcome) for counts in summary.by_severity.values())
        assert number == sum(section.counts.of(outcome) for section in summary.sections)
