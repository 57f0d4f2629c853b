"""What proves the suite itself: known faults that it catches, and mutants of recorded answers."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownFault:
    """A deliberate fault of a reference: what is wrong, and whether the suite catches it.

    `seen_in` names products that have the same fault, with the release in which it was seen.
    """

    id: str
    wrong: str
    caught: bool
    seen_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mutants:
    """What became of recorded answers in which one thing was changed, counted.

    Killed: a row fails. Noticed: a row stays open or is remarked on. Equivalent: as good as the
    original, by reason. `digest` is that of the file that the numbers come from.
    """

    digest: str
    killed: int
    noticed: int
    equivalent: Mapping[str, int]
    unexplained: int

    @property
    def seen(self) -> int:
        """How many of them change a verdict."""
        return self.killed + self.noticed

    @property
    def total(self) -> int:
        """How many there are."""
        return self.seen + sum(self.equivalent.values()) + self.unexplained


@dataclass(frozen=True, slots=True)
class Oracle:
    """The last proof of the suite that made a record; `digest` is that of the kill matrix."""

    digest: str
    faults: tuple[KnownFault, ...]
    mutants: Mutants

    @property
    def caught(self) -> int:
        """How many of the known faults the suite catches."""
        return sum(fault.caught for fault in self.faults)

    @property
    def sentence(self) -> str:
        """Say in one sentence what the suite catches."""
        return (
            f"This suite catches {self.caught} of {len(self.faults)} known faults, and sees "
            f"{self.mutants.seen} of {self.mutants.total} changes of single things in answers; "
            f"{_others(self.mutants)}."
        )


def _others(mutants: Mutants) -> str:
    equivalent = sum(mutants.equivalent.values())
    if mutants.unexplained:
        return f"{mutants.unexplained} of the others are not explained"
    return f"the other {equivalent} break no rule of UMA, each for a reason that is on record"
