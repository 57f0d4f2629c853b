"""The record of a replay: a run record whose episodes are the steps of a scenario.

It holds no rows: a scenario shows requirements at work, and judges none of them.
"""

from collections.abc import Iterator, Mapping, Sequence
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
from uma_scenarios.model import Person, Resource

_GAPS = {
    Outcome.PARTLY: Judged.UNTESTED,
    Outcome.SKIPPED: Judged.UNTESTED,
    Outcome.INCOMPLETE: Judged.CANT_TELL,
}


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
        "resources": [_resource(scenario, item) for item in scenario.resources.values()],
        "policies": [
            {
                "id": item.id,
                "owner": scenario.owners[item.owner].name,
                "says": item.says,
                "standing": item.standing,
            }
            for item in scenario.policies.values()
        ],
        "cast": [
            {"name": item.name, "about": item.about, "claims": list(_claims(item))}
            for item in scenario.cast.values()
        ],
    }
    return Episode("scenario", {}, facts)


def _resource(scenario: Scenario, resource: Resource) -> dict[str, object]:
    return {
        "id": resource.id,
        "name": resource.name,
        "owner": scenario.owners[resource.owner].name,
        "server": scenario.servers[resource.server].name,
        "scopes": list(resource.scopes),
    }


def _claims(person: Person) -> Iterator[str]:
    """Yield who vouches for which claims of a person; their values stay out of the record."""
    for provider, claims in person.claims.items():
        yield f"{', '.join(claims)} (from {provider})"
    if person.account:
        yield f"{', '.join(person.account)} (when signed in)"


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
