"""Judging counterexamples by their recording: a check for each, and what the report says of them.

A walk in which nothing broke judges no row: it never makes an open row a passed one.
"""

from collections.abc import Mapping, Sequence

from uma_conformance.actors.metadata import Blocked
from uma_conformance.checks import Check
from uma_conformance.exploring.evidence import WALKS, counterexamples, exchanges_of, walk_of
from uma_conformance.exploring.model import broken
from uma_conformance.exploring.plan import Plan
from uma_conformance.exploring.state import Violation
from uma_conformance.exploring.words import outcome, said
from uma_conformance.jsonvalue import object_of, strings_of
from uma_conformance.judge import Judge
from uma_conformance.outcome import Outcome
from uma_conformance.probes.probe import Probe
from uma_conformance.trace import Episode, Evidence


def exploring_checks(evidence: Evidence) -> tuple[Check, ...]:
    """Return a check for each counterexample, which judges the rows that it is about."""
    return tuple(_check(episode) for episode in counterexamples(evidence))


def _check(episode: Episode) -> Check:
    seen = strings_of(episode.facts.get("rows"))
    again = [row for _, item in _broken(episode) for row in item.rows]
    rows = tuple(dict.fromkeys((*again, *seen)))
    probe = Probe(episode.probe, "A walk that was recorded", _gone)
    name = f"exploring::{episode.probe.rpartition('.')[2]}"
    return Check(name, rows, (probe,), _judge, whole_trace=False)


def _gone(_: object) -> None:
    raise Blocked(Outcome.CANT_TELL, "the walk is not in this recording, and is never made anew")


def _broken(episode: Episode) -> Sequence[tuple[int, Violation]]:
    """Return what the repetition broke with the places of the steps: what it is about, if it did.

    What else it breaks on the way has a counterexample of its own.
    """
    try:
        found = broken(walk_of(episode))
    except (KeyError, TypeError, ValueError):
        # The steps of another version, or of no version.
        return ()
    seen = set(strings_of(episode.facts.get("rows")))
    return [item for item in found if seen & set(item[1].rows)] or found


def _judge(judge: Judge) -> None:
    """Fail the rows that the repetition broke; leave those open that it did not."""
    episode = judge.episode()
    walk = walk_of(episode)
    seen = [item.exchange for item in walk if item.exchange is not None]
    failed: set[str] = set()
    for place, violation in _broken(episode):
        for row in violation.rows:
            message = f"{violation.message} (after {place} other steps)"
            judge.require(row, False, message, *seen)  # noqa: FBT003 - it fails
            failed.add(row)
    once = str(episode.facts.get("message", ""))
    for row in strings_of(episode.facts.get("rows")):
        if row not in failed:
            why = episode.gap.reason if episode.gap else "the same steps did not break it again"
            judge.leave_row_open(row, Outcome.CANT_TELL, f"seen once: {once}; {why}")


def exploration_document(evidence: Evidence) -> dict[str, object] | None:
    """Return what the report says of exploring; None when nobody did."""
    episode = evidence.episodes.get(WALKS)
    if episode is None:
        return None
    facts = episode.facts
    plan = Plan(
        _whole(facts, "seed"),
        _whole(facts, "walks"),
        _whole(facts, "steps"),
        _number(facts, "seconds"),
    )
    gap = episode.gap.reason if episode.gap else ""
    return {
        "options": plan.options,
        "seed": plan.seed,
        "walks": plan.walks,
        "steps": plan.steps,
        "seconds": plan.seconds,
        "walked": _whole(facts, "walked"),
        "done": dict(object_of(facts.get("done"))),
        "missing": dict(object_of(facts.get("missing"))),
        "unclear": _whole(facts, "unclear"),
        "left_behind": _whole(facts, "left behind"),
        "stopped": gap or str(facts.get("stopped", "")),
        "counterexamples": [
            _counterexample(number, item)
            for number, item in enumerate(counterexamples(evidence), 1)
        ],
    }


def _counterexample(number: int, episode: Episode) -> dict[str, object]:
    walk, violations = walk_of(episode), [item for _, item in _broken(episode)]
    again = list(dict.fromkeys(row for item in violations for row in item.rows))
    seen = list(strings_of(episode.facts.get("rows")))
    message = "\n".join(item.message for item in violations)
    return {
        "file": f"counterexample-{number}.json",
        "rows": again or seen,
        "message": message or str(episode.facts.get("message", "")),
        "reproduced": bool(again),
        "steps": [
            {
                "words": said(taken.step),
                "outcome": outcome(taken),
                "exchanges": list(numbers),
            }
            for taken, numbers in zip(walk, exchanges_of(episode, walk), strict=True)
        ],
    }


def _whole(facts: Mapping[str, object], name: str) -> int:
    value = facts.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _number(facts: Mapping[str, object], name: str) -> float:
    value = facts.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
