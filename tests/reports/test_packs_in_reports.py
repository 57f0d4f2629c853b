"""Packs in every report: after the rows of UMA, in a section of their own, and inert."""

import io
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import pytest
from rich.console import Console

from uma_reports import (
    KnownFailure,
    Outcome,
    PackResult,
    PackRowResult,
    PackSource,
    RecordError,
    RunRecord,
    Severity,
    from_document,
    make_baseline,
    notice,
    print_summary,
    render_html,
    render_junit,
    render_markdown,
    to_document,
)
from uma_schemas import violations

_SOURCE = PackSource("RFC 9700 4.16", "https://www.rfc-editor.org/rfc/rfc9700#section-4.16")
_HOSTILE = (
    "</script><script>alert(1)</script> <img src=x onerror=alert(2)> \x1b[31mred \u202e ]]> \ufffe"
)


def row(number: int, outcome: Outcome, severity: Severity = Severity.ERROR) -> PackRowResult:
    return PackRowResult(
        id=f"SEC-WEB-{number:02}",
        severity=severity,
        statement=f"Pages do what {number} says.",
        rests_on=(_SOURCE,),
        consequence="A person is led astray.",
        outcome=outcome,
        message="" if outcome is Outcome.PASSED else f"seen {number}",
        remarks=("it could be better",) if number == 1 else (),
        checks=("suite.security.test_browsing::test_pages",),
        exchanges=(1,),
    )


def packed(record: RunRecord, *rows: PackRowResult) -> RunRecord:
    pack = PackResult("security", "Pack security: beyond", "What lies beyond.", "sha256:0", rows)
    return replace(record, packs=(pack,))


@pytest.fixture
def beside(clean: RunRecord) -> RunRecord:
    return packed(
        clean,
        row(1, Outcome.PASSED),
        row(2, Outcome.FAILED),
        row(3, Outcome.FAILED, Severity.WARNING),
        row(4, Outcome.CANT_TELL),
        row(5, Outcome.INAPPLICABLE),
        row(6, Outcome.UNTESTED, Severity.WARNING),
    )


def test_a_record_with_packs_is_read_as_it_was_written(beside: RunRecord) -> None:
    document = to_document(beside)
    assert violations("run-record", document) == ()
    assert from_document(document) == beside


def test_an_exchange_that_is_not_there_is_an_error(beside: RunRecord) -> None:
    lost = replace(row(1, Outcome.PASSED), exchanges=(7,))
    with pytest.raises(
        RecordError, match=r"\$\.packs\[0\]\.rows\[0\]\.exchanges\[0\]: no exchange 7"
    ):
        from_document(to_document(packed(beside, lost)))


def test_a_row_that_is_there_twice_is_an_error(beside: RunRecord) -> None:
    twice = packed(beside, row(1, Outcome.PASSED), row(1, Outcome.PASSED))
    with pytest.raises(RecordError, match=r"\$\.packs\[0\]\.rows\[1\]\.id: is there twice"):
        from_document(to_document(twice))


def test_a_failed_pack_changes_the_exit_status_and_no_claim(beside: RunRecord) -> None:
    assert beside.claim.conformant is True
    assert (beside.claim.exit_status, beside.exit_status) == (0, 1)
    assert "Exit status 1 because of that" in notice(beside)
    passed = packed(beside, row(1, Outcome.PASSED), row(3, Outcome.FAILED, Severity.WARNING))
    assert passed.exit_status == 0
    assert "Exit status" not in notice(passed)


def test_a_pack_says_nothing_of_a_target_that_fails_anyhow(mixed: RunRecord) -> None:
    assert "Exit status" not in notice(packed(mixed, row(2, Outcome.FAILED)))


def printed(record: RunRecord) -> list[str]:
    out = io.StringIO()
    print_summary(record, Console(file=out, width=80, color_system=None))
    return out.getvalue().splitlines()


def test_the_terminal_shows_packs_after_the_claim(beside: RunRecord, clean: RunRecord) -> None:
    lines, without = printed(beside), printed(clean)
    verdict = "Pack security: failed, with 1 of 4 error rows"
    assert lines[: len(without)] == without
    assert lines[len(without) :] == [
        "",
        "Pack security: beyond (no part of the claim)",
        "failed      SEC-WEB-02 seen 2",
        "warning     SEC-WEB-03 seen 3",
        "cannot tell SEC-WEB-04 seen 4",
        f"{verdict}. 1 passed, 2 failed, 1 cannot tell, 1 inapplicable, 1 untested",
    ]


def test_markdown_shows_packs_after_everything_else(beside: RunRecord, clean: RunRecord) -> None:
    text, without = render_markdown(beside), render_markdown(clean)
    assert text.startswith(without.rstrip("\n"))
    more = text.removeprefix(without.rstrip("\n"))
    assert "## Pack security" in more
    assert "[SEC-WEB-02](https://www.rfc-editor.org/rfc/rfc9700#section-4.16)" in more
    assert "| error | **failed** | seen 2 |" in more


