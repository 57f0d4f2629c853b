"""The record of a replay: a run record whose episodes are the steps of a scenario.

It holds no rows: a scenario shows requirements at work, and judges none of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version

from uma_conformance.catalogue import load_catalogue
from uma_conformance.outcome import Outcome as Judged
from uma_conformance.recording import run_record
from uma_conformance.replay.names import roles_of
from uma_conformance.target import Target
from uma_conformance.trace import Episode, Evidence, Exchange, Gap
from uma_reports import RunRecord
from uma_scenarios import Outcome, PlayedStep, Scenario, overall

_GAPS = {Outcome.SKIPPED: Judged.UNTESTED, Outcome.INCOMPLETE: Judged.CANT_TELL}


def record_of(  # noqa: PLR0913 - a record has many parts
    scenario: Scenario,
    played: Sequence[PlayedStep],
    exchanges: Sequence[Exchange],
    target: Target,
    issuer: str,
    started: datetime,
) -> RunRecord:
    """Return the record of a replay; its first episode tells of the scenario as a whole."""
    finished = datetime.now(UTC)
    by_number = {exchange.number: exchange for exchange in exchanges}
    episodes = [
        whole_episode(scenario, played),
        *(step_episode(step, by_number) for step in played),
    ]
    return run_record(
        target=target,
        declaration=target.declaration(issuer),
        catalogue=load_catalogue(),
        suite_version=version("uma2-conformance"),
        features={},
        rows=(),
        evidence=Evidence(tuple(exchanges), {episode.probe: episode for episode in episodes}),
        started=started,
        finished=finished,
        total_seconds=(finished - started).total_seconds(),
    )


def whole_episode(scenario: Scenario, played: Sequence[PlayedStep]) -> Episode:
    """Return the episode that tells of a scenario as a whole."""
    facts: Mapping[str, object] = {
        "scenario": scenario.id,
        "title": scenario.title,
        "summary": scenario.summary,
        "outcome": str(overall(step.outcome for step in played)),
        "steps": [step.id for step in played],
        "parties": dict(roles_of(scenario)),
        "policies": [{"id": item.id, "says": item.says} for item in scenario.policies.values()],
        "cast": [{"name": item.name, "about": item.about} for item in scenario.cast.values()],
    }
    return Episode("scenario", {}, facts)


def step_episode(step: PlayedStep, by_number: Mapping[int, Exchange]) -> Episode:
    """Return the episode of a step; a step that did not come to an end leaves a gap."""
    facts = asdict(step)
    facts["outcome"] = str(step.outcome)
    facts["acts"] = [{**asdict(act), "outcome": str(act.outcome)} for act in step.acts]
    gap = _GAPS.get(step.outcome)
    return Episode(
        step.id,
        {str(number): by_number[number] for number in step.exchanges if number in by_number},
        facts,
        Gap(gap, step.message) if gap else None,
    )
