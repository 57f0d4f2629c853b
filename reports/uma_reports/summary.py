"""From rows to numbers."""

from collections import Counter
from collections.abc import Collection, Iterable

from uma_reports.record import Counts, Outcome, Row, SectionSummary, Severity, Spec, Summary
from uma_reports.wording import section_key

_JUDGED = frozenset({Outcome.PASSED, Outcome.FAILED})


def summarise(rows: Iterable[Row], silent_rows: Collection[str] = ()) -> Summary:
    """Count rows over all, by severity and by section.

    Planned rows are those this target had to be judged by, judged ones are the planned rows that
    passed or failed, and silent ones are the planned rows that `silent_rows` names by id: no check
    spoke of them.
    """
    every = tuple(rows)
    silent = frozenset(silent_rows)
    sections: dict[tuple[Spec, str], list[Row]] = {}
    for row in every:
        sections.setdefault((row.spec, row.section), []).append(row)
    return Summary(
        planned=_planned(every),
        judged=_judged(every),
        silent=_silent(every, silent),
        outcomes=count(every),
        by_severity={
            severity: count(row for row in every if row.severity is severity)
            for severity in Severity
        },
        sections=tuple(
            SectionSummary(
                spec=spec,
                section=section,
                planned=_planned(inside),
                judged=_judged(inside),
                silent=_silent(inside, silent),
                counts=count(inside),
            )
            for (spec, section), inside in sorted(
                sections.items(), key=lambda item: section_key(*item[0])
            )
        ),
    )


def count(rows: Iterable[Row]) -> Counts:
    """Count how these rows ended."""
    found = Counter(row.outcome for row in rows)
    return Counts(
        passed=found[Outcome.PASSED],
        failed=found[Outcome.FAILED],
        cant_tell=found[Outcome.CANT_TELL],
        inapplicable=found[Outcome.INAPPLICABLE],
        untested=found[Outcome.UNTESTED],
    )


def _planned(rows: Iterable[Row]) -> int:
    return sum(row.planned for row in rows)


def _judged(rows: Iterable[Row]) -> int:
    return sum(row.planned and row.outcome in _JUDGED for row in rows)


def _silent(rows: Iterable[Row], silent: Collection[str]) -> int:
    return sum(row.planned and row.id in silent for row in rows)