def test_junit_has_a_suite_for_each_pack(beside: RunRecord, clean: RunRecord) -> None:
    root = ET.fromstring(render_junit(beside).encode())  # noqa: S314 - our own output
    of_uma, of_pack = root
    alone = ET.fromstring(render_junit(clean).encode())[0]  # noqa: S314 - our own output
    assert ET.tostring(of_uma).strip() == ET.tostring(alone).strip()
    assert of_pack.attrib == {
        **of_pack.attrib,
        "tests": "6",
        "failures": "1",
        "errors": "1",
        "skipped": "2",
    }
    assert root.get("tests") == str(int(of_uma.get("tests", "")) + 6)
    assert root.get("failures") == "1"


def test_failed_rows_of_packs_alone_have_the_diagram_of_their_exchanges(beside: RunRecord) -> None:
    text = render_html(beside)
    for number, drawn in enumerate((False, True, True, False, False, False), 1):
        name = f"SEC-WEB-{number:02}"
        assert (f'aria-label="Diagram of {name}"' in text) is drawn
        assert (f"<title>Exchanges that decided about {name}</title>" in text) is drawn


def test_the_page_shows_packs_between_rows_and_exchanges(beside: RunRecord) -> None:
    text = render_html(beside)
    assert text.index('id="rows"') < text.index('id="packs"') < text.index('id="exchanges"')
    assert 'id="pack-row-SEC-WEB-02"' in text
    assert '<a href="#packs">Packs</a>' in text
    # The first thing that is said stays the claim.
    assert '<h2 id="verdict"><span class="sign" aria-hidden="true"></span>Conformant</h2>' in text


def test_nothing_is_shown_without_packs(clean: RunRecord) -> None:
    for text in (render_html(clean), render_markdown(clean), render_junit(clean)):
        assert "pack" not in text.lower()


def test_hostile_texts_are_inert(beside: RunRecord) -> None:
    failed = row(2, Outcome.FAILED)
    hostile = replace(failed, message=_HOSTILE, remarks=(_HOSTILE,), statement=_HOSTILE)
    record = packed(beside, hostile)
    assert "<script>alert" not in render_html(record)
    assert "<img" not in render_html(record)
    assert "<script>" not in render_markdown(record)
    ET.fromstring(render_junit(record).encode())  # noqa: S314 - our own output
    assert not any("\x1b" in line or "\u202e" in line for line in printed(record))


_LATER = date(2999, 12, 31)


def known(record: RunRecord, *failures: KnownFailure) -> RunRecord:
    baseline = make_baseline(
        "known.toml",
        "sha256:3",
        date(2031, 5, 4),
        failures,
        record.rows,
        record.claim,
        record.packs,
    )
    return replace(record, baseline=baseline)


def entry(number: int, pack: str = "security", expires: date = _LATER) -> KnownFailure:
    return KnownFailure(f"SEC-WEB-{number:02}", "It is <i>known</i>.", expires, pack=pack)


@pytest.mark.parametrize(
    ("failure", "standing", "status"),
    [
        (entry(2), "known failure", 0),
        (entry(3), "known failure", 1),
        (entry(2, expires=date(2031, 5, 3)), "expired", 1),
        (entry(1), "unexpected pass", 1),
        (entry(4), "unmatched", 1),
        (entry(5), "stale", 1),
        (entry(6), "unmatched", 1),
        (entry(7), "stale", 1),
        # Named as a row of UMA, or of a pack that the run does not have.
        (entry(2, ""), "stale", 1),
        (entry(2, "uma1-residue"), "set aside", 1),
    ],
)
def test_an_entry_about_a_pack_stands_as_its_row_ended(
    failure: KnownFailure, standing: str, status: int, beside: RunRecord
) -> None:
    record = known(beside, failure)
    assert record.baseline is not None
    assert [str(item.standing) for item in record.baseline.entries] == [standing]
    assert record.exit_status == status
    assert (record.claim, record.summary) == (beside.claim, beside.summary)
    document = to_document(record)
    assert violations("run-record", document) == ()
    assert from_document(document) == record


def test_an_entry_that_is_set_aside_fails_nothing(clean: RunRecord) -> None:
    record = known(clean, entry(2))
    assert record.exit_status == 0
    output = io.StringIO()
    print_summary(record, Console(file=output, width=200))
    shown = (output.getvalue(), render_html(record), render_markdown(record))
    assert all("SEC-WEB-02: pack security was not asked for" in text for text in shown)


def test_a_known_failure_of_a_pack_is_shown_as_such(beside: RunRecord) -> None:
    record = known(beside, entry(2))
    assert "Known failures: SEC-WEB-02." in notice(record)
    assert "Exit status 1" not in notice(record)
    output = io.StringIO()
    print_summary(record, Console(file=output, width=200))
    assert "known       SEC-WEB-02 seen 2" in output.getvalue()
    assert "**failed**, known until 2999-12-31" in render_markdown(record)
    page = render_html(record)
    assert 'href="#pack-row-SEC-WEB-02"' in page
    assert "It is &lt;i&gt;known&lt;/i&gt;." in page
    case = ET.fromstring(render_junit(record)).find(  # noqa: S314 - our own document
        ".//testcase[@classname='pack.security']/skipped[@type='known failure']"
    )
    assert case is not None
    assert "It is <i>known</i>." in str(case.get("message"))
