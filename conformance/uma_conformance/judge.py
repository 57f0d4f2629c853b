"""How a check says what it found: an outcome per requirement id, none hidden by another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from uma_conformance.jsonvalue import object_of, strings_of
from uma_conformance.legible import illegible, repeated
from uma_conformance.outcome import Outcome
from uma_conformance.trace import Episode, Evidence, Exchange


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found about one requirement.

    `remark` marks a pass with something to warn of: allowed, but not what was to be expected.
    """

    row: str
    outcome: Outcome
    message: str = ""
    exchanges: tuple[int, ...] = ()
    remark: bool = False


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the target says of itself, as far as checks need it.

    `profiles` are the URIs of the UMA profiles and extensions that it supports.
    """

    issuer: str
    allow_http: bool = False
    features: Mapping[str, bool] = field(default_factory=dict[str, bool])
    profiles: tuple[str, ...] = ()


class Open(Exception):  # noqa: N818 - no error: the rows of the check stay open, with a reason
    """A step that the check needs is not there."""

    def __init__(self, outcome: Outcome, reason: str, exchanges: Sequence[int] = ()) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
        self.exchanges = tuple(exchanges)


class Judge:
    """Looks up recorded steps for one check and collects its findings."""

    def __init__(
        self,
        rows: Sequence[str],
        evidence: Evidence,
        declaration: Declaration,
        probes: Sequence[str] = (),
    ) -> None:
        self._rows = tuple(rows)
        self._probes = tuple(probes)
        self._findings: list[Finding] = []
        self._looked_at: dict[int, Exchange] = {}
        self.evidence = evidence
        self.declaration = declaration

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found so far."""
        return tuple(self._findings)

    def episode(self, number: int = 0) -> Episode:
        """Return the recording of the check's first probe, or of another one by its place."""
        name = self._probes[number]
        episode = self.evidence.episodes.get(name)
        if episode is None:
            raise Open(Outcome.UNTESTED, f"the probe {name} was not run")
        return episode

    def exchange(self, label: str, probe: int = 0) -> Exchange:
        """Return an answered exchange; the check ends here when there is none."""
        episode = self.episode(probe)
        found = episode.steps.get(label)
        if found is None:
            gap = episode.gap
            if gap is None:
                raise Open(Outcome.CANT_TELL, f"{episode.probe} recorded no step {label!r}")
            raise Open(gap.outcome, gap.reason)
        if not found.answered:
            reason = found.failure.message if found.failure else "no answer"
            raise Open(Outcome.CANT_TELL, f"{found.purpose}: {reason}", [found.number])
        self._looked_at[found.number] = found
        return found

    def has(self, label: str, probe: int = 0) -> bool:
        """Tell whether a step was recorded and answered."""
        found = self.episode(probe).steps.get(label)
        return found is not None and found.answered

    def fact(self, name: str, probe: int = 0) -> object:
        """Return a fact that the probe measured; the check ends here when there is none."""
        episode = self.episode(probe)
        if name not in episode.facts:
            gap = episode.gap
            if gap is None:
                raise Open(Outcome.CANT_TELL, f"{episode.probe} measured no {name!r}")
            raise Open(gap.outcome, gap.reason)
        return episode.facts[name]

    def text(self, name: str, probe: int = 0) -> str:
        """Return a fact that is a string."""
        return str(self.fact(name, probe))

    def permissions(self, name: str, probe: int = 0) -> dict[str, frozenset[str]]:
        """Return a fact that holds permissions: resource identifiers with their scopes."""
        value = self.fact(name, probe)
        return {
            resource: frozenset(strings_of(scopes)) for resource, scopes in object_of(value).items()
        }

    def require(self, row: str, holds: bool, message: str, *exchanges: Exchange) -> bool:  # noqa: FBT001 - reads as a sentence
        """Pass or fail a row; the message says what was seen when it does not hold."""
        outcome = Outcome.PASSED if holds else Outcome.FAILED
        self._looked_at.update({exchange.number: exchange for exchange in exchanges})
        self._add(row, outcome, "" if holds else message, exchanges)
        return holds

    def remark(self, row: str, message: str, *exchanges: Exchange) -> None:
        """Pass a row, but say what was not as expected."""
        self._findings.append(
            Finding(row, Outcome.PASSED, message, _numbers(exchanges), remark=True)
        )

    def inapplicable(self, row: str, reason: str) -> None:
        """Say that the target never came into the situation that the row is about."""
        self._add(row, Outcome.INAPPLICABLE, reason, ())

    def cant_tell(self, row: str, reason: str, *exchanges: Exchange) -> None:
        """Leave one row open and go on with the others."""
        self._add(row, Outcome.CANT_TELL, reason, exchanges)

    def leave_row_open(self, row: str, outcome: Outcome, reason: str) -> None:
        """Give one row an outcome other than passed or failed, and go on with the others."""
        self._add(row, outcome, reason, ())

    def control(self, holds: bool, reason: str, *exchanges: Exchange) -> None:  # noqa: FBT001 - reads as a sentence
        """Go on only if the control of a negative test succeeded; else its rows stay open."""
        if not holds:
            raise Open(Outcome.CANT_TELL, f"the control failed: {reason}", _numbers(exchanges))

    def _add(self, row: str, outcome: Outcome, message: str, exchanges: Sequence[Exchange]) -> None:
        if row not in self._rows:
            raise ValueError(f"this check is not declared to judge {row}")
        self._findings.append(Finding(row, outcome, message, _numbers(exchanges)))

    def close(self) -> None:
        """End the check: a row that passed by what cannot be read, or not clearly, says so.

        A row that failed stays failed. See `legible`.
        """
        passed = dict.fromkeys(
            finding.row for finding in self._findings if finding.outcome is Outcome.PASSED
        )
        for exchange in self._looked_at.values():
            why, twice = illegible(exchange), repeated(exchange)
            for row in passed if why or twice else ():
                if why:
                    self.cant_tell(row, f"exchange {exchange.number}: {why}", exchange)
                else:
                    names = ", ".join(twice)
                    told = f"{names} stands twice in the answer (RFC 8259 section 4)"
                    self.remark(row, told, exchange)

    def leave_open(self, outcome: Outcome, reason: str, exchanges: Sequence[int] = ()) -> None:
        """Give every row that has not failed yet an open outcome, with the reason."""
        failed = {finding.row for finding in self._findings if finding.outcome is Outcome.FAILED}
        for row in self._rows:
            if row not in failed:
                self._findings.append(Finding(row, outcome, reason, tuple(exchanges)))

    @property
    def silent_rows(self) -> tuple[str, ...]:
        """Rows of the check that got no outcome."""
        found = {finding.row for finding in self._findings}
        return tuple(row for row in self._rows if row not in found)


def _numbers(exchanges: Sequence[Exchange]) -> tuple[int, ...]:
    return tuple(exchange.number for exchange in exchanges)
