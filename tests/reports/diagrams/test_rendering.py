"""Layout and renderers, whatever a server under test writes."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from uma_reports import ExchangeRecord, RequestRecord, ResponseRecord
from uma_reports.diagrams import Arrow, ArrowKind, Diagram, Lane, Preset, Role, draw, mermaid, svg
from uma_reports.diagrams.layout import Layout, lay_out
from uma_reports.diagrams.text import broken, width_of
from uma_reports.visible import visible

_NASTY = st.sampled_from([
    "</text><script>alert(1)</script>", "]]>&lt;", "a; p0->>p1: forged", "%%{init: {}}%%",
    "end\nloop x", "#35;#quot;", "wrap: x", "\u202egnp\x00\x1b[31m", "漢字" * 20, "W" * 70,
    "e\u0301\u0301\u0301\u0301", "\ufdfd" * 9, "$$x$$ `y`", "\"'<>&",
])  # fmt: skip
_TEXT = st.one_of(st.text(max_size=90), _NASTY)


@st.composite
def _diagrams(draw_: st.DrawFn) -> Diagram:
    roles = draw_(st.lists(st.sampled_from(list(Role)), min_size=1, max_size=6))
    lanes = tuple(Lane(draw_(_TEXT), role) for role in roles)
    place = st.integers(0, len(lanes) - 1)
    arrows = st.builds(
        Arrow,
        source=place,
        target=place,
        kind=st.sampled_from(ArrowKind),
        lines=st.lists(_TEXT, max_size=4).map(tuple),
        exchange=st.integers(0, 9999),
        marks=st.lists(st.sampled_from(["G-3.3.6-02", "F-5-06"]), max_size=12).map(tuple),
        lost=st.booleans(),
        quiet=st.booleans(),
    )
    return Diagram(draw_(_TEXT), lanes, tuple(draw_(st.lists(arrows, max_size=30))), draw_(_TEXT))


def _overlaps(layout: Layout) -> Iterator[tuple[str, str]]:
    boxes = sorted(((text.box, text.words) for text in layout.texts), key=lambda pair: pair[0][1])
    for place, ((left, _, right, bottom), words) in enumerate(boxes):
        for (other_left, other_top, other_right, _), other in boxes[place + 1 :]:
            if other_top >= bottom:
                break
            if left < other_right and other_left < right:
                yield words, other


@given(_diagrams())
def test_no_text_covers_another_or_leaves_the_sheet(diagram: Diagram) -> None:
    layout = lay_out(diagram)

    assert list(_overlaps(layout)) == []
    for text in layout.texts:
        left, top, right, bottom = text.box
        assert left >= 0
        assert right <= layout.width
        assert top >= 0
        assert bottom <= layout.height


@given(_diagrams())
def test_lines_of_arrows_stand_below_each_other_and_touch_no_text(diagram: Diagram) -> None:
    layout = lay_out(diagram)

    assert all(one.y < other.y for one, other in pairwise(layout.lines))
    for line in layout.lines:
        if line.start != line.end:
            assert not any(text.box[1] < line.y < text.box[3] for text in layout.texts)


@given(_diagrams())
def test_svg_is_well_formed_and_holds_texts_as_text_alone(diagram: Diagram) -> None:
    root = ET.fromstring(svg(diagram, alone=True))  # noqa: S314 - our own text

    elements = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert elements <= {"svg", "title", "desc", "style", "rect", "path", "g", "text"}
    assert root.get("role") == "img"
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert (title.text or "") == visible(diagram.title)


@given(_diagrams())
def test_mermaid_has_one_line_for_each_thing_and_signs_only_as_entities(diagram: Diagram) -> None:
    first, *lines = mermaid(diagram).splitlines()

    assert first == "sequenceDiagram"
    assert len(lines) == 1 + len(diagram.lanes) + len(diagram.arrows) + bool(diagram.note)
    for line in lines[1 + len(diagram.lanes) :]:
        text = line.partition(": ")[2].replace("<br/>", "")
        assert re.sub(r"#\d+;", "", text).translate(dict.fromkeys(map(ord, "<>;:#%`$\"'&{}"))) == (
            re.sub(r"#\d+;", "", text)
        )


@given(_TEXT, st.floats(20, 400))
def test_text_is_broken_without_losing_a_letter(text: str, width: float) -> None:
    lines = broken(text, width, 13)

    assert all(len(line) == 1 or width_of(line, 13) <= width for line in lines)
    if text.isascii():
        assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.recursive(st.none() | st.booleans() | _TEXT, lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(
                        ["error", "ticket", "required_claims", "permissions", "redirect_user",
                         "access_token", "pct", "active", "scope", "resource_scopes"]), inner)),
       st.sampled_from(Preset))  # fmt: skip
def test_any_answer_can_be_drawn(answer: Any, preset: Preset) -> None:
    exchanges = [_answered(endpoint, number, answer) for number, endpoint in enumerate(
        ["discovery", "token", "permission", "introspection", "claims interaction",
         "resource registration", "revocation", "protected resource", "elsewhere"], 1
    )]  # fmt: skip

    diagram = draw(exchanges, "Anything", preset)

    ET.fromstring(svg(diagram))  # noqa: S314 - our own text
    assert all("\n" not in line for arrow in diagram.arrows for line in arrow.lines)


def test_long_diagram_repeats_the_names_of_its_lanes(figure: list[ExchangeRecord]) -> None:
    layout = lay_out(draw([*figure, *figure, *figure], "Long"))

    assert len(layout.lines) > 70
    assert len(layout.heads) >= 4 * len(layout.lifelines)


def test_diagram_without_exchanges_is_empty_and_well_formed() -> None:
    diagram = draw([], "Nothing")

    assert diagram.arrows == ()
    ET.fromstring(svg(diagram, alone=True))  # noqa: S314 - our own text


def _answered(endpoint: str, number: int, answer: object) -> ExchangeRecord:
    text = json.dumps(answer)
    return ExchangeRecord(
        number=number, probe="p", label="l", purpose="P", sender="a party", receiver="a server",
        endpoint=endpoint,
        request=RequestRecord("POST", f"https://x.example/{text}", (), text),
        response=ResponseRecord(200, (("location", text),), text, truncated=False),
        failure=None, started=0.0, seconds=0.0,
    )  # fmt: skip
