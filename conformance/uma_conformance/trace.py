"""The recording that checks judge: exchanges in order, grouped into one episode per probe.

Everything in here is already redacted: secrets stand as pseudonyms that are equal when the secrets
were equal. Nothing in here sends anything.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from uma_conformance.jsonvalue import object_of
from uma_conformance.outcome import Outcome


class FailureKind(StrEnum):
    """Why an exchange has no response."""

    TIMEOUT = "timeout"
    CONNECTION = "connection"
    TLS = "tls"
    PROTOCOL = "protocol"


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that got no usable HTTP response."""

    kind: FailureKind
    message: str


@dataclass(frozen=True, slots=True)
class Request:
    """What an actor sent."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back; `truncated` when the body was longer than the limit of the run."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str = ""
    truncated: bool = False


@dataclass(frozen=True)
class Exchange:
    """One HTTP request and its response; `started` counts seconds from the start of the run.

    What is parsed is kept, as many checks look at the same exchange; so it has no slots.
    """

    number: int
    probe: str
    label: str
    purpose: str
    sender: str
    receiver: str
    endpoint: str
    request: Request
    response: Response | None
    failure: Failure | None = None
    started: float = 0.0
    seconds: float = 0.0

    @property
    def status(self) -> int:
        """The HTTP status, or 0 when there was no response."""
        return self.response.status if self.response else 0

    @property
    def answered(self) -> bool:
        """Whether a response came back at all."""
        return self.response is not None

    @property
    def succeeded(self) -> bool:
        """Whether the status is one of 2xx."""
        return 200 <= self.status < 300

    @property
    def outline(self) -> str:
        """The answer in a few words, for messages."""
        if self.response is None:
            return f"no answer ({self.failure.kind})" if self.failure else "no answer"
        code = self.error
        return f"status {self.status}" + (f" with error {code!r}" if code else "")

    def headers(self, name: str) -> tuple[str, ...]:
        """All values of a response header, its name compared without case."""
        if self.response is None:
            return ()
        return tuple(value for key, value in self.response.headers if key.lower() == name.lower())

    @cached_property
    def media_type(self) -> str:
        """The media type of the response, lower case, without its parameters."""
        values = self.headers("content-type")
        return values[0].partition(";")[0].strip().lower() if values else ""

    @cached_property
    def json(self) -> object:
        """The parsed body; `NOT_JSON` when there is none or it cannot be parsed."""
        if self.response is None or self.response.truncated:
            return NOT_JSON
        return parse_json(self.response.body)

    @property
    def members(self) -> Mapping[str, object]:
        """The members of the response's JSON object; empty when the body is no JSON object."""
        return object_of(self.json)

    @property
    def error(self) -> str:
        """The value of the `error` member if it is a string, else empty."""
        value = self.members.get("error")
        return value if isinstance(value, str) else ""

    @cached_property
    def form(self) -> Mapping[str, str]:
        """The parameters of a form-encoded request; the last one of each name."""
        from urllib.parse import parse_qsl  # noqa: PLC0415 - only form posts need it

        return dict(parse_qsl(self.request.body, keep_blank_values=True))


class NotJson:
    """Stands for a body that is not JSON; its only instance is `NOT_JSON`."""


NOT_JSON = NotJson()


def parse_json(text: str) -> object:
    """Parse JSON text strictly: `NOT_JSON` for anything else, also for NaN and deep nesting.

    So are numbers that no usual receiver can hold, such as 1e999999 or one of ten thousand digits:
    RFC 8259 section 6 lets receivers set limits, and no reader of such an answer gets far. The same
    goes for halves of surrogate pairs (section 8.2), which are no characters.
    """
    try:
        value: object = json.loads(
            text, parse_constant=_refuse_constant, parse_float=_finite_number
        )
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return NOT_JSON
    return value


def _finite_number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(f"{digits[:20]} is out of range")
    return value


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON value")


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a probe could not record all of its steps."""

    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Episode:
    """What one probe recorded: exchanges by label, facts measured on the way, and how it ended."""

    probe: str
    steps: Mapping[str, Exchange] = field(default_factory=dict[str, Exchange])
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The whole trace of a run: all exchanges in order, and the episodes by probe."""

    exchanges: tuple[Exchange, ...] = ()
    episodes: Mapping[str, Episode] = field(default_factory=dict[str, Episode])

    def of_packs(self, *packs: str) -> "Evidence":
        """Return what the probes of these packs recorded; the empty name stands for UMA itself."""
        if not any(pack_of(name) for name in self.episodes):
            return self
        return Evidence(
            tuple(item for item in self.exchanges if pack_of(item.probe) in packs),
            {name: item for name, item in self.episodes.items() if pack_of(name) in packs},
        )

    def followed_by(self, later: "Evidence") -> "Evidence":
        """Return this trace with what another one recorded after it."""
        if not later.exchanges and not later.episodes:
            return self
        return Evidence((*self.exchanges, *later.exchanges), {**self.episodes, **later.episodes})

    def at(self, *endpoints: str) -> Iterator[Exchange]:
        """Yield the answered exchanges at any of these endpoints, in order."""
        for exchange in self.exchanges:
            if exchange.endpoint in endpoints and exchange.answered:
                yield exchange


def pack_of(probe: str) -> str:
    """Return the pack that a probe of this name belongs to; empty for one of UMA itself."""
    pack, separator, _ = probe.partition("/")
    return pack if separator else ""
