"""How the steps of scenarios stand in a recording, and what a report says of them.

Their episodes have names of their own, apart from those of probes: no check of UMA itself sees what
was sent for a scenario. A step that passed shows its rows at work and makes none of them a passed
one; a step that failed is about all of its rows, and does not say which of them was broken.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from uma_conformance.jsonvalue import object_of, strings_of
from uma_conformance.trace import Episode, Evidence

SCENARIOS = "scenarios"
FAILED = "failed"


def episode_name(scenario: str, step: str = "") -> str:
    """Return the name of the episode of a step, or of a scenario as a whole."""
    return "/".join(part for part in (SCENARIOS, scenario, step) if part)


def step_in(evidence: Evidence, scenario: str, step: str) -> Mapping[str, object]:
    """Return what is told of a step; nothing when it was not played."""
    episode = evidence.episodes.get(episode_name(scenario, step))
    return episode.facts if episode else {}


def scenario_documents(evidence: Evidence) -> list[dict[str, object]]:
    """Return what the report says of each scenario that was played."""
    return [
        {
            "id": name,
            "title": str(whole.facts.get("title", "")),
            "stage": str(whole.facts.get("stage", "")),
            "steps": [_step(episode) for episode in _steps(evidence, name, whole)],
        }
        for name, whole in _wholes(evidence)
    ]


def remarks_on_rows(evidence: Evidence) -> Mapping[str, Sequence[str]]:
    """Return what is to be said of the rows that failed steps are about."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, whole in _wholes(evidence):
        for episode in _steps(evidence, name, whole):
            facts = episode.facts
            if facts.get("outcome") == FAILED and facts.get("selected") is True:
                for row in strings_of(facts.get("rows")):
                    told = f"the step {name}::{facts.get('id')}, which is about this row, failed: "
                    found[row].append(told + str(facts.get("message", "")))
    return found


def setups(evidence: Evidence) -> Iterator[str]:
    """Yield what was played as set-up only, and which of it did not pass."""
    for name, whole in _wholes(evidence):
        before = [
            item.facts
            for item in _steps(evidence, name, whole)
            if item.facts.get("selected") is not True
        ]
        if before:
            ids = ", ".join(str(facts.get("id")) for facts in before)
            yield f"{name}: played as set-up for the selected steps: {ids}"
        for facts in before:
            if facts.get("outcome") != "passed":
                yield f"{name}::{facts.get('id')} {facts.get('outcome')}: {facts.get('message')}"


def _wholes(evidence: Evidence) -> Iterator[tuple[str, Episode]]:
    for name, episode in evidence.episodes.items():
        kind, _, scenario = name.partition("/")
        if kind == SCENARIOS and "/" not in scenario:
            yield scenario, episode


def _steps(evidence: Evidence, scenario: str, whole: Episode) -> Iterator[Episode]:
    for step in strings_of(whole.facts.get("steps")):
        episode = evidence.episodes.get(episode_name(scenario, step))
        if episode is not None:
            yield episode


def _step(episode: Episode) -> dict[str, object]:
    facts: Mapping[str, object] = object_of(episode.facts)
    numbers = sorted({exchange.number for exchange in episode.steps.values()})
    return {
        "id": str(facts.get("id", "")),
        "title": str(facts.get("title", "")),
        "outcome": str(facts.get("outcome", "")),
        "message": str(facts.get("message", "")),
        "rows": list(strings_of(facts.get("rows"))),
        "exchanges": numbers,
        "selected": facts.get("selected") is True,
    }
