"""What a passive check is, and the exchanges it may look at."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from uma_conformance.checks import Check, check_of
from uma_conformance.judge import Declaration, Finding, Judge
from uma_conformance.outcome import Outcome
from uma_conformance.session import Judgement, judge
from uma_conformance.trace import Episode, Evidence, Exchange

Select = Callable[[Exchange], bool]
_SHOWN = frozenset({Outcome.PASSED, Outcome.FAILED})


@dataclass(frozen=True, slots=True)
class Passive:
    """A check with the way it looks at traffic.

    With `select` it judges each such exchange by itself, as if it were each of the `labels` of its
    first probe, and with `facts` as measured; without, it looks at the traffic as a whole. Only
    findings on `rows` count, and only when they say passed or failed.
    """

    check: Check
    rows: tuple[str, ...]
    select: Select | None = None
    labels: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict[str, object])

    def judge(self, evidence: Evidence, declaration: Declaration) -> Judgement:
        """Return what the traffic shows; nothing for rows that it does not show."""
        parts = [judge(self.check, part, declaration) for part in self._parts(evidence)]
        findings = (item for part in parts for item in part.findings if self._counts(item))
        # That a row got no outcome at all is nothing wrong here: the traffic did not show it.
        broken = [part.fault_of_suite for part in parts if " broke: " in part.fault_of_suite]
        return Judgement(self.check.name, tuple(findings), next(iter(broken), ""))

    def _parts(self, evidence: Evidence) -> Iterator[Evidence]:
        if self.select is None:
            yield evidence
            return
        for exchange in evidence.exchanges:
            if exchange.answered and self.select(exchange):
                yield self._alone(exchange)

    def _alone(self, exchange: Exchange) -> Evidence:
        steps = dict.fromkeys(self.labels, exchange)
        episodes = {
            probe.name: Episode(probe.name, steps, dict(self.facts)) for probe in self.check.probes
        }
        return Evidence((exchange,), episodes)

    def _counts(self, finding: Finding) -> bool:
        return finding.outcome in _SHOWN and finding.row in self.rows


def each(
    function: Callable[[Judge], None],
    select: Select,
    *labels: str,
    rows: Sequence[str] = (),
    facts: Mapping[str, object] | None = None,
) -> Passive:
    """Judge each selected exchange alone with a check of the suite, or with a passive one."""
    found = _check(function)
    return Passive(found, tuple(rows) or found.rows, select, labels, dict(facts or {}))


def together(function: Callable[[Judge], None]) -> Passive:
    """Judge the traffic as a whole."""
    found = _check(function)
    return Passive(found, found.rows)


def _check(function: Callable[[Judge], None]) -> Check:
    found = check_of(function)
    if found is None:
        raise TypeError(f"{function.__name__} is no check")
    return found


def whole(exchange: Exchange) -> bool:
    """Tell whether the body of the answer was recorded in full."""
    return exchange.response is not None and not exchange.response.truncated


def is_json(exchange: Exchange) -> bool:
    """Tell whether the answer says of itself that it is JSON."""
    return exchange.media_type == "application/json" or exchange.media_type.endswith("+json")
