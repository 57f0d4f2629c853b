"""A replayed scenario as its page needs it: in words for people, with the exchanges beside them."""

from dataclasses import dataclass

from uma_reports.diagrams import Aside, Role
from uma_reports.record import ExchangeRecord
from uma_reports.scenarios.model import StepOutcome


@dataclass(frozen=True, slots=True)
class CastMember:
    """Somebody or something that takes part, by the name that the exchanges have.

    `shown` is the name for people where that is another one. `claims` are what is said of a person,
    in words.
    """

    name: str
    role: Role
    shown: str = ""
    about: str = ""
    claims: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name for people."""
        return self.shown or self.name


@dataclass(frozen=True, slots=True)
class ResourceInWords:
    """What is protected, whose it is, and where it is kept."""

    id: str
    name: str
    owner: str
    server: str
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyInWords:
    """What an owner permits, in plain words; one that is not standing is set on the way."""

    id: str
    owner: str
    says: str
    standing: bool = True


@dataclass(frozen=True, slots=True)
class ActInWords:
    """One thing that was done in a step, how it ended, and what is to be said of that."""

    told: str
    ended: str
    outcome: StepOutcome
    note: str = ""
    exchanges: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StepInWords:
    """A step: what happened, what was decided and why, and which rows that shows.

    `message` says why it did not pass, or what else there is to say. `asides` are what happened
    beside the exchanges, such as an owner who changes a policy.
    """

    id: str
    title: str
    narration: str
    decision: str
    reason: str
    outcome: StepOutcome
    message: str = ""
    rows: tuple[str, ...] = ()
    exchanges: tuple[int, ...] = ()
    acts: tuple[ActInWords, ...] = ()
    asides: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True)
class Replay:
    """A whole replay; `stage` says in a few words what it was played on, `started` is RFC 3339."""

    title: str
    summary: str
    stage: str
    started: str
    outcome: StepOutcome
    cast: tuple[CastMember, ...]
    resources: tuple[ResourceInWords, ...]
    policies: tuple[PolicyInWords, ...]
    steps: tuple[StepInWords, ...]
    exchanges: tuple[ExchangeRecord, ...]
