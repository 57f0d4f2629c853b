"""Where everything in a diagram stands, in pixels: no text on another one, whatever it says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from uma_reports.diagrams.model import Arrow, ArrowKind, Diagram, Lane
from uma_reports.diagrams.text import broken, width_of

SIZE, SMALL = 13.0, 11.5
# Bold letters are that much wider.
_BOLD = 1.1
_BOLD_STYLES = frozenset({"name", "head", "failed"})
LINE, SMALL_LINE = 17, 15
GAP = 236
HALF_HEAD = 82
LOOP = 34
_MARGIN = 12
_PAD = 8
_BETWEEN = 12
_HEADS_AGAIN_AFTER = 900


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text by the middle of its base line; `anchor` is `middle` or `start`."""

    x: float
    y: float
    words: str
    size: float
    style: str = ""
    anchor: str = "middle"

    @property
    def width(self) -> float:
        """How wide the text may get."""
        return width_of(self.words, self.size * _weight(self.style))

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what the text may cover."""
        left = self.x - self.width / 2 if self.anchor == "middle" else self.x
        return (left, self.y - self.size * 0.95, left + self.width, self.y + self.size * 0.28)


@dataclass(frozen=True, slots=True)
class Head:
    """The box with the name of a lane."""

    x: float
    top: float
    height: float
    role: str


@dataclass(frozen=True, slots=True)
class Line:
    """The line of an arrow at this height; from `x` to itself it is a loop to the right."""

    arrow: Arrow
    start: float
    end: float
    y: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A diagram laid out, `width` by `height` pixels; lifelines go from `top` to `bottom`."""

    diagram: Diagram
    width: float
    height: float
    lifelines: tuple[float, ...]
    top: float
    bottom: float
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    texts: tuple[Text, ...]


def lay_out(diagram: Diagram) -> Layout:
    """Return where everything stands."""
    return _Sheet(diagram).layout()


class _Sheet:
    def __init__(self, diagram: Diagram) -> None:
        self._diagram = diagram
        self._places = [_MARGIN + HALF_HEAD + GAP * n for n in range(len(diagram.lanes))]
        self._names = [tuple(_name(lane)) for lane in diagram.lanes]
        self._texts: list[Text] = []
        self._heads: list[Head] = []
        self._lines: list[Line] = []

    def layout(self) -> Layout:
        y = float(_MARGIN)
        top = y
        y = last_heads = self._put_heads(y)
        for arrow in self._diagram.arrows:
            begins = arrow.kind not in {ArrowKind.ANSWER, ArrowKind.ASSESSMENT}
            if begins and y - last_heads > _HEADS_AGAIN_AFTER:
                y = last_heads = self._put_heads(y + _BETWEEN)
            y = self._put(arrow, y + _BETWEEN)
        y = bottom = self._put_heads(y + _BETWEEN * 1.5) if self._lines else y + _BETWEEN
        for words in broken(self._diagram.note, self._width - 2 * _MARGIN, SMALL):
            y += SMALL_LINE
            self._texts.append(Text(_MARGIN, y, words, SMALL, "faint", "start"))
        return Layout(
            diagram=self._diagram,
            width=self._width,
            height=y + _MARGIN,
            lifelines=tuple(self._places),
            top=top,
            bottom=bottom - 1,
            heads=tuple(self._heads),
            lines=tuple(self._lines),
            texts=tuple(self._texts),
        )

    @property
    def _width(self) -> float:
        """All lanes, and room for what the last of them does by itself."""
        last = len(self._places) - 1
        right = self._places[-1] if self._places else GAP
        alone = any(arrow.source == last == arrow.target for arrow in self._diagram.arrows)
        return right + (GAP - 2 * _PAD if alone else HALF_HEAD) + _MARGIN

    def _put_heads(self, y: float) -> float:
        height = max((len(lines) for lines in self._names), default=0) * LINE + 2 * _PAD
        for x, lane, lines in zip(self._places, self._diagram.lanes, self._names, strict=True):
            self._heads.append(Head(x, y, height, str(lane.role).replace(" ", "-")))
            base = y + (height - len(lines) * LINE) / 2 - 4
            for words, style, size in lines:
                base += LINE
                self._texts.append(Text(x, base, words, size, style))
        return y + height

    def _put(self, arrow: Arrow, y: float) -> float:
        start, end = float(self._places[arrow.source]), float(self._places[arrow.target])
        alone = arrow.source == arrow.target
        if alone:
            room, x, anchor = float(GAP - LOOP - 3 * _PAD), start + LOOP + _PAD, "start"
        else:
            room, x, anchor = abs(end - start) - 3 * _PAD, (start + end) / 2, "middle"
        above = list(self._written(arrow, room))
        for words, style in above:
            y += LINE
            self._texts.append(Text(x, y - 4, words, SIZE, style, anchor))
        if alone:
            self._lines.append(Line(arrow, start, start, y - len(above) * LINE / 2))
            return y
        y += 4
        self._lines.append(Line(arrow, start, end, y))
        for words in _marks(arrow, room):
            y += SMALL_LINE
            self._texts.append(Text(x, y, words, SMALL, "failed", "middle"))
        return y + 2

    def _written(self, arrow: Arrow, room: float) -> Iterator[tuple[str, str]]:
        style = "faint" if arrow.quiet or arrow.kind is ArrowKind.HANDOVER else ""
        for place, line in enumerate(arrow.lines or ("…",)):
            number = f"{arrow.exchange}  " if place == 0 and arrow.kind is ArrowKind.REQUEST else ""
            first = "name" if place == 0 and not style else style
            for words in broken(f"{number}{line}", room, SIZE * _weight(first)):
                yield words, first


def _marks(arrow: Arrow, room: float) -> Sequence[str]:
    words = f"✕ fails {', '.join(arrow.marks)}" if arrow.marks else ""
    return broken(words, room, SMALL * _BOLD)


def _weight(style: str) -> float:
    return _BOLD if style in _BOLD_STYLES else 1.0


def _name(lane: Lane) -> Iterator[tuple[str, str, float]]:
    """Yield the lines in the box of a lane, each with its style and size."""
    room = 2 * (HALF_HEAD - _PAD)
    for words in broken(lane.name, room, SIZE * _BOLD):
        yield words, "head", SIZE
    if lane.name != str(lane.role):
        yield str(lane.role), "role", SMALL
