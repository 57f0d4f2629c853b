"""Putting played scenarios into the recording of a run, beside what its probes recorded."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from uma_conformance.jsonvalue import object_of
from uma_conformance.played import episode_name
from uma_conformance.replay.playing import Played
from uma_conformance.replay.record import step_episode, whole_episode
from uma_conformance.trace import Episode, Evidence, Exchange
from uma_scenarios import PlayedStep


def evidence_of_scenarios(every: Iterable[Played], first: int, run_started: datetime) -> Evidence:
    """Return what was recorded of scenarios, its exchanges numbered from `first` on."""
    exchanges: list[Exchange] = []
    episodes: dict[str, Episode] = {}
    for played in every:
        by = first + len(exchanges) - 1
        seconds = (played.started - run_started).total_seconds()
        name = played.wanted.name
        renamed = {
            item.number: replace(
                item,
                number=by + place,
                probe=episode_name(name, item.probe),
                started=round(item.started + max(seconds, 0.0), 6),
            )
            for place, item in enumerate(played.exchanges, 1)
        }
        exchanges += renamed.values()
        for episode in _episodes(played, renamed):
            episodes[episode.probe] = episode
    return Evidence(tuple(exchanges), episodes)


def _episodes(played: Played, renamed: Mapping[int, Exchange]) -> Iterable[Episode]:
    wanted = played.wanted
    by_number = {item.number: item for item in renamed.values()}
    steps = [_renumbered(step, renamed) for step in played.steps]
    whole = whole_episode(wanted.scenario, steps)
    yield _named(whole, episode_name(wanted.name), {"stage": played.stage})
    for step in steps:
        episode = step_episode(step, by_number)
        selected = {"selected": step.id in wanted.steps}
        yield _named(episode, episode_name(wanted.name, step.id), selected)


def _named(episode: Episode, name: str, more: Mapping[str, object]) -> Episode:
    """Return an episode by another name, with its facts in the form that a file holds."""
    facts = object_of(json.loads(json.dumps({**episode.facts, **more}, allow_nan=False)))
    return replace(episode, probe=name, facts=facts)


def _renumbered(step: PlayedStep, renamed: Mapping[int, Exchange]) -> PlayedStep:
    def numbers(old: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(renamed[number].number for number in old if number in renamed)

    acts = tuple(replace(act, exchanges=numbers(act.exchanges)) for act in step.acts)
    return replace(step, exchanges=numbers(step.exchanges), acts=acts)
