"""Sequence diagrams from recorded exchanges: a plain model, its layout, and two renderers."""

from uma_reports.diagrams.drawing import Context, draw
from uma_reports.diagrams.mermaid import mermaid
from uma_reports.diagrams.model import Arrow, ArrowKind, Diagram, Lane, Preset, Role
from uma_reports.diagrams.moments import Aside
from uma_reports.diagrams.svg import style, svg

__all__ = [
    "Arrow",
    "ArrowKind",
    "Aside",
    "Context",
    "Diagram",
    "Lane",
    "Preset",
    "Role",
    "draw",
    "mermaid",
    "style",
    "svg",
]
