"""What reports say of the proof of the suite: in numbers, and for each row."""

import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from uma_reports import (
    KnownFault,
    Mutants,
    Oracle,
    RecordError,
    RunRecord,
    from_document,
    print_summary,
    render_html,
    render_junit,
    render_markdown,
    to_document,
)
from uma_reports.proof import faults_by_row, proof_of
from uma_schemas import violations

_SENTENCE = (
    "This suite catches 1 of 2 known faults, and sees 5 of 8 changes of single things in answers; "
    "the other 3 break no rule of UMA, each for a reason that is on record."
)


@pytest.fixture
def proved(mixed: RunRecord) -> RunRecord:
    """Give a record with a proof in which the first two rows are proved."""
    faults = (
        KnownFault(
            "ticket-reusable",
            "A ticket works twice.",
            caught=True,
            seen_in=("Some Server 9", "Other"),
        ),
        KnownFault("default-permit", "Everything is open.", caught=False, seen_in=()),
    )
    oracle = Oracle("sha256:abc", faults, Mutants("sha256:def", 4, 1, {"free text": 3}, 0))
    names = {
        "G-2-01": ("default-permit",),
        "G-2-02": ("default-permit", "ticket-reusable"),
    }
    rows = tuple(replace(row, proved_by=names.get(row.id, ())) for row in mixed.rows)
    return replace(mixed, oracle=oracle, rows=rows)


def test_the_numbers_are_one_sentence(proved: RunRecord) -> None:
    assert proof_of(proved).startswith(_SENTENCE)


def test_rows_that_nothing_proves_are_named(proved: RunRecord) -> None:
    """Observations need no proof, nor do rows without a check."""
    rows = (*proved.rows[:4], replace(proved.rows[4], checks=()), proved.rows[7])
    assert proof_of(replace(proved, rows=rows)).endswith(" Proved by no fault: G-2-03, G-2-04.")


def test_changes_without_a_reason_are_told(proved: RunRecord) -> None:
    assert proved.oracle is not None
    mutants = replace(proved.oracle.mutants, unexplained=2)
    told = replace(proved.oracle, mutants=mutants).sentence
    assert "5 of 10 changes" in told
    assert told.endswith("; 2 of the others are not explained.")


def test_a_record_without_proof_says_nothing(mixed: RunRecord) -> None:
    assert proof_of(mixed) == ""
    assert mixed.unproved == ()
    assert "known fault" not in render_markdown(mixed)
    assert "known fault" not in render_html(mixed)


def test_faults_that_break_little_come_first(proved: RunRecord) -> None:
    names = [fault.id for fault in faults_by_row(proved)["G-2-02"]]
    assert names == ["ticket-reusable", "default-permit"]


def test_the_proof_comes_back_from_its_document(proved: RunRecord) -> None:
    document = to_document(proved)
    assert violations("run-record", document) == ()
    assert from_document(json.loads(json.dumps(document))) == proved


def test_a_row_proved_by_what_is_no_known_fault_is_refused(proved: RunRecord) -> None:
    document: dict[str, Any] = to_document(proved)
    document["rows"][0]["proved_by"] = ["made-up"]
    with pytest.raises(RecordError, match=r"\$\.rows\[0\]\.proved_by\[0\]: no fault 'made-up'"):
        from_document(document)


def test_a_fault_that_is_known_twice_is_refused(proved: RunRecord) -> None:
    document: dict[str, Any] = to_document(proved)
    document["oracle"]["faults"].append(document["oracle"]["faults"][0])
    with pytest.raises(RecordError, match=r"\$\.oracle\.faults\[2\]\.id"):
        from_document(document)


def test_the_page_shows_the_proof(proved: RunRecord) -> None:
    page = render_html(proved)
    assert _SENTENCE in page
    assert "Seen in Some Server 9, Other." in page
    assert page.index("<code>ticket-reusable</code>") < page.rindex("<code>default-permit</code>")
    assert "Not caught in full." in page
    assert "free text" in page


def test_texts_show_the_proof(proved: RunRecord) -> None:
    assert f"- Proof: {_SENTENCE}" in render_markdown(proved)
    told = io.StringIO()
    print_summary(proved, Console(file=told, width=200))
    assert _SENTENCE in told.getvalue()


def test_junit_shows_the_proof(proved: RunRecord) -> None:
    suite = ET.fromstring(render_junit(proved))  # noqa: S314 - our own text
    properties = {item.get("name"): item.get("value") or "" for item in suite.iter("property")}
    assert properties["proof"].startswith(_SENTENCE)
    assert properties["kill_matrix_digest"] == "sha256:abc"
    failure = next(suite.iter("failure")).text or ""
    seen = "proved by: ticket-reusable: A ticket works twice (seen in Some Server 9, Other)"
    assert seen in failure
