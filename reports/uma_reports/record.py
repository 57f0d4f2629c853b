"""The run record: everything a run found out, and the one source of every report.

All texts in it are redacted before they get here: a secret stands as its kind and a pseudonym.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from uma_reports.exploration import Exploration
from uma_reports.known import Baseline, BaselineEntry
from uma_reports.oracle import Oracle
from uma_reports.packs.model import PackResult
from uma_reports.scenarios.model import ScenarioResult, StepOutcome

FORMAT = "uma2-run-record/1"


class Spec(StrEnum):
    """The two specifications of UMA 2.0."""

    GRANT = "grant"
    FEDAUTHZ = "fedauthz"


class Outcome(StrEnum):
    """What is known about a row after the run."""

    PASSED = "passed"
    FAILED = "failed"
    CANT_TELL = "cant_tell"
    INAPPLICABLE = "inapplicable"
    UNTESTED = "untested"


class Severity(StrEnum):
    """How much a failed row weighs; only error rows decide the claim."""

    ERROR = "error"
    WARNING = "warning"
    OBSERVATION = "observation"


@dataclass(frozen=True, slots=True)
class SuiteInfo:
    """Which suite and which catalogue of requirements made the record."""

    name: str
    version: str
    catalogue_digest: str


@dataclass(frozen=True, slots=True)
class TargetInfo:
    """The implementation under test; `features` gives each optional feature's standing.

    `declaration` is what checks know from its target file, by name; it is None in a record of a
    version that did not keep it.
    """

    name: str
    role: str
    issuer: str
    driver: str
    digest: str
    features: Mapping[str, str]
    declaration: Mapping[str, object] | None = None


class OriginKind(StrEnum):
    """What rows were judged from, where it is not the run itself."""

    RECORDING = "recording"
    TRAFFIC = "traffic"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the exchanges come from: the record of a run, or traffic that others recorded.

    `made_by` names the program that recorded them; `exchanges` is how many it recorded, and
    `recognised` how many of them are of UMA.
    """

    kind: OriginKind
    made_by: str
    exchanges: int
    recognised: int

    @property
    def is_traffic(self) -> bool:
        """Whether nobody acted on the target to bring the exchanges about."""
        return self.kind is OriginKind.TRAFFIC


@dataclass(frozen=True, slots=True)
class Claim:
    """What the run allows to say: `conformant` is None when it allows neither yes nor no."""

    sentence: str
    conformant: bool | None
    exit_status: int


@dataclass(frozen=True, slots=True)
class Timing:
    """Where the time of the run went, in seconds, and how many exchanges it took."""

    total_seconds: float
    waiting_seconds: float
    exchanges: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows ended in each outcome."""

    passed: int = 0
    failed: int = 0
    cant_tell: int = 0
    inapplicable: int = 0
    untested: int = 0

    def of(self, outcome: Outcome) -> int:
        """Return how many rows ended in this outcome."""
        numbers: Mapping[Outcome, int] = {
            Outcome.PASSED: self.passed,
            Outcome.FAILED: self.failed,
            Outcome.CANT_TELL: self.cant_tell,
            Outcome.INAPPLICABLE: self.inapplicable,
            Outcome.UNTESTED: self.untested,
        }
        return numbers[outcome]


@dataclass(frozen=True, slots=True)
class SectionSummary:
    """The rows of one section of one specification, counted."""

    spec: Spec
    section: str
    planned: int
    judged: int
    silent: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class Summary:
    """All rows counted: how many were to be judged, how many were, and how they ended."""

    planned: int
    judged: int
    silent: int
    outcomes: Counts
    by_severity: Mapping[Severity, Counts]
    sections: tuple[SectionSummary, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement with what the run found out about it.

    `planned` says that this target had to be judged by it; `exchanges` are the numbers of the
    exchanges that decided, `remarks` are warnings that did not fail the row, and `proved_by` names
    the known faults by which its checks are proved.
    """

    id: str
    spec: Spec
    section: str
    keyword: str
    role: str
    needs: tuple[str, ...]
    severity: Severity
    statement: str
    link: str
    consequence: str
    planned: bool
    outcome: Outcome
    message: str
    remarks: tuple[str, ...]
    checks: tuple[str, ...]
    exchanges: tuple[int, ...]
    proved_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """What was sent."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str


@dataclass(frozen=True, slots=True)
class ResponseRecord:
    """What came back; `truncated` when its body was longer than the run's limit."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    truncated: bool


