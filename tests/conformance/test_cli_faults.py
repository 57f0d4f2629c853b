"""`uma2 faults`: listing and running."""

from typer.testing import CliRunner

from uma_conformance.cli import application
from uma_reference.faults import all_faults


def faults(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(application(), ["faults", *arguments], env={"COLUMNS": "200"})
    return result.exit_code, result.output


def test_every_fault_is_listed_with_its_rows() -> None:
    status, output = faults()
    assert status == 0
    words = output.split()
    for fault in all_faults():
        assert fault.id in words
        assert set(fault.trips) <= set(words)


def test_a_run_shows_what_was_seen() -> None:
    status, output = faults("--run", "ticket-reusable", "create-200")
    assert status == 0
    assert "2 of 2 faults" in output


def test_an_unknown_fault_is_named_with_what_comes_near() -> None:
    status, output = faults("ticket-reusible")
    assert status == 2
    assert "ticket-reusable" in output
