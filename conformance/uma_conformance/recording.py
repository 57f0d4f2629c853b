"""From a run to its record: the document that every report is rendered from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from uma_conformance.catalogue import Catalogue
from uma_conformance.declaring import declared_values
from uma_conformance.exploring.judging import exploration_document
from uma_conformance.features import Standing
from uma_conformance.judge import Declaration
from uma_conformance.oracle import Proofs, load_proofs
from uma_conformance.pack_rows import JudgedPack, JudgedPackRow
from uma_conformance.played import remarks_on_rows, scenario_documents
from uma_conformance.rows import JudgedRow
from uma_conformance.target import Target
from uma_conformance.trace import Episode, Evidence, Exchange
from uma_reports import Origin, RunRecord, complete, oracle_document, origin_document

SUITE = "uma2-conformance"


def run_record(  # noqa: PLR0913 - a record has many parts
    *,
    target: Target,
    declaration: Declaration,
    catalogue: Catalogue,
    suite_version: str,
    features: Mapping[str, Standing],
    rows: Iterable[JudgedRow],
    evidence: Evidence,
    started: datetime,
    finished: datetime,
    total_seconds: float,
    origin: Origin | None = None,
    packs: Iterable[JudgedPack] = (),
) -> RunRecord:
    """Put the record of a run together; claim and summary are computed from its rows."""
    judged = tuple(rows)
    # Faults prove the checks of a run; passive ones see less of the same rows.
    proofs = None if origin and origin.is_traffic else load_proofs(target.role)
    beside = [_pack(pack) for pack in packs]
    explored = exploration_document(evidence)
    scenarios, remarks = scenario_documents(evidence), remarks_on_rows(evidence)
    return complete(
        {
            "format": "uma2-run-record/1",
            "suite": {
                "name": SUITE,
                "version": suite_version,
                "catalogue_digest": catalogue.digest,
            },
            "target": {
                "name": target.name,
                "role": target.role,
                "issuer": declaration.issuer,
                "driver": target.driver,
                "digest": target.digest,
                "features": {name: str(value) for name, value in features.items()},
                "declaration": declared_values(declaration),
            },
            "started": started.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "finished": finished.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "timing": {
                "total_seconds": round(total_seconds, 3),
                "waiting_seconds": round(sum(e.seconds for e in evidence.exchanges), 3),
                "exchanges": len(evidence.exchanges),
            },
            "rows": [_row(row, proofs, remarks.get(row.requirement.id, ())) for row in judged],
            "exchanges": [_exchange(exchange) for exchange in evidence.exchanges],
            "episodes": [_episode(episode) for episode in evidence.episodes.values()],
            "silent_rows": [row.requirement.id for row in judged if row.silent],
            **({"packs": beside} if beside else {}),
            **({"exploration": explored} if explored else {}),
            **({"scenarios": scenarios} if scenarios else {}),
            **({"origin": origin_document(origin)} if origin else {}),
            **({"oracle": oracle_document(proofs.oracle)} if proofs else {}),
        }
    )


def _pack(judged: JudgedPack) -> dict[str, object]:
    pack = judged.pack
    return {
        "name": pack.name,
        "title": pack.title,
        "about": pack.about,
        "digest": pack.digest,
        "rows": [_pack_row(row) for row in judged.rows],
    }


def _pack_row(judged: JudgedPackRow) -> dict[str, object]:
    row = judged.row
    return {
        "id": row.id,
        "severity": str(row.severity),
        "statement": row.statement,
        "rests_on": [{"title": source.title, "link": source.link} for source in row.rests_on],
        "consequence": row.failing_means,
        "outcome": str(judged.outcome),
        "message": judged.message,
        "remarks": list(judged.remarks),
        "checks": list(judged.checks),
        "exchanges": list(judged.exchanges),
    }


def _row(row: JudgedRow, proofs: Proofs | None, more: Sequence[str]) -> dict[str, object]:
    requirement = row.requirement
    return {
        "id": requirement.id,
        "spec": str(requirement.spec),
        "section": requirement.section,
        "keyword": str(requirement.keyword),
        "role": str(requirement.role),
        "needs": sorted(requirement.needs),
        "severity": str(row.severity),
        "statement": requirement.statement,
        "link": requirement.link,
        "consequence": requirement.failing_means,
        "planned": row.planned,
        "outcome": str(row.outcome),
        "message": row.message,
        "remarks": [*row.remarks, *more],
        "checks": list(row.checks),
        "exchanges": list(row.exchanges),
        **({"proved_by": list(proofs.of_row.get(requirement.id, ()))} if proofs else {}),
    }


def _exchange(exchange: Exchange) -> dict[str, object]:
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
            "headers": [list(header) for header in request.headers],
            "body": request.body,
        },
        "response": response
        and {
            "status": response.status,
            "headers": [list(header) for header in response.headers],
            "body": response.body,
            "truncated": response.truncated,
        },
        "failure": failure and {"kind": str(failure.kind), "message": failure.message},
        "started": exchange.started,
        "seconds": exchange.seconds,
    }


def _episode(episode: Episode) -> dict[str, object]:
    gap = episode.gap
    return {
        "probe": episode.probe,
        "steps": {label: exchange.number for label, exchange in episode.steps.items()},
        "facts": dict(episode.facts),
        "gap": gap and {"outcome": str(gap.outcome), "reason": gap.reason},
    }
