"""How known failures stand after a run, and what they do to exit status and reports."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from rich.console import Console

from uma_reports import (
    EntryStanding,
    KnownFailure,
    Outcome,
    RecordError,
    RunRecord,
    from_document,
    make_baseline,
    print_summary,
    render_html,
    render_junit,
    render_markdown,
    to_document,
)
from uma_schemas import violations

_TODAY = date(2031, 5, 4)
_LATER = date(2031, 12, 31)
_KNOWN = KnownFailure("G-2-02", "The next release mends it.", _LATER, "https://issues.example/7")

Known = Callable[..., RunRecord]


@pytest.fixture
def known(mixed: RunRecord) -> Known:
    def made(*failures: KnownFailure, record: RunRecord = mixed, on: date = _TODAY) -> RunRecord:
        baseline = make_baseline("known.toml", "sha256:3", on, failures, record.rows, record.claim)
        return replace(record, baseline=baseline)

    return made


def standings(record: RunRecord) -> list[str]:
    assert record.baseline is not None
    return [str(entry.standing) for entry in record.baseline.entries]


@pytest.mark.parametrize(
    ("row", "expires", "standing"),
    [
        ("G-2-02", _LATER, "known failure"),
        ("G-2-02", _TODAY, "known failure"),
        ("G-2-02", date(2031, 5, 3), "expired"),
        ("G-2-03", _LATER, "known failure"),
        ("G-2-01", _LATER, "unexpected pass"),
        ("G-2-01", date(2031, 5, 3), "unexpected pass"),
        ("G-2-04", _LATER, "unmatched"),
        ("G-2-05", _LATER, "stale"),
        ("G-2-06", _LATER, "stale"),
        ("G-9-99", _LATER, "stale"),
    ],
)
def test_an_entry_stands_as_its_row_ended(
    row: str, expires: date, standing: str, known: Known
) -> None:
    record = known(KnownFailure(row, "It is known.", expires))
    assert standings(record) == [standing]
    assert record.baseline is not None
    assert row in record.baseline.entries[0].message


def test_the_exit_status_changes_and_no_verdict(
    known: Known, mixed: RunRecord, make_record: Callable[..., RunRecord]
) -> None:
    judged = [row for row in mixed.rows if row.outcome is not Outcome.CANT_TELL]
    decided = make_record(judged, mixed.exchanges)
    covered = known(_KNOWN, record=decided)
    assert covered.exit_status == 0
    assert (covered.claim, covered.rows, covered.summary) == (
        decided.claim,
        decided.rows,
        decided.summary,
    )
    assert covered.claim.conformant is False
    # Another row is open, or nothing covers the failure, or an entry is wrong.
    assert known(_KNOWN).exit_status == 3
    assert known(record=decided).exit_status == 1
    assert known(_KNOWN, KnownFailure("G-2-01", "x", _LATER), record=decided).exit_status == 1
    assert known(_KNOWN, record=decided, on=date(2032, 1, 1)).exit_status == 1


def test_without_failures_an_empty_baseline_changes_nothing(known: Known, clean: RunRecord) -> None:
    assert known(record=clean).exit_status == clean.claim.exit_status == 0


def test_the_record_keeps_it_and_comes_back(known: Known) -> None:
    record = known(_KNOWN, KnownFailure("G-2-01", "x", _LATER))
    document = to_document(record)
    assert violations("run-record", document) == ()
    assert from_document(document) == record


@pytest.mark.parametrize("standing", [item for item in EntryStanding if item != "known failure"])
def test_a_record_cannot_say_otherwise(standing: str, known: Known) -> None:
    document = to_document(known(_KNOWN))
    baseline = document["baseline"]
    assert isinstance(baseline, dict)
    baseline["entries"][0]["standing"] = standing
    with pytest.raises(RecordError, match=r"^\$\.baseline\.entries\[0\]\.standing: must be known"):
        from_document(document)
    baseline["entries"][0]["standing"] = "known failure"
    baseline["exit_status"] = 0
    with pytest.raises(RecordError, match=r"^\$\.baseline\.exit_status: must be 3"):
        from_document(document)


@pytest.fixture
def shown(known: Known) -> RunRecord:
    return known(_KNOWN, KnownFailure("G-2-01", "No <b>idea</b>.", _LATER))


def test_markdown_shows_it(shown: RunRecord) -> None:
    text = render_markdown(shown)
    assert "`known.toml` lists 2 known failures as of 2031-05-04." in text
    assert "- **unexpected pass**, which fails the run: G-2-01: it passes now" in text
    assert "until 2031-12-31: The next release mends it. ([more](https://issues.example/7))" in text
    assert "Not conformant" in text
    assert "## Failed (1)" in text


def test_html_shows_it(shown: RunRecord) -> None:
    page = render_html(shown)
    assert "Known failure until 2031-12-31." in page
    assert '<a href="https://issues.example/7"' in page
    assert "unexpected pass. G-2-01: it passes now" in page
    assert "Not conformant" in page


def test_junit_skips_known_failures_and_fails_wrong_entries(shown: RunRecord) -> None:
    suite = ET.fromstring(render_junit(shown)).find("testsuite")  # noqa: S314 - our own document
    assert suite is not None
    kinds = {
        str(case.get("name")): [inner.tag for inner in case] for case in suite.iter("testcase")
    }
    (known,) = (tags for name, tags in kinds.items() if name.startswith("G-2-02 "))
    assert known == ["skipped"]
    assert kinds["G-2-01 unexpected pass"] == ["failure"]
    assert (suite.get("tests"), suite.get("failures")) == ("11", "1")
    skipped = suite.find("testcase/skipped[@type='known failure']")
    assert skipped is not None
    assert "The next release mends it." in str(skipped.get("message"))
    assert "status 200 instead of 4xx" in str(skipped.get("message"))


def test_the_terminal_shows_it(shown: RunRecord) -> None:
    output = StringIO()
    print_summary(shown, Console(file=output, width=200))
    text = output.getvalue()
    assert "known       G-2-02" in text
    assert "baseline: unexpected pass: G-2-01: it passes now; take the entry out" in text
    assert "Baseline known.toml: 1 known failure, 1 entry to correct" in text
