"""Reading configuration documents: every error names the member that is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn, cast


class ConfigError(Exception):
    """The configuration cannot be used; the message names the member and what it has to be."""


@dataclass(slots=True)
class _Use:
    """What was read of one object; `whole` when all of it was taken as it is."""

    members: Mapping[str, object]
    names: set[str] = field(default_factory=set[str])
    whole: bool = False


class Reader:
    """Reads members of a JSON object and says where they stand when they are wrong.

    Readers of objects inside belong to the same document: `refuse_others` looks at all of them.
    """

    def __init__(self, value: object, path: str = "", uses: dict[str, _Use] | None = None) -> None:
        if not isinstance(value, dict):
            raise ConfigError(f"{path or 'the configuration'}: it has to be a JSON object")
        self.path = path
        self._uses = uses if uses is not None else {}
        self._use = self._uses.setdefault(path, _Use(cast("Mapping[str, object]", value)))

    @property
    def members(self) -> Mapping[str, object]:
        """Every member, whatever its name."""
        self._use.whole = True
        return self._use.members

    def refuse_others(self) -> None:
        """Raise the error about a member that nothing has looked at: its name may be mistyped."""
        for path, use in self._uses.items():
            others = sorted(use.members.keys() - use.names)
            if others and not use.whole:
                where = f"{path}.{others[0]}" if path else others[0]
                known = ", ".join(sorted(use.names))
                raise ConfigError(f"{where}: nothing uses this member; used here are {known}")

    def get(self, name: str) -> object:
        """Return a member, `None` when it is not there."""
        self._use.names.add(name)
        return self._use.members.get(name)

    def where(self, name: str) -> str:
        """Return where a member stands, for messages."""
        return f"{self.path}.{name}" if self.path else name

    def text(self, name: str, standard: str | None = None) -> str:
        """Return a non-empty string."""
        value = self.get(name)
        if value is None and standard is not None:
            return standard
        if not isinstance(value, str) or not value:
            raise ConfigError(f"{self.where(name)}: it has to be a non-empty string")
        return value

    def seconds(self, name: str, standard: int) -> int:
        """Return a whole number above 0."""
        value = self.get(name)
        if value is None:
            return standard
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            raise ConfigError(f"{self.where(name)}: it has to be a whole number above 0")
        return value

    def flag(self, name: str, *, standard: bool) -> bool:
        """Return true or false."""
        value = self.get(name)
        if value is None:
            return standard
        if not isinstance(value, bool):
            raise ConfigError(f"{self.where(name)}: it has to be true or false")
        return value

    def texts(self, name: str) -> frozenset[str]:
        """Return the strings of an array."""
        return frozenset(
            item if isinstance(item, str) else self.fail(name, "it has to hold strings")
            for item in self.array(name)
        )

    def array(self, name: str) -> Sequence[object]:
        """Return an array, empty when it is not there."""
        value = self.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.fail(name, "it has to be an array")
        return cast("Sequence[object]", value)

    def child(self, name: str) -> "Reader":
        """Return a reader of the object in a member."""
        value = self.get(name)
        return Reader({} if value is None else value, self.where(name), self._uses)

    def children(self, name: str) -> "list[Reader]":
        """Return readers of the objects in an array."""
        return [
            Reader(item, f"{self.where(name)}[{index}]", self._uses)
            for index, item in enumerate(self.array(name))
        ]

    def fail(self, name: str, reason: str) -> NoReturn:
        """Raise the error about a member."""
        raise ConfigError(f"{self.where(name)}: {reason}")

    def choice(self, name: str, known: Sequence[str], standard: str) -> str:
        """Return one of some values."""
        value = self.text(name, standard)
        if value not in known:
            self.fail(name, f"{value!r} is none of {', '.join(known)}")
        return value
