"""Bodies, commands and characters as reports show them."""

import json
import shlex
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uma_reports import RequestRecord
from uma_reports.curl import curl
from uma_reports.layout import LONGEST_BODY, lay_out
from uma_reports.visible import one_line, visible

_PLAIN_DIRECTIONS = {
    "",
    "L",
    "R",
    "AL",
    "EN",
    "ES",
    "ET",
    "AN",
    "CS",
    "NSM",
    "BN",
    "B",
    "S",
    "WS",
    "ON",
}
_FORM = "application/x-www-form-urlencoded; charset=utf-8"
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=15,
)


@given(value=st.lists(_json) | st.dictionaries(st.text(), _json), ascii_only=st.booleans())
def test_indenting_changes_white_space_only(value: object, ascii_only: bool) -> None:  # noqa: FBT001 - drawn
    """An indented body is the same JSON, part by part."""
    for text in (json.dumps(value, ensure_ascii=ascii_only), json.dumps(value, indent=3)):
        laid_out = lay_out(text, "application/json")
        if not laid_out.left_out:
            assert json.loads(laid_out.text) == value


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('{"a":1.50,"a":2}', '{\n  "a": 1.50,\n  "a": 2\n}'),
        ("[ ]", "[]"),
        ('{"a":{},"b":[1e3,"x,{y}: \\"z"]}',
         '{\n  "a": {},\n  "b": [\n    1e3,\n    "x,{y}: \\"z"\n  ]\n}'),
    ],
)  # fmt: skip
def test_indented_json(body: str, text: str) -> None:
    """Numbers, repeated names and strings stay as they were sent."""
    assert lay_out(body, "").text == text


@pytest.mark.parametrize("body", ['{"a":', "[1 2]", "plain", "", "null", "[" * 5000, "{'a': 1}"])
def test_what_is_not_json_stays(body: str) -> None:
    """A body that is no JSON object or array is shown as it is."""
    assert lay_out(body, "application/json").text == body
    assert lay_out(body, "application/json").note == ""


def test_deep_json_does_not_explode() -> None:
    """Indentation stops growing, so deep nesting does not multiply the size."""
    laid_out = lay_out("[" * 400 + "]" * 400, "")
    assert len(laid_out.text) + laid_out.left_out < 400 * 2 * 90


def test_a_form_is_decoded() -> None:
    """Parameters stand on a line each; a form that is none stays as it is."""
    assert lay_out("a=1%202&b=&a=%26", _FORM).text == "a = 1 2\nb = \na = &"
    assert lay_out("no form", _FORM).text == "no form"
    assert lay_out("a=1&b=2", "text/plain").text == "a=1&b=2"


def test_a_long_body_is_shortened() -> None:
    """What is left out is counted."""
    laid_out = lay_out("x" * (LONGEST_BODY + 7), "")
    assert (len(laid_out.text), laid_out.left_out) == (LONGEST_BODY, 7)
    assert lay_out("x" * LONGEST_BODY, "").left_out == 0


@given(
    url=st.text(st.characters(exclude_characters="\0")),
    value=st.text(st.characters(exclude_characters="\0")),
    body=st.text(st.characters(exclude_characters="\0")),
)
def test_a_curl_command_cannot_be_broken_out_of(url: str, value: str, body: str) -> None:
    """A shell reads every part of the command as the one word that it was."""
    request = RequestRecord("POST", url, (("x", value), ("Host", "a")), body)
    words = shlex.split(curl(request).replace(" \\\n  --", " --"))
    expected = ["curl", "--include", "--request", "POST", url, "--header", f"x: {value}"]
    assert words == [*expected, *(["--data-raw", body] if body else [])]


@given(text=st.text(st.characters()))
def test_visible_text_has_nothing_unseen(text: str) -> None:
    """No control, direction or surrogate character is left, and it is done at once."""
    shown = visible(text)
    unseen = [sign for sign in shown if unicodedata.category(sign) in {"Cc", "Cs"}]
    assert set(unseen) <= {"\n", "\t"}
    assert {unicodedata.bidirectional(sign) for sign in shown} <= _PLAIN_DIRECTIONS
    assert visible(shown) == shown
    shown.encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\tc", "a\nb\tc"),
        ("\x1b[0m", "⟨U+001B⟩[0m"),
        ("a\rb", "a⟨U+000D⟩b"),
        ("\u202eabc\u200b", "⟨U+202E⟩abc⟨U+200B⟩"),
        ("\ud800\uffff", "\ufffd\ufffd"),
        ("Zoë 🙂", "Zoë 🙂"),
    ],
)
def test_signs_for_unseen_characters(text: str, shown: str) -> None:
    """Each unseen character is shown by its code point."""
    assert visible(text) == shown


def test_one_line() -> None:
    """White space is folded, and what is too long ends in an ellipsis."""
    assert one_line(" a\n\n b\t c ") == "a b c"
    assert one_line("abcdef", 4) == "abc…"
    assert one_line("abcd", 4) == "abcd"
