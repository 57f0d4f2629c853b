"""The account of a request in plain words, with its secrets told apart and not shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from uma_reference.client import Event, Narrator

_MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Members:
    """What a message held: a heading, and names with their values."""

    heading: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step, and the messages that belong to it."""

    text: str
    messages: tuple[Members, ...] = ()


class Story:
    """Observes a client and keeps what it tells; of a long story the last part."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._narrator = Narrator(self._lines.append, members=True)
        self._steps: list[Step] = []
        self._left_out = 0

    @property
    def steps(self) -> Sequence[Step]:
        """What has been told."""
        return tuple(self._steps)

    @property
    def left_out(self) -> int:
        """How many steps at the beginning were left out."""
        return self._left_out

    def __call__(self, told: Event) -> None:
        """Keep an event."""
        self._lines.clear()
        self._narrator(told)
        title = self._lines[0]
        if title.startswith(" ") and self._steps:
            last = self._steps[-1]
            pairs = tuple(_pair(line) for line in self._lines[1:])
            members = Members(title.strip().removesuffix(":"), pairs)
            self._steps[-1] = Step(last.text, (*last.messages, members))
            return
        self._steps.append(Step(title.strip()))
        if len(self._steps) > _MOST_STEPS:
            del self._steps[0]
            self._left_out += 1


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.strip().partition(": ")
    return name, value
