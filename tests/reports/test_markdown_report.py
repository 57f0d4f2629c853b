"""The Markdown report, and that no text of a target acts as Markdown in it."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uma_reports import ExchangeRecord, Outcome, Row, RunRecord, render_markdown
from uma_reports.markdown_text import code, link, plain

MakeRow = Callable[..., Row]
MakeExchange = Callable[..., ExchangeRecord]
MakeRecord = Callable[..., RunRecord]


def test_the_report_in_parts(mixed: RunRecord) -> None:
    """Claim, numbers, failed, open and warned rows with evidence, remarks and sections."""
    text = render_markdown(mixed)
    assert "**Not conformant.** Reference AS does not conform to UMA 2.0" in text
    assert "| error | 3 | 1 | 1 | 1 | 1 |" in text
    assert "## Failed (1)" in text
    assert "### [G-2-02](https://docs.kantarainitiative.org/" in text
    assert "- **failed:** status 200 instead of 4xx and no error member" in text
    assert "- Exchange 1: `POST https://as.example/token` → 400" in text
    assert "- Exchange 2: `POST https://as.example/token` → no answer (timeout)" in text
    assert "## Could not be judged (1)" in text
    assert "- **cannot tell:** the control was refused" in text
    assert "## Warnings (1)" in text
    assert "the media type lacks a charset" in text
    assert "| Grant 2 | 6 | 5 | 0 | 2 | 3 | 1 | 1 | 1 |" in text


def test_a_clean_report_is_short(clean: RunRecord) -> None:
    """A run with nothing to say has no empty headings."""
    text = render_markdown(clean)
    assert "**Conformant.** Reference AS meets 5 of 5" in text
    assert re.findall("^## .*", text, re.MULTILINE) == ["## Sections"]


def test_many_exchanges_are_counted(make_row: MakeRow, make_exchange: MakeExchange,
                                    make_record: MakeRecord) -> None:  # fmt: skip
    """The short form of the evidence ends after five exchanges and says how many follow."""
    row = make_row(outcome=Outcome.FAILED, message="no", exchanges=(1, 2, 3, 4, 5, 6))
    text = render_markdown(make_record([row], map(make_exchange, range(1, 7))))
    assert "- Exchange 5:" in text
    assert "- Exchange 6:" not in text
    assert "- and 1 more exchange" in text


def test_tables_hold_under_hostile_text(hostile: RunRecord) -> None:
    """No HTML, no link and no mention comes from a target, and each table line keeps its cells."""
    text = render_markdown(hostile)
    without_code = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert not re.search(r"<\w|</", without_code)
    assert not re.search(r"(?<!\\)\]\((?!https://docs\.)", without_code)
    assert not re.search(r"(?<!\\)://evil|www\.evil", without_code)
    assert "@everyone" not in without_code
    for line in text.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) in {7, 10}


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a_b *c* `d`", r"a\_b \*c\* \`d\`"),
        ("<b> & [x](y) | z", r"&lt;b&gt; &amp; \[x\](y) \| z"),
        ("see https://a.b and www.c.d", r"see https\://a.b and www\.c.d"),
        ("# head", r"\# head"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("1.5 is a number", "1.5 is a number"),
        ("two\nlines", "two lines"),
        ("@you", "@\u200byou"),
    ],
)
def test_plain_text(text: str, escaped: str) -> None:
    """Text reads as it was, and no sign in it is Markdown."""
    assert plain(text) == escaped


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a b", "`a b`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("a|b", "`a|b`"),
        ("", "(empty)"),
        ("a\nb", "`a b`"),
    ],
)
def test_code_spans(text: str, span: str) -> None:
    """A code span cannot be ended by what is in it."""
    assert code(text) == span


@given(text=st.text(st.sampled_from("a |`\\\n\r\u2028<&[") | st.characters()))
def test_nothing_ends_a_line_or_a_cell(text: str) -> None:
    """Whatever the text, it stays on one line, and plain text also in one table cell."""
    assert len(plain(text).splitlines()) <= 1
    assert len(code(text).splitlines()) == 1
    assert "|" not in re.sub(r"\\.", "", plain(text))


def test_the_claim_is_never_cut(make_row: MakeRow, make_record: MakeRecord) -> None:
    """The sentence names all of its scope, however many features were not declared."""
    features = {f"feature-with-a-long-name-{number}": "not declared" for number in range(40)}
    text = render_markdown(make_record([make_row()], features=features))
    assert all(name in text for name in features)
    assert "No warnings." in text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a b", "", "//a", "https://é"])
def test_only_web_addresses_are_linked(url: str) -> None:
    """An address that is none of the web is left out."""
    assert link("G-2-01", url) == "G-2-01"


def test_a_link_cannot_be_broken_out_of() -> None:
    """Brackets in an address are encoded."""
    assert link("a", "https://a/(b)|c") == "[a](https://a/%28b%29%7Cc)"
