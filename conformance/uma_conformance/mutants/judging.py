"""Mutants of a trace: a server that always gives one kind of answer with one thing changed.

All recorded answers of a kind (at one endpoint, to one method, with one status and error code) are
changed alike, and the whole trace is judged anew. What the probes measured stays as it was.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from uma_conformance.checks import Check
from uma_conformance.judge import Declaration
from uma_conformance.mutants.changes import changes_of
from uma_conformance.outcome import Outcome
from uma_conformance.session import judge
from uma_conformance.trace import Episode, Evidence, Exchange


class Fate(StrEnum):
    """What became of a mutant.

    `killed`: a row fails that did not before. `noticed`: a row stays open that did not before, or
    there is a new remark, so that nothing is certified unseen. `survived`: nothing changed.
    """

    KILLED = "killed"
    NOTICED = "noticed"
    SURVIVED = "survived"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of answer: where, to which method, with which status and error code."""

    endpoint: str
    method: str
    status: int
    error: str

    @classmethod
    def of(cls, exchange: Exchange) -> "Kind":
        """Return the kind of an answer."""
        here = exchange
        return cls(here.endpoint, here.request.method, here.status, here.error)

    @property
    def words(self) -> str:
        """Say which answers these are."""
        error = f" {self.error}" if self.error else ""
        return f"{self.method} {self.endpoint}, {self.status}{error}"


@dataclass(frozen=True, slots=True)
class Mutant:
    """What is changed in all answers of a kind, and in how many of them."""

    kind: Kind
    place: str
    change: str
    answers: int = 0

    @property
    def words(self) -> str:
        """Say what is changed."""
        return f"{self.kind.words}: {self.change} {self.place}"


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant, what became of it, and the rows by which it showed.

    `broke` says which code of the suite broke on it; that must not be.
    """

    mutant: Mutant
    fate: Fate
    rows: tuple[str, ...] = ()
    broke: str = ""


def mutated(evidence: Evidence) -> Iterator[tuple[Mutant, Evidence, frozenset[str]]]:
    """Yield every mutant of a trace, with the trace as it would have been.

    The last part is the probes in which something changed that a check could look up.
    """
    kinds: defaultdict[Kind, defaultdict[tuple[str, str], dict[int, Exchange]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for exchange in evidence.exchanges:
        if exchange.answered:
            for item in changes_of(exchange):
                found = kinds[Kind.of(exchange)][item.place, item.change]
                found.setdefault(exchange.number, item.exchange)
    looked_up = _looked_up(evidence)
    for kind, changes in kinds.items():
        for (place, change), changed in changes.items():
            probes = frozenset(
                item.probe for number, item in changed.items() if number in looked_up
            )
            yield Mutant(kind, place, change, len(changed)), _with(evidence, changed), probes


def judge_mutants(
    evidence: Evidence, declaration: Declaration, checks: Sequence[Check]
) -> Iterator[Judged]:
    """Yield what becomes of every mutant of a trace."""
    before = {
        check.name: {
            (item.row, item.outcome, item.message)
            for item in judge(check, evidence, declaration).findings
        }
        for check in checks
    }
    for mutant, changed, probes in mutated(evidence):
        failed: set[str] = set()
        noticed: set[str] = set()
        broke = ""
        for check in checks:
            if not (check.whole_trace or probes & {probe.name for probe in check.probes}):
                continue
            judgement = judge(check, changed, declaration)
            broke = broke or judgement.fault_of_suite
            for item in judgement.findings:
                if (item.row, item.outcome, item.message) in before[check.name]:
                    continue
                if item.outcome is Outcome.FAILED:
                    failed.add(item.row)
                elif item.outcome is not Outcome.PASSED or item.remark:
                    noticed.add(item.row)
        fate = Fate.KILLED if failed else Fate.NOTICED if noticed else Fate.SURVIVED
        yield Judged(mutant, fate, tuple(sorted(failed or noticed)), broke)


def _with(evidence: Evidence, changed: dict[int, Exchange]) -> Evidence:
    exchanges = tuple(changed.get(item.number, item) for item in evidence.exchanges)
    episodes = {name: _episode(episode, changed) for name, episode in evidence.episodes.items()}
    return Evidence(exchanges, episodes)


def _episode(episode: Episode, changed: dict[int, Exchange]) -> Episode:
    steps = {label: changed.get(item.number, item) for label, item in episode.steps.items()}
    return replace(episode, steps=steps)


def _looked_up(evidence: Evidence) -> frozenset[int]:
    """Return the exchanges that checks can look up; the others only prepared something."""
    return frozenset(
        exchange.number
        for episode in evidence.episodes.values()
        for label, exchange in episode.steps.items()
        if not label.startswith("setup-")
    )
