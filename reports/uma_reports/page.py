"""What the HTML report shows, made from the run record: the template only arranges it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from uma_reports.attention import Findings, findings, in_order, rank
from uma_reports.curl import curl
from uma_reports.diagrams import svg
from uma_reports.diagrams.evidence import Evidence
from uma_reports.known import BaselineEntry
from uma_reports.layout import Body, lay_out
from uma_reports.oracle import KnownFault
from uma_reports.proof import faults_by_row, proof_of
from uma_reports.record import (
    Counts,
    EpisodeRecord,
    ExchangeRecord,
    Outcome,
    Row,
    RunRecord,
    SectionSummary,
    Severity,
    Spec,
)
from uma_reports.scenarios.model import ScenarioResult, StepResult, steps_of_row
from uma_reports.wording import OUTCOME_NAMES, section_name

MOST_IN_FULL = 20
MOST_FAULTS = 3


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """An exchange with its bodies laid out."""

    record: ExchangeRecord
    request_body: Body
    response_body: Body | None
    curl: str

    @property
    def answer(self) -> str:
        """The answer in a few words."""
        if self.record.response is not None:
            return str(self.record.response.status)
        return f"no answer: {self.record.failure.kind}" if self.record.failure else "no answer"


@dataclass(frozen=True, slots=True)
class RowView:
    """A row with the exchanges that are shown in full, and those that are only linked.

    `diagram` draws them as SVG where the row failed. `played` are the steps of scenarios that are
    about the row.
    """

    row: Row
    rank: int
    place: int
    in_full: tuple[ExchangeView, ...]
    linked: tuple[ExchangeView, ...]
    diagram: str = ""
    played: tuple[tuple[ScenarioResult, StepResult], ...] = ()

    @property
    def state(self) -> str:
        """The outcome with its severity where that changes what it means."""
        name = OUTCOME_NAMES[self.row.outcome]
        if self.row.outcome is Outcome.FAILED and self.row.severity is not Severity.ERROR:
            return f"{name} ({self.row.severity})"
        return name

    @property
    def style(self) -> str:
        """The name of the colour that the outcome is shown in."""
        if self.row.outcome is Outcome.FAILED:
            return f"failed-{self.row.severity}"
        return str(self.row.outcome)

    @property
    def is_web_link(self) -> bool:
        """Whether the link leads to the web and nowhere else."""
        return self.row.link.startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one section."""

    key: str
    name: str
    place: int
    rank: int
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a bar: where it starts and how long it is, in percent."""

    outcome: Outcome
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page that is more than a member of the record.

    `pack_diagrams` draws what failed rows of packs, by the name of the pack and the id of the row.
    """

    record: RunRecord
    sections: tuple[tuple[Spec, tuple[SectionSummary, ...]], ...]
    groups: tuple[Group, ...]
    pack_diagrams: Mapping[tuple[str, str], str]
    failing_sections: frozenset[tuple[Spec, str]]
    findings: Findings
    known: Mapping[str, BaselineEntry]
    exchanges: tuple[ExchangeView, ...]
    gaps: tuple[EpisodeRecord, ...]
    features: tuple[tuple[str, tuple[str, ...]], ...]
    proof: str
    faults: Mapping[str, tuple[KnownFault, ...]]


def page(record: RunRecord) -> Page:
    """Arrange a run record for the page."""
    views = {exchange.number: exchange_view(exchange) for exchange in record.exchanges}
    found, evidence = findings(record), Evidence(record)
    return Page(
        record=record,
        sections=_sections(record.summary.sections),
        groups=_groups(record, views, evidence),
        pack_diagrams={
            (pack.name, row.id): svg(evidence.row(row))
            for pack in record.packs
            for row in pack.rows
            if row.failed and row.exchanges
        },
        failing_sections=frozenset((row.spec, row.section) for row in found.failed),
        findings=found,
        known=record.known,
        exchanges=tuple(sorted(views.values(), key=lambda view: view.record.number)),
        gaps=tuple(episode for episode in record.episodes if episode.gap),
        features=_features(record.target.features),
        proof=proof_of(record),
        faults=faults_by_row(record),
    )


def section_anchor(spec: Spec, section: str) -> str:
    """Return the name that a section has in links inside the page."""
    return f"{spec}-{section}"


def bars(counts: Counts) -> tuple[Bar, ...]:
    """Return the parts of a bar that shows these counts in proportion."""
    total = sum(counts.of(outcome) for outcome in Outcome)
    parts: list[Bar] = []
    start = 0.0
    for outcome in Outcome:
        length = 100 * counts.of(outcome) / total if total else 0
        if length:
            parts.append(Bar(outcome, round(start, 3), round(length, 3)))
        start += length
    return tuple(parts)


def _sections(
    sections: Sequence[SectionSummary],
) -> tuple[tuple[Spec, tuple[SectionSummary, ...]], ...]:
    by_spec = ((spec, tuple(item for item in sections if item.spec is spec)) for spec in Spec)
    return tuple((spec, inside) for spec, inside in by_spec if inside)


def _groups(
    record: RunRecord, views: Mapping[int, ExchangeView], evidence: Evidence
) -> tuple[Group, ...]:
    inside: dict[tuple[Spec, str], list[RowView]] = defaultdict(list)
    for place, row in enumerate(in_order(record.rows)):
        view = _row(row, place, views, evidence)
        played = tuple(steps_of_row(record.scenarios, row.id))
        inside[row.spec, row.section].append(replace(view, played=played))
    groups = [
        Group(
            key=section_anchor(spec, section),
            name=section_name(spec, section),
            place=place,
            rank=min(view.rank for view in members),
            rows=tuple(sorted(members, key=lambda view: view.rank)),
        )
        for place, ((spec, section), members) in enumerate(inside.items())
    ]
    return tuple(sorted(groups, key=lambda group: group.rank))


def _row(row: Row, place: int, views: Mapping[int, ExchangeView], evidence: Evidence) -> RowView:
    named = tuple(views[number] for number in row.exchanges)
    failed = row.outcome is Outcome.FAILED
    shown = MOST_IN_FULL if failed else 0
    diagram = svg(evidence.row(row)) if failed and named else ""
    return RowView(row, rank(row), place, named[:shown], named[shown:], diagram)


def exchange_view(exchange: ExchangeRecord) -> ExchangeView:
    """Return an exchange as pages show it."""
    request, response = exchange.request, exchange.response
    return ExchangeView(
        record=exchange,
        request_body=lay_out(request.body, _media_type(request.headers)),
        response_body=lay_out(response.body, _media_type(response.headers)) if response else None,
        curl=curl(request),
    )


def _media_type(headers: Iterable[tuple[str, str]]) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def _features(features: Mapping[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    by_standing: dict[str, list[str]] = defaultdict(list)
    for name, standing in features.items():
        by_standing[standing].append(name)
    return tuple((standing, tuple(sorted(names))) for standing, names in by_standing.items())
