"""A diagram as Mermaid text, which GitHub and others draw."""

from collections.abc import Iterator

from uma_reports.diagrams.model import Arrow, ArrowKind, Diagram, Lane
from uma_reports.visible import one_line

_ARROWS = {
    ArrowKind.REQUEST: "->>",
    ArrowKind.ANSWER: "-->>",
    ArrowKind.ASSESSMENT: "->>",
    ArrowKind.HANDOVER: "--)",
    ArrowKind.OUTSIDE: "--)",
}
_PLAIN = frozenset(" _.,/()+-=")


def mermaid(diagram: Diagram) -> str:
    """Return the diagram as Mermaid text, every text in it with what Mermaid reads escaped."""
    return "\n".join(_lines(diagram)) + "\n"


def _lines(diagram: Diagram) -> Iterator[str]:
    yield "sequenceDiagram"
    yield f"    accTitle: {_escaped(diagram.title)}"
    for place, lane in enumerate(diagram.lanes):
        yield f"    participant p{place} as {_lane(lane)}"
    for arrow in diagram.arrows:
        yield f"    p{arrow.source}{_sign(arrow)}p{arrow.target}: {_text(arrow)}"
    if diagram.note and diagram.lanes:
        yield f"    Note over p0: {_escaped(diagram.note)}"


def _lane(lane: Lane) -> str:
    name = _escaped(lane.name)
    return name if lane.name == str(lane.role) else f"{name}<br/>{lane.role}"


def _sign(arrow: Arrow) -> str:
    if arrow.lost:
        return "--x"
    return "<<-->>" if arrow.both_ways else _ARROWS[arrow.kind]


def _text(arrow: Arrow) -> str:
    number = f"{arrow.exchange} " if arrow.kind is ArrowKind.REQUEST else ""
    lines = [_escaped(line) for line in arrow.lines] or [_escaped("…")]
    failed = [_escaped(f"✕ fails {', '.join(arrow.marks)}")] if arrow.marks else []
    return number + "<br/>".join([*lines, *failed])


def _escaped(text: str) -> str:
    """Return text in which only letters, digits and harmless signs stand for themselves."""
    return "".join(
        character if character.isalnum() or character in _PLAIN else f"#{ord(character)};"
        for character in one_line(text)
    )
