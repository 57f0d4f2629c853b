"""Scenarios in every report: what their steps showed, apart from the claim, and inert."""

import io
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from rich.console import Console

from uma_reports import (
    EpisodeRecord,
    RecordError,
    RunRecord,
    ScenarioResult,
    StepOutcome,
    StepResult,
    from_document,
    print_summary,
    render_html,
    render_junit,
    render_markdown,
    to_document,
)
from uma_reports.diagrams import Role
from uma_reports.diagrams.evidence import told_roles
from uma_schemas import violations

_HOSTILE = "</script><script>alert(1)</script> \x1b[31mred \u202e ]]> \ufffe"


def step(name: str, outcome: StepOutcome, *rows: str, selected: bool = True) -> StepResult:
    return StepResult(
        id=name,
        title=f"Bob does {name}",
        outcome=outcome,
        message="" if outcome is StepOutcome.PASSED else f"seen in {name}",
        rows=rows,
        exchanges=(1,),
        selected=selected,
    )


def played(record: RunRecord, *steps: StepResult) -> RunRecord:
    lake = ScenarioResult("lake", "Photos of a lake", "the built-in reference", steps)
    return replace(record, scenarios=(lake,))


@pytest.fixture
def told(clean: RunRecord) -> RunRecord:
    (first, *_) = clean.rows
    return played(
        clean,
        step("S0", StepOutcome.FAILED, first.id, selected=False),
        step("S1", StepOutcome.PASSED, first.id, "G-3.3.4-02"),
        step("S2", StepOutcome.FAILED, "G-3.3.4-02", "G-3.3.4-03"),
        step("S3", StepOutcome.SKIPPED, "G-3.3.4-04"),
        step("S4", StepOutcome.INCOMPLETE, "G-3.3.4-05"),
    )


def test_a_record_with_scenarios_is_read_as_it_was_written(told: RunRecord) -> None:
    document = to_document(told)
    assert violations("run-record", document) == ()
    assert from_document(document) == told


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        (
            (replace(step("S1", StepOutcome.PASSED), exchanges=(7,)),),
            r"\$\.scenarios\[0\]\.steps\[0\]\.exchanges\[0\]: no exchange 7",
        ),
        (
            (step("S1", StepOutcome.PASSED), step("S1", StepOutcome.PASSED)),
            r"\$\.scenarios\[0\]\.steps\[1\]\.id: is there twice",
        ),
    ],
)
def test_what_contradicts_itself_is_an_error(
    clean: RunRecord, steps: tuple[StepResult, ...], wrong: str
) -> None:
    with pytest.raises(RecordError, match=wrong):
        from_document(to_document(played(clean, *steps)))


def test_a_scenario_that_is_there_twice_is_an_error(told: RunRecord) -> None:
    twice = replace(told, scenarios=told.scenarios * 2)
    with pytest.raises(RecordError, match=r"\$\.scenarios\[1\]\.id: is there twice"):
        from_document(to_document(twice))


def test_only_a_step_that_passed_shows_rows_and_only_where_none_failed(told: RunRecord) -> None:
    (lake,) = told.scenarios
    assert lake.shown == (told.rows[0].id,)
    assert lake.doubted == ("G-3.3.4-02", "G-3.3.4-03")


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([step("S1", StepOutcome.PASSED)], 0),
        ([step("S1", StepOutcome.SKIPPED), step("S2", StepOutcome.PARTLY)], 0),
        ([step("S1", StepOutcome.INCOMPLETE)], 3),
        ([step("S1", StepOutcome.INCOMPLETE), step("S2", StepOutcome.FAILED)], 1),
        ([step("S1", StepOutcome.FAILED, selected=False), step("S2", StepOutcome.PASSED)], 0),
    ],
)
def test_selected_steps_count_for_the_exit_status_and_never_for_the_claim(
    clean: RunRecord, steps: list[StepResult], status: int
) -> None:
    record = played(clean, *steps)
    assert record.exit_status == status
    assert record.claim == clean.claim
    assert record.claim.exit_status == 0


def test_a_page_tells_of_each_step_and_links_it_with_its_rows(told: RunRecord) -> None:
    html = render_html(told)
    row = told.rows[0].id
    assert "is no verdict on any of them" in html
    assert (
        "Scenario lake: 1 passed, 1 failed, 1 skipped, 1 incomplete of 4 steps, "
        "and 1 played as set-up." in html
    )
    assert f'<a href="#row-{row}">{row}</a>' in html
    assert '<a href="#step-lake-S1">lake::S1</a> (passed)' in html
    assert 'href="#step-lake-S0"' not in html
    for name in ("S0", "S1", "S2", "S3", "S4"):
        assert html.count(f'id="step-lake-{name}"') == 1
    assert 'id="scenarios"' not in render_html(replace(told, scenarios=()))


def test_markdown_has_a_table_of_steps(told: RunRecord) -> None:
    text = render_markdown(told)
    assert "| S0 | failed, as set-up |" in text
    assert r"| S2 | **failed** | Bob does S2; seen in S2 | G-3.3.4-02 G-3.3.4-03 |" in text


def test_junit_has_a_suite_with_a_case_for_each_selected_step(told: RunRecord) -> None:
    root = ET.fromstring(render_junit(told))  # noqa: S314 - our own
    suite = root.findall("testsuite")[-1]
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    assert [case.get("name") for case in suite.findall("testcase")] == [
        f"S{number} Bob does S{number}" for number in (1, 2, 3, 4)
    ]
    assert root.get("tests") == str(len(told.rows) + 4)


def test_a_terminal_names_what_did_not_pass(told: RunRecord) -> None:
    console = Console(file=io.StringIO(), width=200)
    print_summary(told, console)
    text = str(console.file.getvalue())  # type: ignore[attr-defined]
    assert "failed      lake::S2 seen in S2" in text
    assert "lake::S0" not in text
    assert "Scenario lake: 1 passed" in text


def test_diagrams_know_the_parties_of_scenarios_by_name(told: RunRecord) -> None:
    parties = {"parties": {"Bob": "requesting party", "the viewer": "client"}}
    others = {"parties": {"Lake": "resource server"}}
    episodes = (
        EpisodeRecord("scenarios/lake", {}, parties, None),
        EpisodeRecord("scenarios/river", {}, others, None),
        EpisodeRecord("scenarios/lake/S1", {}, {"parties": {"Ann": "client"}}, None),
    )
    assert told_roles(replace(told, episodes=episodes)) == {
        "Bob": Role.REQUESTING_PARTY,
        "the viewer": Role.CLIENT,
        "Lake": Role.RESOURCE_SERVER,
    }


def test_what_a_scenario_says_acts_nowhere(clean: RunRecord) -> None:
    hostile = replace(
        step("S1", StepOutcome.FAILED, _HOSTILE), title=_HOSTILE, message=_HOSTILE, id=_HOSTILE
    )
    record = replace(clean, scenarios=(ScenarioResult(_HOSTILE, _HOSTILE, _HOSTILE, (hostile,)),))
    assert "<script>alert" not in render_html(record)
    assert "<script>" not in render_markdown(record)
    ET.fromstring(render_junit(record))  # noqa: S314 - our own
    console = Console(file=io.StringIO(), width=200)
    print_summary(record, console)
    assert "\x1b[31m" not in str(console.file.getvalue())  # type: ignore[attr-defined]
