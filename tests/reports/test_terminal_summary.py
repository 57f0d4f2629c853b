"""The summary in a terminal."""

import io

import pytest
from rich.console import Console

from uma_reports import RunRecord, print_summary


def _printed(record: RunRecord, *, terminal: bool = False, width: int = 80) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=terminal, color_system=None)
    print_summary(record, console)
    return out.getvalue()


def test_the_table_fits(mixed: RunRecord) -> None:
    """At 80 columns the table has every number on its line."""
    lines = _printed(mixed, terminal=True).splitlines()
    assert all(len(line) <= 80 for line in lines)
    header = next(line for line in lines if line.startswith("section"))
    assert header.split() == [
        "section", "planned", "judged", "silent", "passed", "failed", "tell", "inappl.", "untested"
    ]  # fmt: skip
    assert next(line for line in lines if line.startswith("all")).split()[1:] == list("86033211")
    assert next(line for line in lines if line.startswith("  3.2.1")).split()[1:] == list(
        "11010000"
    )


def test_rows_that_need_attention(mixed: RunRecord) -> None:
    """Failed, open and warned rows stand on one line each, above the claim."""
    lines = _printed(mixed).splitlines()
    assert "failed      G-2-02 status 200 instead of 4xx" in lines
    assert "cannot tell G-2-04 the control was refused" in lines
    assert "warning     G-2-03 no Cache-Control" in lines
    assert lines[-1] == mixed.claim.sentence


@pytest.mark.parametrize("width", [40, 80, 200])
def test_hostile_text_cannot_act(width: int, hostile: RunRecord) -> None:
    """No escape sequence, no markup and no line of a target reaches the terminal."""
    text = _printed(hostile, terminal=True, width=width)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert all(len(line) <= width for line in text.splitlines())
    assert "⟨U+001B⟩[31mred" in _printed(hostile)


def test_lines_stay_whole_in_a_pipe(hostile: RunRecord) -> None:
    """What goes to a file is not cut, so that it can be searched."""
    lines = _printed(hostile, width=40).splitlines()
    assert any(line.startswith("failed") and "www.evil.test" in line for line in lines)


def test_a_clean_run(clean: RunRecord) -> None:
    """With nothing to point at, the claim follows the table."""
    lines = _printed(clean).splitlines()
    assert lines[-2].startswith("all ")
    assert lines[-1] == clean.claim.sentence
