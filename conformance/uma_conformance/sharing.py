"""One run for all processes of pytest-xdist: the first worker drives, the others hear of it.

A target can be driven once at a time. So one worker runs the probes and writes the reports, and
each of the others judges its share of the checks by the recording, which holds no secrets.
"""

import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from uma_conformance.catalogue import Catalogue, Role, load_catalogue
from uma_conformance.checks import Check
from uma_conformance.judge import Declaration
from uma_conformance.offline import declaration_of, evidence_of
from uma_conformance.session import Judgement, judge
from uma_conformance.trace import Evidence
from uma_reports import RunRecord, RunRecording, read_recording, write_run, write_text

_T = TypeVar("_T")
_FIRST = "gw0"
_PROBLEM = ".txt"


class NotDriven(Exception):  # noqa: N818 - what happened elsewhere
    """The worker that drives has no recording to give."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A run that another process has driven, as far as checks need it."""

    evidence: Evidence
    declaration: Declaration
    role: Role
    started: datetime
    catalogue: Catalogue = field(default_factory=load_catalogue)

    @classmethod
    def of(cls, recording: RunRecording) -> "Heard":
        """Return the run of a recording."""
        return cls(
            evidence_of(recording),
            declaration_of(recording.target),
            Role(recording.target.role),
            datetime.fromisoformat(recording.started),
        )

    def judge(self, check: Check) -> Judgement:
        """Judge the recording with one check."""
        return judge(check, self.evidence, self.declaration)


@dataclass(frozen=True, slots=True)
class Worker:
    """One of the processes of a session; `folder` is where they leave things for each other."""

    name: str
    count: int
    folder: Path

    @classmethod
    def of(cls, given: Mapping[str, object]) -> "Worker":
        """Return the worker that pytest-xdist describes in this way."""
        folder = Path(tempfile.gettempdir()) / f"uma2-{given['testrunuid']}"
        return cls(str(given["workerid"]), int(str(given["workercount"])), folder)

    @property
    def drives(self) -> bool:
        """Whether it is this one that drives the target."""
        return self.name == _FIRST

    def tell(self, record: RunRecord) -> None:
        """Give each other worker the recording."""
        for place in self._others():
            write_run(record, place)

    def tell_problem(self, problem: str) -> None:
        """Tell each other worker why there is no recording."""
        for place in self._others():
            write_text(problem, place.with_suffix(_PROBLEM))

    def heard(self, seconds: float) -> Heard:
        """Wait for the recording; raise `NotDriven` if there will be none, or after that time."""
        place = self.folder / f"{self.name}.json"
        problem = place.with_suffix(_PROBLEM)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if place.exists():
                return self._taken(place, lambda: Heard.of(read_recording(place)))
            if problem.exists():
                raise NotDriven(self._taken(problem, lambda: problem.read_text("utf-8")))
            time.sleep(0.05)
        raise NotDriven(f"no recording came from worker {_FIRST} within {seconds:g} seconds")

    def _others(self) -> list[Path]:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        names = (f"gw{number}" for number in range(self.count))
        return [self.folder / f"{name}.json" for name in names if name != self.name]

    def _taken(self, place: Path, read: Callable[[], _T]) -> _T:
        found = read()
        place.unlink()
        # The last one to leave takes the folder away.
        with suppress(OSError):
            self.folder.rmdir()
        return found
