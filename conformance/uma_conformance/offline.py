"""Judging what was recorded before: no target is needed, and nothing is sent.

A run record holds all that checks may look at: exchanges, episodes with their facts and gaps, and
what the target declares. So it gives the same verdicts again, on any machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version

from uma_conformance.actors.resource_server import INTROSPECTION
from uma_conformance.actors.user_agent import CLAIMS
from uma_conformance.catalogue import Catalogue, Role, load_catalogue
from uma_conformance.catalogue.packs import PACKS
from uma_conformance.checks import Check
from uma_conformance.declaring import declaration_from
from uma_conformance.exploring.judging import exploring_checks
from uma_conformance.features import Standing, standing
from uma_conformance.judge import Declaration
from uma_conformance.outcome import Outcome
from uma_conformance.pack_rows import judged_packs
from uma_conformance.passive.collection import passive_checks
from uma_conformance.recording import run_record
from uma_conformance.rows import judged_rows
from uma_conformance.session import Judgement, judge
from uma_conformance.suite.collection import checks_for
from uma_conformance.target import Target
from uma_conformance.trace import (
    Episode,
    Evidence,
    Exchange,
    Failure,
    FailureKind,
    Gap,
    Request,
    Response,
)
from uma_reports import (
    EpisodeRecord,
    ExchangeRecord,
    Origin,
    OriginKind,
    RecordError,
    RunRecord,
    RunRecording,
    TargetInfo,
)

_UNSEEN = "the traffic does not show it"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The record of what was judged, and where the suite's own code broke, if it did."""

    record: RunRecord
    faults_of_suite: tuple[str, ...] = ()


def judge_again(recording: RunRecording) -> Verdict:
    """Judge the recording of a run with the checks of this version.

    Rows whose steps the recording does not have, as another version made it, stay open. What was
    judged at the time of the run plays no part.
    """
    case = Case(
        target_of(recording.target),
        declaration_of(recording.target),
        evidence_of(recording),
        origin_of(recording),
        datetime.fromisoformat(recording.started),
        datetime.fromisoformat(recording.finished),
        recording.timing.total_seconds,
        _known_packs(recording.packs),
    )
    return judge_case(case)


def _known_packs(names: tuple[str, ...]) -> tuple[str, ...]:
    for at, name in enumerate(names):
        if name not in PACKS:
            known = ", ".join(PACKS)
            raise RecordError(f"$.packs[{at}].name", f"this version has the packs {known} only")
    return names


@dataclass(frozen=True, slots=True)
class Case:
    """What there is to judge: the target as it is known, and what was recorded of it, and when.

    `packs` are those that were asked for beside UMA itself.
    """

    target: Target
    declaration: Declaration
    evidence: Evidence
    origin: Origin
    started: datetime
    finished: datetime
    total_seconds: float
    packs: tuple[str, ...] = ()


def judge_case(case: Case) -> Verdict:
    """Judge what was recorded: a run with the checks of the suite, traffic with passive ones."""
    if case.origin.is_traffic:
        passive = passive_checks(case.packs)
        checks = tuple(replace(item.check, rows=item.rows) for item in passive)
        judgements = [item.judge(case.evidence, case.declaration) for item in passive]
    else:
        explored = exploring_checks(case.evidence)
        checks = (*checks_for(case.target.role, case.packs), *explored)
        judgements = [judge(check, case.evidence, case.declaration) for check in checks]
    return _verdict(case, checks, judgements)


def _verdict(case: Case, checks: tuple[Check, ...], judgements: list[Judgement]) -> Verdict:
    catalogue, target = load_catalogue(), case.target
    features = _features(catalogue, case)
    unseen = _UNSEEN if case.origin.is_traffic else ""
    record = run_record(
        target=target,
        declaration=case.declaration,
        catalogue=catalogue,
        suite_version=version("uma2-conformance"),
        features=features,
        rows=judged_rows(catalogue, Role(target.role), checks, judgements, features, unseen),
        evidence=case.evidence,
        started=case.started,
        finished=case.finished,
        total_seconds=case.total_seconds,
        origin=case.origin,
        packs=judged_packs(checks, judgements, unseen),
    )
    broken = tuple(item.fault_of_suite for item in judgements if item.fault_of_suite)
    return Verdict(record, broken)


def origin_of(recording: RunRecording) -> Origin:
    """Return where a recording comes from; what was judged before keeps its origin."""
    if recording.origin is not None:
        return recording.origin
    made_by = f"{recording.suite.name} {recording.suite.version}"
    count = len(recording.exchanges)
    return Origin(OriginKind.RECORDING, made_by, count, count)


def target_of(info: TargetInfo) -> Target:
    """Return the target that a recording is of, as far as the recording tells."""
    return Target(info.name, info.role, info.issuer, info.driver, digest=info.digest)


def declaration_of(info: TargetInfo) -> Declaration:
    """Return what the target of a recording declares.

    A record of a version that did not keep it tells of the features by how they stood.
    """
    values = info.declaration
    if values is None:
        values = {"features": _declared(info.features)}
    return declaration_from(info.issuer, values)


def evidence_of(recording: RunRecording) -> Evidence:
    """Return the trace that a recording holds."""
    exchanges = {item.number: _exchange(item) for item in recording.exchanges}
    episodes = {item.probe: _episode(item, exchanges) for item in recording.episodes}
    return Evidence(tuple(exchanges.values()), episodes)


def _features(catalogue: Catalogue, case: Case) -> Mapping[str, Standing]:
    names = {name for requirement in catalogue for name in requirement.needs}
    features = standing(sorted(names), case.declaration.features, case.evidence.of_packs(""))
    if case.origin.is_traffic:
        # Where no discovery document was seen, the use of an endpoint tells as much.
        for endpoint, name in _USED.items():
            if any(True for _ in case.evidence.at(endpoint)):
                features[name] = Standing.DISCOVERED
    return features


_USED = {INTROSPECTION: "introspection", CLAIMS: "interactive-claims"}


def _declared(features: Mapping[str, str]) -> dict[str, bool]:
    known = {
        Standing.DECLARED: True,
        Standing.ABSENT: True,
        # Whether it was ruled out or not spoken of, it counted as not being there.
        Standing.NOT_DECLARED: False,
    }
    return {
        name: known[Standing(value)]
        for name, value in features.items()
        if value in {str(standing) for standing in known}
    }


def _exchange(recorded: ExchangeRecord) -> Exchange:
    request, response, failure = recorded.request, recorded.response, recorded.failure
    return Exchange(
        number=recorded.number,
        probe=recorded.probe,
        label=recorded.label,
        purpose=recorded.purpose,
        sender=recorded.sender,
        receiver=recorded.receiver,
        endpoint=recorded.endpoint,
        request=Request(request.method, request.url, request.headers, request.body),
        response=Response(response.status, response.headers, response.body, response.truncated)
        if response
        else None,
        failure=Failure(_failure_kind(failure.kind), failure.message) if failure else None,
        started=recorded.started,
        seconds=recorded.seconds,
    )


def _failure_kind(name: str) -> FailureKind:
    try:
        return FailureKind(name)
    except ValueError:
        # A kind of another version: no usable answer came, in whatever way.
        return FailureKind.PROTOCOL


def _episode(recorded: EpisodeRecord, exchanges: Mapping[int, Exchange]) -> Episode:
    gap = recorded.gap
    return Episode(
        recorded.probe,
        {label: exchanges[number] for label, number in recorded.steps.items()},
        dict(recorded.facts),
        Gap(Outcome(gap.outcome), gap.reason) if gap else None,
    )
