"""The run record as Markdown, for a pull request or a CI summary."""

from collections.abc import Iterator, Sequence

from uma_reports.attention import findings
from uma_reports.exploration import Exploration, extent
from uma_reports.known import BaselineEntry
from uma_reports.markdown_text import code, link, plain
from uma_reports.packs.markdown import pack_lines
from uma_reports.proof import proof_of
from uma_reports.record import ExchangeRecord, Outcome, Row, RunRecord, SectionSummary, Severity
from uma_reports.scenarios.markdown import scenario_lines
from uma_reports.wording import ORIGIN_NAMES, OUTCOME_NAMES, counted, section_name

_LONGEST_MESSAGE = 600
_MOST_EXCHANGES = 5


def render_markdown(record: RunRecord) -> str:
    """Return the report: claim, numbers, and each row that needs attention with its evidence."""
    return "\n".join(_lines(record)) + "\n"


def _lines(record: RunRecord) -> Iterator[str]:
    found = findings(record)
    yield f"# UMA 2.0 compliance: {plain(record.target.name)}"
    yield ""
    yield f"**{_VERDICTS[record.claim.conformant]}.** {plain(record.claim.sentence, None)}"
    yield ""
    yield from _facts(record)
    yield from _severities(record)
    yield from _baseline(record)
    yield from _section("Failed", found.failed, record)
    yield from _section("Could not be judged", found.still_open, record)
    yield from _section("Warnings", found.warnings, record)
    yield from _remarks(found.remarked)
    yield from _sections(record)
    yield from pack_lines(record)
    yield from _exploration(record.exploration)
    yield from scenario_lines(record)


def _facts(record: RunRecord) -> Iterator[str]:
    suite, target, timing = record.suite, record.target, record.timing
    yield f"- Target: {code(target.issuer)}, driver {code(target.driver)}"
    yield f"- Suite: {plain(suite.name)} {plain(suite.version)}"
    yield (
        f"- Run: {plain(record.started)}, {counted(timing.exchanges, 'exchange')} in "
        f"{timing.total_seconds:.1f} s"
    )
    origin = record.origin
    if origin is not None:
        yield (
            f"- Judged from {ORIGIN_NAMES[origin.kind]} made by {plain(origin.made_by)}: "
            f"{origin.recognised} of {counted(origin.exchanges, 'exchange')}"
        )
    summary = record.summary
    yield (
        f"- Rows: {len(record.rows)}, of them {summary.planned} planned, {summary.judged} judged, "
        f"{summary.silent} silent"
    )
    if record.oracle:
        yield f"- Proof: {plain(proof_of(record), None)}"
    yield ""


def _severities(record: RunRecord) -> Iterator[str]:
    yield _cells("severity", *OUTCOME_NAMES.values())
    yield _rule(len(Outcome))
    for severity in Severity:
        counts = record.summary.by_severity[severity]
        yield _cells(severity, *(counts.of(outcome) for outcome in Outcome))
    yield _cells("**all**", *(record.summary.outcomes.of(outcome) for outcome in Outcome))
    yield ""


def _exploration(explored: Exploration | None) -> Iterator[str]:
    if explored is None:
        return
    yield "## Exploring"
    yield ""
    yield plain(extent(explored), None)
    yield f"The same walks again: {code(explored.options)}"
    yield ""
    for item in explored.counterexamples:
        state = "" if item.reproduced else " (seen once)"
        rows = " ".join(map(plain, item.rows))
        yield f"**{rows}**{state}: {plain(item.message.partition(chr(10))[0], _LONGEST_MESSAGE)}"
        yield ""
        for number, step in enumerate(item.steps, 1):
            yield f"{number}. {plain(step.words)} → {plain(step.outcome)}"
        yield ""
    for what, why in explored.missing.items():
        yield f"- not explored: {plain(what)}: {plain(why, None)}"
    if explored.missing:
        yield ""


def _sections(record: RunRecord) -> Iterator[str]:
    yield "## Sections"
    yield ""
    yield _cells("section", "planned", "judged", "silent", *OUTCOME_NAMES.values())
    yield _rule(3 + len(Outcome))
    for section in record.summary.sections:
        yield _section_line(section)
    yield ""


def _section_line(section: SectionSummary) -> str:
    return _cells(
        plain(section_name(section.spec, section.section)),
        section.planned,
        section.judged,
        section.silent,
        *(section.counts.of(outcome) for outcome in Outcome),
    )


def _cells(*cells: str | int) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _rule(numbers: int) -> str:
    return "|---|" + "---:|" * numbers


def _section(title: str, rows: Sequence[Row], record: RunRecord) -> Iterator[str]:
    if not rows:
        return
    exchanges = {exchange.number: exchange for exchange in record.exchanges}
    known = record.known
    yield f"## {title} ({len(rows)})"
    yield ""
    for row in rows:
        yield f"### {link(row.id, row.link)} {plain(_cited(row))}"
        yield ""
        yield plain(row.statement)
        yield ""
        yield f"- **{OUTCOME_NAMES[row.outcome]}:** {plain(row.message, _LONGEST_MESSAGE)}"
        if row.id in known:
            yield f"- **Known failure** {_reason(known[row.id])}"
        if row.outcome is Outcome.FAILED and row.consequence:
            yield f"- What failing means: {plain(row.consequence)}"
        for number in row.exchanges[:_MOST_EXCHANGES]:
            yield f"- Exchange {number}: {_outline(exchanges[number])}"
        more = len(row.exchanges) - _MOST_EXCHANGES
        if more > 0:
            yield f"- and {counted(more, 'more exchange')}"
        yield ""


def _baseline(record: RunRecord) -> Iterator[str]:
    baseline = record.baseline
    if baseline is None:
        return
    yield "## Baseline"
    yield ""
    yield (
        f"{code(baseline.source)} lists {counted(len(baseline.entries), 'known failure')} as of "
        f"{baseline.on}. It changes the exit status to {baseline.exit_status}, and no verdict."
    )
    yield ""
    for entry in baseline.problems:
        yield f"- **{entry.standing}**, which fails the run: {plain(entry.message)}"
    for entry in baseline.set_aside:
        yield f"- {entry.standing}: {plain(entry.message)}"
    for entry in baseline.known.values():
        yield f"- {entry.standing} {plain(entry.failure.row)} {_reason(entry)}"
    yield ""


def _reason(entry: BaselineEntry) -> str:
    failure = entry.failure
    more = f" ({link('more', failure.link)})" if failure.link else ""
    return f"until {failure.expires}: {plain(failure.reason)}{more}"


def _cited(row: Row) -> str:
    keyword = "" if row.keyword == "NONE" else f", {row.keyword}"
    return f"({section_name(row.spec, row.section)}{keyword})"


def _outline(exchange: ExchangeRecord) -> str:
    request = code(f"{exchange.request.method} {exchange.request.url}")
    if exchange.response is not None:
        return f"{request} → {exchange.response.status}"
    kind = exchange.failure.kind if exchange.failure else "no answer"
    return f"{request} → no answer ({plain(kind)})"


def _remarks(rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        return
    yield "## Remarks"
    yield ""
    for row in rows:
        for remark in row.remarks:
            yield f"- {link(row.id, row.link)}: {plain(remark, _LONGEST_MESSAGE)}"
    yield ""


_VERDICTS: dict[bool | None, str] = {True: "Conformant", False: "Not conformant", None: "No claim"}
