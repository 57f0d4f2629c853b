"""The page of a scenario as one HTML file that needs nothing else: no network and no script."""

from markupsafe import Markup

from uma_reports.diagrams import style as diagram_style
from uma_reports.html import asset, environment, source_hash
from uma_reports.scenario_page.model import Replay
from uma_reports.scenario_page.page import scenario_view


def render_scenario_page(replay: Replay) -> str:
    """Return the page of a replayed scenario.

    It tells the story for people who know nothing of the protocol, and keeps every exchange for
    those who do. It loads nothing and runs nothing; everything from the replay is escaped.
    """
    style = asset("report.css") + asset("scenario.css") + diagram_style()
    return (
        environment()
        .get_template("scenario.html")
        .render(
            replay=replay,
            view=scenario_view(replay),
            style=Markup(style),  # noqa: S704 - files of this package
            style_hash=source_hash(style),
        )
    )