@dataclass(frozen=True, slots=True)
class FailureRecord:
    """Why there was no usable response."""

    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """One request and its response; `started` counts seconds from the start of the run."""

    number: int
    probe: str
    label: str
    purpose: str
    sender: str
    receiver: str
    endpoint: str
    request: RequestRecord
    response: ResponseRecord | None
    failure: FailureRecord | None
    started: float
    seconds: float


@dataclass(frozen=True, slots=True)
class GapRecord:
    """Why a probe could not record all of its steps."""

    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class EpisodeRecord:
    """What one probe recorded: exchange numbers by step, measured facts, and how it ended."""

    probe: str
    steps: Mapping[str, int]
    facts: Mapping[str, object]
    gap: GapRecord | None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A whole run; `started` and `finished` are RFC 3339 times."""

    suite: SuiteInfo
    target: TargetInfo
    claim: Claim
    started: str
    finished: str
    timing: Timing
    summary: Summary
    rows: tuple[Row, ...]
    exchanges: tuple[ExchangeRecord, ...]
    episodes: tuple[EpisodeRecord, ...]
    silent_rows: tuple[str, ...]
    origin: Origin | None = None
    baseline: Baseline | None = None
    oracle: Oracle | None = None
    packs: tuple[PackResult, ...] = ()
    exploration: Exploration | None = None
    scenarios: tuple[ScenarioResult, ...] = ()

    @property
    def unproved(self) -> tuple[Row, ...]:
        """The error and warning rows with checks that no known fault proves."""
        if self.oracle is None:
            return ()
        grave = (row for row in self.rows if row.severity is not Severity.OBSERVATION)
        return tuple(row for row in grave if row.checks and not row.proved_by)

    @property
    def known(self) -> Mapping[str, BaselineEntry]:
        """The known failures that cover a failure of the run, by row."""
        return self.baseline.known if self.baseline else dict[str, BaselineEntry]()

    @property
    def exit_status(self) -> int:
        """What a command ends with: as the claim or the baseline has it, or as what stands apart.

        A failed row of a pack that is not known makes it 1, and so does a failed step of a
        scenario; a step that is incomplete keeps it from being 0.
        """
        if self.fails_by_packs or any(item.failed for item in self.scenarios):
            return 1
        still_open = any(item.ended(StepOutcome.INCOMPLETE) for item in self.scenarios)
        return self._status or (3 if still_open else 0)

    @property
    def fails_by_packs(self) -> bool:
        """Whether an error row of a pack failed that is no known failure."""
        known = self.known
        return any(row.id not in known for pack in self.packs for row in pack.failed)

    @property
    def fails_without_packs(self) -> bool:
        """Whether the exit status would be 1 without packs, too."""
        return self._status == 1

    @property
    def _status(self) -> int:
        return self.claim.exit_status if self.baseline is None else self.baseline.exit_status


@dataclass(frozen=True, slots=True)
class RunRecording:
    """What a run recorded, without what was judged by it: all that judging it again needs.

    `packs` names those that were asked for.
    """

    suite: SuiteInfo
    target: TargetInfo
    started: str
    finished: str
    timing: Timing
    exchanges: tuple[ExchangeRecord, ...]
    episodes: tuple[EpisodeRecord, ...]
    origin: Origin | None = None
    packs: tuple[str, ...] = ()
