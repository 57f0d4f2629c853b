"""`uma2 diagram`: what it draws, where it writes it, and what it says about bad input."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner, Result

from uma_conformance.cli import application
from uma_conformance.kill_matrix import UNMODIFIED, judged_run
from uma_conformance.suite.collection import checks_for
from uma_reports import Outcome, read_run, write_run


def run(*arguments: object) -> Result:
    return CliRunner().invoke(application(), ["diagram", *map(str, arguments)])


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    with judged_run(UNMODIFIED) as done:
        write_run(done.record(checks_for("as")), folder / "run.json")
    return folder


def test_row_is_printed_as_svg(recorded: Path) -> None:
    result = run(recorded, "--row", "G-3.3.6-03")

    assert result.exit_code == 0, result.output
    root = ET.fromstring(result.output)  # noqa: S314 - our own text
    words = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "400 invalid_grant" in words
    assert not any(word and "fails" in word for word in words)


@pytest.mark.parametrize(("name", "begins"), [("a.svg", "<svg"), ("a.mmd", "sequenceDiagram")])
def test_end_of_the_name_says_what_is_written(
    recorded: Path, tmp_path: Path, name: str, begins: str
) -> None:
    result = run(recorded / "run.json", "--exchange", "1-3", "--out", tmp_path / name)

    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / name).read_text("utf-8").startswith(begins)


def test_probe_is_drawn_as_the_figure_of_the_grant(recorded: Path) -> None:
    record = read_run(recorded / "run.json")
    visit = next(e for e in record.exchanges if e.endpoint == "claims interaction")

    result = run(recorded, "--probe", visit.probe, "--preset", "grant", "--form", "mermaid")

    assert result.exit_code == 0, result.output
    assert "interactive claims gathering" in result.output
    assert "POST permission" not in result.output


def refusal(result: Result) -> str:
    """Return the words of a usage error."""
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.output


def test_bad_choices_are_refused_with_what_to_do(recorded: Path, tmp_path: Path) -> None:
    record = read_run(recorded / "run.json")
    unseen = next(r for r in record.rows if not r.exchanges and r.outcome is Outcome.UNTESTED)

    told = refusal(run(recorded))
    assert "too many" in told
    assert "--probe" in told
    told = refusal(run(recorded, "--row", "G-3.3.6-3"))
    assert "no row of this id" in told
    assert "near to it" in told
    told = refusal(run(recorded, "--row", unseen.id))
    assert "no exchange" in told
    assert "untested" in told
    assert "near to it: tickets.unknown" in refusal(run(recorded, "--probe", "tickets.unknow"))
    assert "one of them" in refusal(run(recorded, "--probe", "x", "--row", "y"))
    assert "such as 12-30" in refusal(run(recorded, "--exchange", "one"))
    assert "to a higher one" in refusal(run(recorded, "--exchange", "9-1"))
    assert "none of these exchanges" in refusal(run(recorded, "--exchange", "999999"))
    assert "--preset full" in refusal(run(recorded, "--exchange", "1", "--preset", "grant"))
    assert "cannot be written" in refusal(run(recorded, "--exchange", "1", "--out", tmp_path))
    told = refusal(run(tmp_path))
    assert "run.json" in told
    assert "cannot be read" in told
