"""What the client tells an observer about each step, without letting secrets out by accident."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that may be told apart from others, but not shown."""

    kind: str
    value: str = field(repr=False)


Detail = str | Secret


@dataclass(frozen=True, slots=True)
class Event:
    """A step in plain words; `{name}` in `title` stands for the detail of that name.

    With `members`, it only heads the members of a message, which are its details.
    """

    title: str
    details: tuple[tuple[str, Detail], ...] = ()
    members: bool = False


Observer = Callable[[Event], None]

SECRET_KINDS = {
    "access_token": "RPT",
    "rpt": "RPT",
    "old": "RPT",
    "ticket": "ticket",
    "spent": "ticket",
    "pct": "PCT",
    "refresh_token": "refresh token",
    "claim_token": "claim token",
    "client_secret": "client secret",
    "client_assertion": "client assertion",
    "registration_access_token": "registration token",
    "state": "state",
}


def event(title: str, **details: str) -> Event:
    """Make an event whose secret details, known by their names, are hidden."""
    return Event(title, tuple((name, detail(name, value)) for name, value in details.items()))


def detail(name: str, value: str) -> Detail:
    """Return a detail, hidden when its name is a secret's."""
    kind = SECRET_KINDS.get(name)
    return Secret(kind, value) if kind else value


class Narrator:
    """Writes events as lines; secrets become `ticket 1`, `ticket 2` and so on.

    With `members`, the details of each event follow it.
    """

    def __init__(self, write: Callable[[str], None], *, members: bool = False) -> None:
        self._write = write
        self._members = members
        self._names: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def __call__(self, told: Event) -> None:
        """Write an event; what only heads members goes with them."""
        if told.members and not self._members:
            return
        shown = {name: self._shown(value) for name, value in told.details}
        self._write(told.title.format_map(shown))
        if self._members:
            for name, value in shown.items():
                self._write(f"    {_printable(name)}: {value}")

    def _shown(self, value: Detail) -> str:
        if isinstance(value, str):
            return _printable(value)
        key = (value.kind, value.value)
        if key not in self._names:
            self._counts[value.kind] = self._counts.get(value.kind, 0) + 1
            self._names[key] = f"{value.kind} {self._counts[value.kind]}"
        return self._names[key]


def _printable(text: str) -> str:
    """Keep control characters of servers away from a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
