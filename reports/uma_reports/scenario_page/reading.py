"""From the record of a replay to what its page needs.

A replay is recorded as a run whose first episode, `scenario`, tells of the whole, and in which each
step is an episode of its own. What is told lies in the facts of the episodes.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from uma_reports.diagrams.evidence import SCENARIO, told_roles
from uma_reports.errors import RecordError
from uma_reports.record import EpisodeRecord, RunRecord
from uma_reports.scenario_page.endings import plain_ending
from uma_reports.scenario_page.model import (
    ActInWords,
    CastMember,
    PolicyInWords,
    Replay,
    ResourceInWords,
    StepInWords,
)
from uma_reports.scenarios.model import StepOutcome

Facts = Mapping[str, object]


def replay_of(record: RunRecord, stage: str = "") -> Replay:
    """Return the replay that a run record holds; `stage` says what it was played on.

    Raises `RecordError` when the record is not that of a replay. What it does not tell, the page
    does not show.
    """
    episodes = {episode.probe: episode for episode in record.episodes}
    whole = episodes.get(SCENARIO)
    if whole is None:
        raise RecordError("$.episodes", "this run is no replay: it has no episode 'scenario'")
    facts = whole.facts
    return Replay(
        title=_text(facts, "title") or "A scenario",
        summary=_text(facts, "summary"),
        stage=stage or record.target.name,
        started=record.started,
        outcome=_outcome(facts),
        cast=_cast(record, facts),
        resources=tuple(
            ResourceInWords(
                id=_text(item, "id"),
                name=_text(item, "name"),
                owner=_text(item, "owner"),
                server=_text(item, "server"),
                scopes=_texts(item, "scopes"),
            )
            for item in _each(facts, "resources")
        ),
        policies=tuple(
            PolicyInWords(
                id=_text(item, "id"),
                owner=_text(item, "owner"),
                says=_text(item, "says"),
                standing=item.get("standing") is not False,
            )
            for item in _each(facts, "policies")
        ),
        steps=tuple(_step(episodes[name]) for name in _texts(facts, "steps") if name in episodes),
        exchanges=record.exchanges,
    )


def _cast(record: RunRecord, facts: Facts) -> tuple[CastMember, ...]:
    about = {_text(item, "name"): item for item in _each(facts, "cast")}
    nothing: Facts = {}
    return tuple(
        CastMember(
            name=name,
            role=role,
            about=_text(about.get(name, nothing), "about"),
            claims=_texts(about.get(name, nothing), "claims"),
        )
        for name, role in told_roles(record).items()
    )


def _step(episode: EpisodeRecord) -> StepInWords:
    facts = episode.facts
    acts = tuple(_act(item) for item in _each(facts, "acts"))
    return StepInWords(
        id=_text(facts, "id") or episode.probe,
        title=_text(facts, "title"),
        narration=_text(facts, "tells"),
        decision=_decision(acts),
        reason=_text(facts, "why"),
        outcome=_outcome(facts),
        message=_text(facts, "message"),
        rows=_texts(facts, "rows"),
        exchanges=tuple(sorted(set(episode.steps.values()))),
        acts=acts,
    )


def _act(facts: Facts) -> ActInWords:
    said, worth_saying = _text(facts, "said"), _text(facts, "problem") or _text(facts, "remark")
    return ActInWords(
        told=_text(facts, "told"),
        ended=plain_ending(_text(facts, "ending")),
        outcome=_outcome(facts),
        note="; ".join(part for part in (said, worth_saying) if part),
        exchanges=_wholes(facts, "exchanges"),
    )


def _decision(acts: Sequence[ActInWords]) -> str:
    """Return how the acts ended one after the other, each once where some in a row ended alike."""
    ended = [act.ended for act in acts if act.ended]
    before = ["", *ended]
    words = [now for now, earlier in zip(ended, before, strict=False) if now != earlier]
    sentence = ", then ".join(words)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def _outcome(facts: Facts) -> StepOutcome:
    found = _text(facts, "outcome")
    known = {str(outcome): outcome for outcome in StepOutcome}
    return known.get(found, StepOutcome.INCOMPLETE)


def _text(facts: Facts, name: str) -> str:
    value = facts.get(name)
    return value if isinstance(value, str) else ""


def _items(facts: Facts, name: str) -> Sequence[object]:
    value = facts.get(name)
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()


def _texts(facts: Facts, name: str) -> tuple[str, ...]:
    return tuple(item for item in _items(facts, name) if isinstance(item, str))


def _wholes(facts: Facts, name: str) -> tuple[int, ...]:
    return tuple(item for item in _items(facts, name) if type(item) is int)


def _each(facts: Facts, name: str) -> Sequence[Facts]:
    return [cast("Facts", item) for item in _items(facts, name) if isinstance(item, Mapping)]
