"""From a run record to its JSON document."""

from collections.abc import Mapping

from uma_reports.exploration import exploration_document
from uma_reports.known import Baseline
from uma_reports.oracle import Oracle
from uma_reports.packs.document import pack_document
from uma_reports.record import (
    FORMAT,
    Counts,
    EpisodeRecord,
    ExchangeRecord,
    Origin,
    Outcome,
    Row,
    RunRecord,
    SectionSummary,
    Summary,
    TargetInfo,
)
from uma_reports.scenarios.document import scenario_document


def to_document(record: RunRecord) -> dict[str, object]:
    """Return the record as JSON values, in the order that its format gives them."""
    suite, claim, timing = record.suite, record.claim, record.timing
    return {
        "format": FORMAT,
        "suite": {
            "name": suite.name,
            "version": suite.version,
            "catalogue_digest": suite.catalogue_digest,
        },
        "target": target_document(record.target),
        "claim": {
            "sentence": claim.sentence,
            "conformant": claim.conformant,
            "exit_status": claim.exit_status,
        },
        "started": record.started,
        "finished": record.finished,
        "timing": {
            "total_seconds": timing.total_seconds,
            "waiting_seconds": timing.waiting_seconds,
            "exchanges": timing.exchanges,
        },
        "summary": summary_document(record.summary),
        "rows": [_row(row, proved=record.oracle is not None) for row in record.rows],
        "exchanges": [_exchange(exchange) for exchange in record.exchanges],
        "episodes": [_episode(episode) for episode in record.episodes],
        "silent_rows": list(record.silent_rows),
        **({"packs": [pack_document(pack) for pack in record.packs]} if record.packs else {}),
        **({"exploration": exploration_document(record.exploration)} if record.exploration else {}),
        **(
            {"scenarios": [scenario_document(item) for item in record.scenarios]}
            if record.scenarios
            else {}
        ),
        **({"origin": origin_document(record.origin)} if record.origin else {}),
        **({"baseline": baseline_document(record.baseline)} if record.baseline else {}),
        **({"oracle": oracle_document(record.oracle)} if record.oracle else {}),
    }


def baseline_document(baseline: Baseline) -> dict[str, object]:
    """Return the known failures of a run as JSON values."""
    return {
        "source": baseline.source,
        "digest": baseline.digest,
        "on": baseline.on.isoformat(),
        "exit_status": baseline.exit_status,
        "entries": [
            {
                "row": entry.failure.row,
                **({"pack": entry.failure.pack} if entry.failure.pack else {}),
                "reason": entry.failure.reason,
                "link": entry.failure.link,
                "expires": entry.failure.expires.isoformat(),
                "standing": str(entry.standing),
                "message": entry.message,
            }
            for entry in baseline.entries
        ],
    }


def oracle_document(oracle: Oracle) -> dict[str, object]:
    """Return what proves the suite as JSON values."""
    return {
        "digest": oracle.digest,
        "faults": [
            {
                "id": fault.id,
                "wrong": fault.wrong,
                "caught": fault.caught,
                "seen_in": list(fault.seen_in),
            }
            for fault in oracle.faults
        ],
        "mutants": {
            "digest": oracle.mutants.digest,
            "killed": oracle.mutants.killed,
            "noticed": oracle.mutants.noticed,
            "equivalent": dict(oracle.mutants.equivalent),
            "unexplained": oracle.mutants.unexplained,
        },
    }


def target_document(target: TargetInfo) -> dict[str, object]:
    """Return what was under test as JSON values."""
    document: dict[str, object] = {
        "name": target.name,
        "role": target.role,
        "issuer": target.issuer,
        "driver": target.driver,
        "digest": target.digest,
        "features": dict(target.features),
    }
    if target.declaration is not None:
        document["declaration"] = dict(target.declaration)
    return document


def origin_document(origin: Origin) -> dict[str, object]:
    """Return what the rows were judged from as JSON values."""
    return {
        "kind": str(origin.kind),
        "made_by": origin.made_by,
        "exchanges": origin.exchanges,
        "recognised": origin.recognised,
    }


def summary_document(summary: Summary) -> dict[str, object]:
    """Return a summary as JSON values."""
    return {
        "planned": summary.planned,
        "judged": summary.judged,
        "silent": summary.silent,
        "outcomes": _counts(summary.outcomes),
        "by_severity": {
            str(severity): _counts(counts) for severity, counts in summary.by_severity.items()
        },
        "sections": [_section(section) for section in summary.sections],
    }


def _section(section: SectionSummary) -> Mapping[str, object]:
    return {
        "spec": str(section.spec),
        "section": section.section,
        "planned": section.planned,
        "judged": section.judged,
        "silent": section.silent,
        **_counts(section.counts),
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {str(outcome): counts.of(outcome) for outcome in Outcome}


def _row(row: Row, *, proved: bool) -> Mapping[str, object]:
    return {
        "id": row.id,
        "spec": str(row.spec),
        "section": row.section,
        "keyword": row.keyword,
        "role": row.role,
        "needs": list(row.needs),
        "severity": str(row.severity),
        "statement": row.statement,
        "link": row.link,
        "consequence": row.consequence,
        "planned": row.planned,
        "outcome": str(row.outcome),
        "message": row.message,
        "remarks": list(row.remarks),
        "checks": list(row.checks),
        "exchanges": list(row.exchanges),
        **({"proved_by": list(row.proved_by)} if proved else {}),
    }


def _exchange(exchange: ExchangeRecord) -> Mapping[str, object]:
    request, response, failure = exchange.request, exchange.response, exchange.failure
    return {
        "number": exchange.number,
        "probe": exchange.probe,
        "label": exchange.label,
        "purpose": exchange.purpose,
        "sender": exchange.sender,
        "receiver": exchange.receiver,
        "endpoint": exchange.endpoint,
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": _pairs(request.headers),
            "body": request.body,
        },
        "response": response
        and {
            "status": response.status,
            "headers": _pairs(response.headers),
            "body": response.body,
            "truncated": response.truncated,
        },
        "failure": failure and {"kind": failure.kind, "message": failure.message},
        "started": exchange.started,
        "seconds": exchange.seconds,
    }


def _pairs(headers: tuple[tuple[str, str], ...]) -> list[list[str]]:
    return [[name, value] for name, value in headers]


def _episode(episode: EpisodeRecord) -> Mapping[str, object]:
    gap = episode.gap
    return {
        "probe": episode.probe,
        "steps": dict(episode.steps),
        "facts": dict(episode.facts),
        "gap": gap and {"outcome": str(gap.outcome), "reason": gap.reason},
    }
