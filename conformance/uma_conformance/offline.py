"""Judging what was recorded before: no target is needed, and nothing is sent.

A run record holds all that checks may look at: exchanges, episodes with their facts and gaps, and
what the target declares. So it gives the same verdicts again, on any machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from uma_conformance.catalogue import Catalogue, Role, load_catalogue
from uma_conformance.checks import Check
from uma_conformance.features import Standing, standing
from uma_conformance.outcome import Outcome
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
    RunRecord,
    RunRecording,
    TargetInfo,
)

RECORDING = "recording"


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
    target, evidence = target_of(recording.target), evidence_of(recording)
    checks = checks_for(target.role)
    declaration = target.declaration(recording.target.issuer)
    judgements = [judge(check, evidence, declaration) for check in checks]
    return verdict(recording, target, evidence, checks, judgements, origin_of(recording))


def verdict(  # noqa: PLR0913 - a record has many parts
    recording: RunRecording,
    target: Target,
    evidence: Evidence,
    checks: tuple[Check, ...],
    judgements: list[Judgement],
    origin: Origin,
) -> Verdict:
    """Put the record of a judged recording together; its times are those of the recording."""
    catalogue = load_catalogue()
    features = _features(catalogue, target, evidence)
    record = run_record(
        target=target,
        issuer=recording.target.issuer,
        catalogue=catalogue,
        suite_version=version("uma2-conformance"),
        features=features,
        rows=judged_rows(catalogue, Role(target.role), checks, judgements, features),
        evidence=evidence,
        started=datetime.fromisoformat(recording.started),
        finished=datetime.fromisoformat(recording.finished),
        total_seconds=recording.timing.total_seconds,
        origin=origin,
    )
    broken = tuple(item.fault_of_suite for item in judgements if item.fault_of_suite)
    return Verdict(record, broken)


def origin_of(recording: RunRecording) -> Origin:
    """Return where a recording comes from; what was judged before keeps its origin."""
    if recording.origin is not None:
        return recording.origin
    made_by = f"{recording.suite.name} {recording.suite.version}"
    count = len(recording.exchanges)
    return Origin(RECORDING, made_by, count, count)


def target_of(info: TargetInfo) -> Target:
    """Return the target that a recording is of, as far as checks may know it.

    A record of a version that did not keep what was declared tells it by how the features stood.
    """
    declared = info.declared
    if declared is None:
        declared = _declared(info.features)
    return Target(
        name=info.name,
        role=info.role,
        issuer=info.issuer,
        driver=info.driver,
        features=declared,
        allow_http=info.allow_http is True,
        digest=info.digest,
        source="run.json",
    )


def evidence_of(recording: RunRecording) -> Evidence:
    """Return the trace that a recording holds."""
    exchanges = {item.number: _exchange(item) for item in recording.exchanges}
    episodes = {item.probe: _episode(item, exchanges) for item in recording.episodes}
    return Evidence(tuple(exchanges.values()), episodes)


def _features(catalogue: Catalogue, target: Target, evidence: Evidence) -> Mapping[str, Standing]:
    names = {name for requirement in catalogue for name in requirement.needs}
    return standing(sorted(names), target.features, evidence)


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
