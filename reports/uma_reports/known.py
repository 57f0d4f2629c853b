"""Known failures, and how they stand after a run: the model that the run record keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class EntryStanding(StrEnum):
    """How an entry of a baseline stands after a run; all but the first two fail the run."""

    KNOWN = "known failure"
    SET_ASIDE = "set aside"
    UNEXPECTED = "unexpected pass"
    EXPIRED = "expired"
    STALE = "stale"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """A row that may fail until the end of a day (UTC), and why; `link` may be empty.

    `pack` names the pack that the row is of; it is empty for a row of UMA.
    """

    row: str
    reason: str
    expires: date
    link: str = ""
    pack: str = ""


@dataclass(frozen=True, slots=True)
class BaselineEntry:
    """A known failure with how it stands after a run."""

    failure: KnownFailure
    standing: EntryStanding
    message: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known failures of a file as they stand after a run, and the exit status with them.

    `on` is the day on which they were looked at, `digest` that of the file.
    """

    source: str
    digest: str
    on: date
    entries: tuple[BaselineEntry, ...]
    exit_status: int

    @property
    def known(self) -> Mapping[str, BaselineEntry]:
        """The entries that cover a failure, by row."""
        return {
            entry.failure.row: entry
            for entry in self.entries
            if entry.standing is EntryStanding.KNOWN
        }

    @property
    def problems(self) -> tuple[BaselineEntry, ...]:
        """The entries that fail the run."""
        fine = {EntryStanding.KNOWN, EntryStanding.SET_ASIDE}
        return tuple(item for item in self.entries if item.standing not in fine)

    @property
    def set_aside(self) -> tuple[BaselineEntry, ...]:
        """The entries about packs that the run was not asked for."""
        return tuple(item for item in self.entries if item.standing is EntryStanding.SET_ASIDE)
