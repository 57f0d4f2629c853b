"""The run record as one HTML file that needs nothing else: no network, no server, no script."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from uma_reports.diagrams import style as diagram_style
from uma_reports.exploration import extent
from uma_reports.packs.notice import notice, verdict
from uma_reports.page import MOST_FAULTS, bars, page, section_anchor
from uma_reports.record import Outcome, RunRecord, Severity
from uma_reports.scenarios.model import StepOutcome
from uma_reports.scenarios.notice import APART, scenario_verdict
from uma_reports.visible import one_line, visible
from uma_reports.wording import (
    ORIGIN_NAMES,
    OUTCOME_MEANINGS,
    OUTCOME_NAMES,
    SEVERITY_MEANINGS,
    SPEC_TITLES,
    counted,
    role_name,
    section_name,
)

_PACKAGE = "uma_reports"
_STEP_STYLES = {
    StepOutcome.PASSED: "passed",
    StepOutcome.FAILED: "failed-error",
    StepOutcome.PARTLY: "untested",
    StepOutcome.SKIPPED: "untested",
    StepOutcome.INCOMPLETE: "cant_tell",
}
_VOCABULARY: Mapping[str, object] = {
    "bars": bars,
    "pack_notice": notice,
    "pack_verdict": verdict,
    "scenarios_apart": APART,
    "scenario_verdict": scenario_verdict,
    "step_styles": _STEP_STYLES,
    "counted": counted,
    "extent": extent,
    "outcomes": tuple(Outcome),
    "origin_names": ORIGIN_NAMES,
    "outcome_names": OUTCOME_NAMES,
    "outcome_meanings": OUTCOME_MEANINGS,
    "severities": tuple(Severity),
    "severity_meanings": SEVERITY_MEANINGS,
    "spec_titles": SPEC_TITLES,
    "role_name": role_name,
    "section_name": section_name,
    "section_anchor": section_anchor,
    "most_faults": MOST_FAULTS,
}


def render_html(record: RunRecord) -> str:
    """Return the report as one page.

    It works without scripts, loads nothing, and tells the browser to load and run nothing but its
    own style and script. Everything from the record is escaped.
    """
    style = asset("report.css") + diagram_style()
    script = asset("report.js")
    return (
        environment()
        .get_template("report.html")
        .render(
            _VOCABULARY,
            page=page(record),
            record=record,
            style=Markup(style),  # noqa: S704 - a file of this package
            script=Markup(script),  # noqa: S704 - a file of this package
            style_hash=source_hash(style),
            script_hash=source_hash(script),
        )
    )


@cache
def environment() -> Environment:
    """Return what fills templates: everything in them is escaped, and shown if it is unseen."""
    environment = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters.update(duration=_duration, one_line=one_line)
    return environment


def _shown(value: object) -> object:
    return visible(value) if type(value) is str else value


def asset(name: str) -> str:
    """Return a style sheet or script of this package."""
    return resources.files(_PACKAGE).joinpath("templates", name).read_text(encoding="utf-8")


def source_hash(text: str) -> str:
    """Return the source expression of an inline script or style for a content security policy."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"
