"""The part of a run record that holds packs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The record holds packs, so it is not there yet when they are defined.
    from uma_reports.record import Outcome, Severity


@dataclass(frozen=True, slots=True)
class PackSource:
    """What a row of a pack rests on, and where that is published."""

    title: str
    link: str


@dataclass(frozen=True, slots=True)
class PackRowResult:
    """One row of a pack with what the run found out about it; its members are those of a `Row`."""

    id: str
    severity: "Severity"
    statement: str
    rests_on: tuple[PackSource, ...]
    consequence: str
    outcome: "Outcome"
    message: str
    remarks: tuple[str, ...]
    checks: tuple[str, ...]
    exchanges: tuple[int, ...]

    @property
    def failed(self) -> bool:
        """Whether it was seen to be broken."""
        return self.outcome == "failed"

    @property
    def decides(self) -> bool:
        """Whether it is an error row, one that makes its pack fail."""
        return self.severity == "error"


@dataclass(frozen=True, slots=True)
class PackResult:
    """A pack that was asked for, with all of its rows; `digest` is that of its file."""

    name: str
    title: str
    about: str
    digest: str
    rows: tuple[PackRowResult, ...]

    @property
    def failed(self) -> tuple[PackRowResult, ...]:
        """The error rows that failed."""
        return tuple(row for row in self.rows if row.failed and row.decides)

    @property
    def warnings(self) -> tuple[PackRowResult, ...]:
        """The warning rows that failed."""
        return tuple(row for row in self.rows if row.failed and row.severity == "warning")

    @property
    def still_open(self) -> tuple[PackRowResult, ...]:
        """The error rows about which nothing can be said."""
        return tuple(
            row for row in self.rows if row.decides and row.outcome in {"cant_tell", "untested"}
        )

    def number(self, outcome: "Outcome") -> int:
        """Return how many rows ended in an outcome."""
        return sum(row.outcome is outcome for row in self.rows)
