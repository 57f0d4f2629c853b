"""The steps of a walk: plain data that can be kept in a file and done again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

from uma_conformance.drivers.protocol import OWNER
from uma_conformance.jsonvalue import object_of, strings_of
from uma_conformance.trace import Exchange


class Action(StrEnum):
    """What a walk can do next."""

    REGISTER = "register"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    LIST = "list"
    ALLOW = "allow"
    WITHDRAW = "withdraw"
    ASK = "ask"
    VISIT = "visit"
    REDEEM = "redeem"
    INTROSPECT = "introspect"
    REFRESH = "refresh"
    REVOKE = "revoke"


class Kind(StrEnum):
    """What an answer of the token endpoint may hold that can be revoked (Grant 3.7)."""

    RPT = "RPT"
    REFRESH_TOKEN = "refresh token"  # noqa: S105 - the name of a thing
    PCT = "PCT"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. Things are named by the step that they come of: its `result`.

    A ticket goes by the name of its own step, or of the answer that it came with.
    """

    action: Action
    result: str = ""
    owner: str = OWNER
    resource: str = ""
    scopes: tuple[str, ...] = ()
    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    ticket: str = ""
    answer: str = ""
    client: str = ""
    party: str = ""
    rpt: str = ""
    pct: str = ""
    kind: str = ""
    by_visit: bool = False
    remember: bool = False

    def document(self) -> dict[str, object]:
        """Return the step as JSON values; what is not said is left out."""
        found: dict[str, object] = {"action": str(self.action)}
        for item in fields(self):
            value: object = getattr(self, item.name)
            if item.name == "wanted":
                value = {name: list(scopes) for name, scopes in self.wanted.items()}
            elif isinstance(value, tuple):
                value = list(self.scopes)
            if value and item.name != "action" and (item.name, value) != ("owner", OWNER):
                found[item.name] = value
        return found

    @classmethod
    def of(cls, document: Mapping[str, object]) -> "Step":
        """Return the step that JSON values describe; they are known to be of the right form."""
        texts = {
            name: str(value)
            for name, value in document.items()
            if isinstance(value, str) and name != "action"
        }
        return cls(
            Action(str(document["action"])),
            scopes=tuple(strings_of(document.get("scopes"))),
            wanted={
                name: tuple(strings_of(scopes))
                for name, scopes in object_of(document.get("wanted")).items()
            },
            by_visit=document.get("by_visit") is True,
            remember=document.get("remember") is True,
            **texts,
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """A step with what came of it: its last exchange, and facts that no exchange shows.

    `exchange` is None where the driver acted on its own.
    """

    step: Step
    exchange: Exchange | None = None
    facts: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def seconds(self) -> float:
        """When it was begun, from the start of the run."""
        return self.exchange.started if self.exchange else 0.0

    @property
    def until(self) -> float:
        """When it was through, from the start of the run."""
        return self.seconds + (self.exchange.seconds if self.exchange else 0.0)
