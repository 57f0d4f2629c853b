"""A sequence diagram as plain values: lanes, and arrows between them in their order."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The roles of UMA 2.0 (Grant 1.3), from left to right as its figure has them."""

    REQUESTING_PARTY = "requesting party"
    CLIENT = "client"
    AUTHORIZATION_SERVER = "authorization server"
    RESOURCE_SERVER = "resource server"
    RESOURCE_OWNER = "resource owner"


class ArrowKind(StrEnum):
    """What an arrow stands for.

    A hand-over is not recorded itself: it follows from a value that one party was given and another
    one sent. What is outside happens beside the protocol, or is shown as one arrow for many.
    """

    REQUEST = "request"
    ANSWER = "answer"
    ASSESSMENT = "assessment"
    HANDOVER = "handover"
    OUTSIDE = "outside"


class Preset(StrEnum):
    """What a diagram leaves out: as the figure of the Grant, as those of FedAuthz, or nothing."""

    GRANT = "grant"
    FEDAUTHZ = "fedauthz"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Lane:
    """A party, with its name and its role; the role stands below a name that is not the role."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Arrow:
    """What goes from one lane to another, by their places.

    `lines` are what matters about it, `exchange` the number of the recorded exchange, 0 for none.
    `marks` are ids of the rows that it failed. `lost` says that no answer came, `quiet` that it is
    only shown to tell where something came from.
    """

    source: int
    target: int
    kind: ArrowKind
    lines: tuple[str, ...]
    exchange: int = 0
    marks: tuple[str, ...] = ()
    lost: bool = False
    quiet: bool = False
    both_ways: bool = False


@dataclass(frozen=True, slots=True)
class Diagram:
    """A sequence diagram; `note` says what it leaves out."""

    title: str
    lanes: tuple[Lane, ...]
    arrows: tuple[Arrow, ...]
    note: str = ""

    def told(self, arrow: Arrow) -> str:
        """Return an arrow as a sentence, for those who do not see it."""
        source, target = self.lanes[arrow.source].name, self.lanes[arrow.target].name
        parties = source if arrow.source == arrow.target else f"{source} to {target}"
        failed = f" (fails {', '.join(arrow.marks)})" if arrow.marks else ""
        return f"{parties}: {', '.join(arrow.lines)}{failed}"
