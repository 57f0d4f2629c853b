"""The run record as JUnit XML, for CI systems."""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping, Sequence

from uma_reports.attention import in_order
from uma_reports.junit_parts import add_case, finish_suite, legal, short
from uma_reports.known import BaselineEntry
from uma_reports.oracle import KnownFault
from uma_reports.packs.junit import add_packs
from uma_reports.proof import faults_by_row, in_words, proof_of
from uma_reports.record import ExchangeRecord, Outcome, Row, RunRecord, Severity
from uma_reports.scenarios.junit import add_scenarios
from uma_reports.visible import one_line, visible
from uma_reports.wording import ORIGIN_NAMES, OUTCOME_NAMES

_MOST_FAULTS = 3
_KINDS = ("failure", "error", "skipped")


def render_junit(record: RunRecord) -> str:
    """Return one test case per row.

    A failed error row is a failure, and one that could not be told an error, as both keep a claim
    away. A failure that a baseline lists is skipped as known, and an entry of the baseline that
    fails the run is a failure of its own. A failed warning or observation passes with its message
    as output. Everything else that was not judged is skipped, with the reason.
    """
    exchanges = {exchange.number: exchange for exchange in record.exchanges}
    name = legal(one_line(f"UMA 2.0 conformance of {record.target.name}"))
    suites = ET.Element("testsuites", name=name)
    suite = ET.SubElement(suites, "testsuite", name=name)
    _properties(suite, record)
    known, faults = record.known, faults_by_row(record)
    problems = record.baseline.problems if record.baseline else ()
    kinds = Counter(
        _case(suite, row, exchanges, known, faults[row.id]) for row in in_order(record.rows)
    )
    kinds.update(_problem(suite, entry) for entry in problems)
    ET.SubElement(suite, "system-out").text = legal(visible(record.claim.sentence))
    seconds = record.timing.total_seconds
    finish_suite(suites, suite, kinds, record.started, seconds)
    suites.set("time", f"{seconds:.3f}")
    add_packs(suites, record)
    add_scenarios(suites, record)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\n")
    )


def _properties(suite: ET.Element, record: RunRecord) -> None:
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("suite", f"{record.suite.name} {record.suite.version}"),
        ("catalogue_digest", record.suite.catalogue_digest),
        ("target", record.target.name),
        ("issuer", record.target.issuer),
        ("target_digest", record.target.digest),
        *((("baseline_digest", record.baseline.digest),) if record.baseline else ()),
        *(
            (("proof", proof_of(record)), ("kill_matrix_digest", record.oracle.digest))
            if record.oracle
            else ()
        ),
        *((("judged_from", ORIGIN_NAMES[record.origin.kind]),) if record.origin else ()),
    ):
        ET.SubElement(properties, "property", name=name, value=legal(one_line(value)))


def _problem(suite: ET.Element, entry: BaselineEntry) -> str:
    case = add_case(suite, "baseline", f"{entry.failure.row} {entry.standing}")
    ET.SubElement(case, "failure", message=short(entry.message), type=str(entry.standing))
    return "failure"


def _case(
    suite: ET.Element,
    row: Row,
    exchanges: dict[int, ExchangeRecord],
    known: Mapping[str, BaselineEntry],
    faults: Sequence[KnownFault],
) -> str:
    case = add_case(suite, f"{row.spec}.{row.section}", f"{row.id} {row.statement}")
    if row.id in known:
        entry = known[row.id]
        told = short(f"known failure, {entry.message}; {row.message}")
        ET.SubElement(case, "skipped", message=told, type=str(entry.standing))
        return "skipped"
    kind = _kind(row)
    message = row.message or OUTCOME_NAMES[row.outcome]
    if kind == "skipped":
        reason = short(f"{OUTCOME_NAMES[row.outcome]}: {message}")
        ET.SubElement(case, kind, message=reason)
    elif kind:
        inner = ET.SubElement(case, kind, message=short(message), type=row.outcome)
        inner.text = legal(visible(_details(row, exchanges, faults)))
    else:
        own = [f"{row.severity} failed: {message}"] if row.outcome is Outcome.FAILED else []
        said = [*own, *(f"remark: {remark}" for remark in row.remarks)]
        if said:
            ET.SubElement(case, "system-out").text = legal(visible("\n".join(said)))
    return kind


def _kind(row: Row) -> str:
    """Return what the row is for JUnit: one of `_KINDS`, or empty when it passes."""
    failure, error, skipped = _KINDS
    decides = row.severity is Severity.ERROR
    if row.outcome is Outcome.FAILED:
        return failure if decides else ""
    if row.outcome is Outcome.CANT_TELL and decides:
        return error
    return "" if row.outcome is Outcome.PASSED else skipped


def _details(row: Row, exchanges: dict[int, ExchangeRecord], faults: Sequence[KnownFault]) -> str:
    lines = [row.statement, row.message, f"What failing means: {row.consequence}", row.link]
    for number in row.exchanges:
        exchange = exchanges[number]
        status = exchange.response.status if exchange.response else "no answer"
        lines.append(
            f"exchange {number}: {exchange.request.method} {exchange.request.url} -> {status}"
        )
    lines += (f"proved by: {in_words(fault)}" for fault in faults[:_MOST_FAULTS])
    return "\n".join(lines)
