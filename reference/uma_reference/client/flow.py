"""The state of one flow, from the first resource request to its end."""

from dataclasses import dataclass, field
from enum import StrEnum

from uma_reference.client.events import Event
from uma_reference.client.holdings import HeldPct, HeldRpt
from uma_reference.client.messages import HttpRequest
from uma_reference.client.metadata import ServerMetadata
from uma_reference.client.steps import Step
from uma_reference.opaque import digest


class Stage(StrEnum):
    """What a flow waits for."""

    RESOURCE = "resource"
    DISCOVERY = "discovery"
    IDENTITY = "identity"
    CLAIMS = "claims"
    TOKEN = "token"  # noqa: S105 - a stage, no secret
    REFRESH = "refresh"
    USER = "user"
    APPROVAL = "approval"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Options:
    """How the client behaves.

    `claims_redirect_uri` is where requesting parties come back; empty when there is no end-user.
    `scope` are scopes to ask for beside those of the ticket. `proactive` sends the requesting party
    to the claims interaction endpoint before the first token request, `push_first` pushes a claim
    token with it. With `issuers`, the client deals with these authorization servers only, whatever
    a resource server names; with `resource_servers`, it asks for resources at these origins only
    (written as `origin_of` does), whatever a person types or a server redirects to. Intervals are
    in seconds.
    """

    claims_redirect_uri: str = ""
    scope: tuple[str, ...] = ()
    proactive: bool = False
    push_first: bool = False
    issuers: tuple[str, ...] = ()
    resource_servers: tuple[str, ...] = ()
    http_on_loopback: bool = False
    interval: int = 5
    longest_interval: int = 300
    most_visits: int = 5
    most_rounds: int = 2
    most_redirects: int = 5


@dataclass(frozen=True, slots=True)
class Context:
    """What a transition needs from outside: the time, a fresh random value and the options."""

    now: int
    fresh: str = field(repr=False)
    options: Options = field(default_factory=Options)


@dataclass(frozen=True, slots=True)
class Flow:
    """One attempt to get one resource for one requesting party.

    `ticket` is the newest ticket as long as it is unused; of used ones there are digests only, in
    `spent`. `server` is the origin whose challenge the flow follows. `carried` is the RPT sent with
    the last resource request, `offered` the one given for upgrade.
    """

    stage: Stage
    request: HttpRequest
    party: str
    held: tuple[HeldRpt, ...] = field(default=(), repr=False)
    carried: str = field(default="", repr=False)
    offered: str = field(default="", repr=False)
    tried: tuple[str, ...] = field(default=(), repr=False)
    server: str = ""
    issuer: str = ""
    metadata: ServerMetadata | None = None
    client_id: str = ""
    ticket: str = field(default="", repr=False)
    spent: tuple[str, ...] = field(default=(), repr=False)
    pct: str = field(default="", repr=False)
    pushed: tuple[str, ...] = field(default=(), repr=False)
    redirect_user: str = field(default="", repr=False)
    state: str = field(default="", repr=False)
    refreshing: str = field(default="", repr=False)
    refreshed: bool = False
    restarted: bool = False
    first_request: bool = True
    visits: int = 0
    rounds: int = 0
    redirects: int = 0
    not_before: int = 0

    def held_as(self, value: str) -> HeldRpt | None:
        """Return what is known about an RPT."""
        return next((item for item in self.held if value and item.value == value), None)

    def is_spent(self, ticket: str) -> bool:
        """Tell whether a ticket was used in this flow (Grant 5.5)."""
        return digest(ticket) in self.spent


@dataclass(frozen=True, slots=True)
class KeepRpt:
    """Keep an RPT; it takes the place of `instead_of`."""

    rpt: HeldRpt
    instead_of: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class DropRpt:
    """Throw an RPT away."""

    rpt: HeldRpt


@dataclass(frozen=True, slots=True)
class KeepPct:
    """Keep a PCT instead of the one before."""

    pct: HeldPct


@dataclass(frozen=True, slots=True)
class DropPct:
    """Throw a PCT away."""

    pct: HeldPct


Effect = KeepRpt | DropRpt | KeepPct | DropPct | Event


@dataclass(frozen=True, slots=True)
class Move:
    """The result of a transition: the new state, what to do next, what to keep and to tell."""

    flow: Flow
    step: Step
    effects: tuple[Effect, ...] = ()

    def after(self, *effects: Effect) -> "Move":
        """Return the same move with effects before its own."""
        return Move(self.flow, self.step, (*effects, *self.effects))
