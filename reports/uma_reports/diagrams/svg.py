"""A laid out diagram as SVG: without scripts, and with its colours left to a style sheet."""

from collections.abc import Iterator
from importlib import resources
from xml.sax.saxutils import escape, quoteattr

from uma_reports.diagrams.layout import HALF_HEAD, LOOP, SMALL, Layout, Line, Text, lay_out
from uma_reports.diagrams.model import ArrowKind, Diagram
from uma_reports.diagrams.text import is_foreign
from uma_reports.visible import visible

_LOOP_HEIGHT = 14
_TIP, _HALF_TIP = 9, 4
_DASHED = frozenset({ArrowKind.OUTSIDE, ArrowKind.HANDOVER})


def svg(diagram: Diagram, *, alone: bool = False) -> str:
    """Return the diagram as an SVG element, or as a file of its own with its style in it.

    Inside a page its style is that of `style`. Everything written in it is escaped.
    """
    layout = lay_out(diagram)
    width, height = _number(layout.width), _number(layout.height)
    namespace = ' xmlns="http://www.w3.org/2000/svg"' if alone else ""
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg{namespace} class="uma-diagram" role="img" {size}>',
        f"<title>{_safe(diagram.title)}</title>",
        f"<desc>{_safe(_description(diagram))}</desc>",
        f"<style>{style()}</style>" if alone else "",
        f'<rect class="sheet" width="{width}" height="{height}"/>' if alone else "",
        *_drawn(layout),
        "</svg>",
    ]
    return "".join(parts) + ("\n" if alone else "")


def style() -> str:
    """Return the style sheet of diagrams, for light and dark pages and for print."""
    folder = resources.files("uma_reports").joinpath("templates")
    return folder.joinpath("diagram.css").read_text(encoding="utf-8")


def _description(diagram: Diagram) -> str:
    told = [diagram.told(arrow) for arrow in diagram.arrows]
    sentences = [f"{place}. {sentence}." for place, sentence in enumerate(told, 1)]
    return " ".join([*sentences, diagram.note] if diagram.note else sentences)


def _drawn(layout: Layout) -> Iterator[str]:
    top, bottom = _number(layout.top), _number(layout.bottom)
    lives = "".join(f"M{_number(x)} {top}V{bottom}" for x in layout.lifelines)
    yield f'<path class="life" d="{lives}"/>' if lives else ""
    for head in layout.heads:
        yield (
            f'<rect class="head {head.role}" x="{_number(head.x - HALF_HEAD)}" '
            f'y="{_number(head.top)}" width="{2 * HALF_HEAD}" height="{_number(head.height)}" '
            'rx="4"/>'
        )
    for line in layout.lines:
        yield _line(line)
    for text in layout.texts:
        yield _text(text)


def _line(line: Line) -> str:
    arrow, y = line.arrow, line.y
    names = [str(arrow.kind)]
    names += ["dashed"] if arrow.kind in _DASHED or arrow.kind is ArrowKind.ANSWER else []
    names += ["failed"] if arrow.marks else []
    names += ["lost"] if arrow.lost else []
    names += ["faint"] if arrow.quiet or arrow.kind is ArrowKind.HANDOVER else []
    if arrow.source == arrow.target:
        low, high = y - _LOOP_HEIGHT / 2, y + _LOOP_HEIGHT / 2
        shaft = f"M{_at(line.start, low)}h{LOOP - 6}v{_LOOP_HEIGHT}H{_number(line.start + _TIP)}"
        tips = _tip(line.start, high, 1)
    else:
        way = -1 if line.end > line.start else 1
        shaft = f"M{_at(line.start, y)}H{_number(line.end + way * _TIP)}"
        tips = _tip(line.end, y, way)
        if arrow.both_ways:
            tips += _tip(line.start, y, -way)
        if arrow.lost:
            tips = _cross((line.start + line.end) / 2, y)
            shaft = f"M{_at(line.start, y)}H{_number(line.end)}"
    return f'<g class="{" ".join(names)}"><path class="line" d="{shaft}"/>{tips}</g>'


def _tip(x: float, y: float, way: int) -> str:
    back = _number(x + way * _TIP)
    return f'<path class="tip" d="M{_at(x, y)}L{back} {_number(y - _HALF_TIP)}v{2 * _HALF_TIP}z"/>'


def _cross(x: float, y: float) -> str:
    return f'<path class="line" d="M{_at(x - 5, y - 5)}l10 10M{_at(x - 5, y + 5)}l10 -10"/>'


def _text(text: Text) -> str:
    names = [text.style, "small" if text.size == SMALL else ""]
    classes = f' class="{" ".join(filter(None, names))}"' if any(names) else ""
    anchor = ' text-anchor="middle"' if text.anchor == "middle" else ""
    # A font that nobody knows is held to the width that the layout left for it.
    held = f' textLength="{_number(text.width)}" lengthAdjust="spacingAndGlyphs"'
    length = held if is_foreign(text.words) else ""
    place = f"x={quoteattr(_number(text.x))} y={quoteattr(_number(text.y))}"
    return f"<text{classes} {place}{anchor}{length}>{_safe(text.words)}</text>"


def _safe(text: str) -> str:
    return escape(visible(text), {'"': "&quot;", "'": "&#39;"})


def _at(x: float, y: float) -> str:
    return f"{_number(x)} {_number(y)}"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
