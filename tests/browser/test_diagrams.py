"""Diagrams in a real browser: no text on another, in whatever font the browser has."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from uma_reports import ExchangeRecord, RequestRecord, ResponseRecord
from uma_reports.diagrams import Arrow, ArrowKind, Diagram, Lane, Role, svg
from uma_reports.scenario_page import (
    ActInWords,
    CastMember,
    PolicyInWords,
    Replay,
    ResourceInWords,
    StepInWords,
    StepOutcome,
    render_scenario_page,
)

_WORDS = (
    "POST token", "ticket 12, claim token, RPT 3", "MMMMWWWW" * 6, "</text><b>x</b>",
    "漢字かな" * 9,
    "\ufdfd\ufdfd", "e\u0301\u0302\u0303", "needs email, name and 4 more", "مرحبا", "👩‍👩‍👧‍👦" * 4,
)  # fmt: skip
# What every text really covers, and the words of each two that cover each other.
_MEASURE = """() => {
  const boxes = [...document.querySelectorAll("svg text")].map((text) => {
    const box = text.getBBox();
    return { words: text.textContent, left: box.x, right: box.x + box.width,
             top: box.y + 1.5, bottom: box.y + box.height - 1.5 };
  });
  const sheet = document.querySelector("svg").viewBox.baseVal;
  const out = boxes.filter((b) => b.left < 0 || b.right > sheet.width || b.bottom > sheet.height);
  const over = [];
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
    if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      over.push([a.words, b.words]);
  }));
  return { count: boxes.length, out, over };
}"""


def _diagram() -> Diagram:
    lanes = tuple(Lane(f"{role} of {word}", role) for role, word in zip(Role, _WORDS, strict=False))
    arrows = tuple(
        Arrow(place % 5, (place * 2 + 1) % 5, kind, (words, words), place, ("G-3.3.6-02",))
        for kind in ArrowKind
        for place, words in enumerate(_WORDS)
    )
    return Diagram("Every kind of arrow", lanes, arrows, "A note below it.")


@pytest.mark.parametrize("dark", [False, True])
def test_no_text_covers_another_in_a_real_font(
    new_page: Callable[..., Page], accessibility: Callable[[Page], list[str]], *, dark: bool
) -> None:
    page = new_page(1400, dark=dark)
    page.set_content(
        '<!doctype html><html lang="en"><meta name="color-scheme" content="light dark">'
        f"<title>Diagram</title><main><h1>Diagram</h1>{svg(_diagram(), alone=True)}</main>"
    )

    seen: dict[str, Any] = page.evaluate(_MEASURE)

    assert seen["count"] > 2 * 5 * len(_WORDS)
    assert seen["out"] == []
    assert seen["over"] == []
    assert accessibility(page) == []


@pytest.mark.parametrize(("width", "dark"), [(1400, False), (400, True)])
def test_page_of_a_scenario_fits_every_window(
    new_page: Callable[..., Page],
    accessibility: Callable[[Page], list[str]],
    width: int,
    *,
    dark: bool,
) -> None:
    html = render_scenario_page(_replay())
    page = new_page(width, dark=dark)
    # Its own policy would keep the test from looking into it.
    page.set_content(html.replace("http-equiv", "data-http-equiv"))

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("svg").count() == 2
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert accessibility(page) == []


def _replay() -> Replay:
    cast = tuple(CastMember(str(role), role, f"Who is {role}", "about " * 9) for role in Role)
    sent = RequestRecord("GET", f"https://rs.example/{'long' * 60}", (("accept", "x"),), "")
    answer = ResponseRecord(401, (("www-authenticate", 'UMA ticket="ticket:1"'),), "", False)  # noqa: FBT003 - not cut
    exchange = ExchangeRecord(
        1, "S1", "1", "Open it", "client", "resource server", "resource", sent, answer, None, 0, 1
    )
    step = StepInWords(
        "S1", "A step", "It is told. " * 30, "Decided.", "Because.", StepOutcome.FAILED, "message",
        ("G-3.2.1-01",), (1,), (ActInWords("done", "ended", StepOutcome.FAILED, "note", (1,)),),
    )  # fmt: skip
    return Replay(
        title="A scenario", summary="In short.", stage="a stage", started="2031-01-01T00:00:00Z",
        outcome=StepOutcome.FAILED, cast=cast, steps=(step,), exchanges=(exchange,),
        resources=(ResourceInWords("R", "Record", "Alice", "Clinic", ("read",) * 30),),
        policies=(PolicyInWords("P", "Alice", "Doctors may read."),),
    )  # fmt: skip
