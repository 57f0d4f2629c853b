"""`uma2 catalogue`: listing, filtering, explaining."""

import json

import pytest
from typer.testing import CliRunner

from uma_conformance.catalogue import Role, load_catalogue
from uma_conformance.cli import application


def catalogue(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(application(), ["catalogue", *arguments], env={"COLUMNS": "200"})
    return result.exit_code, result.output


def ids(*filters: str) -> list[str]:
    status, output = catalogue("--format", "ids", *filters)
    assert status == 0, output
    return output.split()


def test_every_requirement_is_listed_once() -> None:
    assert ids() == [row.id for row in load_catalogue()]


def test_filters_work_together() -> None:
    found = ids("--role", "as", "--section", "3.3.6", "--keyword", "MUST")
    rows = [load_catalogue()[name] for name in found]
    assert found
    assert {row.section for row in rows} == {"3.3.6"}
    assert {str(row.keyword) for row in rows} == {"MUST"}
    assert all(row.concerns(Role.AS) for row in rows)


def test_a_section_takes_its_subsections_and_no_others() -> None:
    sections = {load_catalogue()[name].section for name in ids("--spec", "grant", "--section", "3")}
    assert {"3.1", "3.3.5.1"} <= sections
    assert all(name == "3" or name.startswith("3.") for name in sections)


def test_keywords_are_taken_in_any_case() -> None:
    assert ids("--keyword", "must not") == ids("--keyword", "MUST NOT") != []


@pytest.mark.parametrize(
    ("filters", "holds"),
    [
        (("--severity", "warning", "--role", "as"), "warning"),
        (("--severity", "error", "--role", "as"), "error"),
    ],
)
def test_severity_is_that_of_the_role(filters: tuple[str, ...], holds: str) -> None:
    found = ids(*filters)
    assert found
    assert {str(load_catalogue()[name].severity_for(Role.AS)) for name in found} == {holds}


def test_observable_and_not_observable_part_the_catalogue() -> None:
    seen, unseen = ids("--role", "as", "--observable"), ids("--role", "as", "--not-observable")
    assert sorted(seen + unseen) == sorted(ids("--role", "as"))
    assert set(seen) & set(unseen) == set()


def test_needs_selects_by_feature() -> None:
    assert all("pct" in load_catalogue()[name].needs for name in ids("--needs", "pct"))


def test_json_has_the_link_of_each_row() -> None:
    status, output = catalogue("--format", "json", "--section", "5.5")
    assert status == 0
    assert all(row["link"].startswith("https://") for row in json.loads(output))


def test_one_requirement_is_explained() -> None:
    row = load_catalogue()["G-5.5-02"]
    status, output = catalogue("g-5.5-02")
    assert status == 0
    for part in (row.id, row.link, "failing it", "judged by", "test_ticket_management"):
        assert part in output


def test_a_table_says_how_many_there_are() -> None:
    status, output = catalogue("--section", "5.5")
    assert status == 0
    assert f"of {len(load_catalogue())} requirements" in output


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("G-3.3.6-113",), "G-3.3.6-13"),
        (("--section", "9.9"), "3.3.6"),
        (("--keyword", "mst"), "MUST"),
        (("--needs", "pcts"), "pct"),
        (("--role", "boss"), "client"),
    ],
)
def test_what_does_not_exist_is_named(arguments: tuple[str, ...], named: str) -> None:
    status, output = catalogue(*arguments)
    assert status == 2
    assert arguments[-1] in output
    assert named in output
