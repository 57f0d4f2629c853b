"""What the model knows in the middle of a walk; where it cannot know, it says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from uma_conformance.drivers.protocol import Policy

# By identifier, the scopes that may be granted at most; None where anything may be.
Bounds = dict[str, frozenset[str] | None]
# Who somebody is, and whether she said so at the claims interaction endpoint or by pushed claims.
Proof = tuple[str, bool]
# Tickets and tokens may end by themselves; within so many seconds they have no reason to, unless
# the server says that they last for less.
YOUNG = 3.0


@dataclass(frozen=True, slots=True)
class Violation:
    """What a step broke: the rows, and what was seen.

    After one that is `bearable`, what the target still has to do is as clear as before.
    """

    rows: tuple[str, ...]
    message: str
    bearable: bool = False


class Standing(StrEnum):
    """Whether a resource is registered."""

    LIVE = "live"
    GONE = "gone"
    UNSURE = "unsure"


class Use(StrEnum):
    """Whether a ticket is still good, and if not, where it was presented (Grant 5.5)."""

    FRESH = "fresh"
    SPENT = "spent"
    SHOWN = "shown at the claims page"
    UNSURE = "unsure"


class Source(StrEnum):
    """What a ticket came from."""

    PERMISSION = "permission endpoint"
    NEED_INFO = "need_info"
    SUBMITTED = "request_submitted"
    VISIT = "visit"


@dataclass(slots=True)
class Resource:
    """A resource. `sure` are policies that have to count, `maybe` those that may.

    `maybe` is None until the owner speaks: a server may permit by default (Grant 5.6). What an
    update leaves of the policies is nowhere said.
    """

    id: str
    owner: str
    name: str
    scopes: frozenset[str]
    standing: Standing = Standing.LIVE
    version: int = 0
    sure: tuple[Policy, ...] = ()
    maybe: tuple[Policy, ...] | None = None

    def granted(self, proofs: Iterable[Proof]) -> frozenset[str]:
        """Return the scopes that have to be granted on this proof."""
        held = set(proofs)
        return _scopes(policy for policy in self.sure if (policy.party, policy.by_visit) in held)

    def bound(self, parties: Iterable[str]) -> frozenset[str] | None:
        """Return the scopes that may be granted to parties at most, None for any."""
        if self.maybe is None or self.standing is not Standing.LIVE:
            return None
        held = set(parties)
        return _scopes(policy for policy in self.maybe if policy.party in held)


def _scopes(policies: Iterable[Policy]) -> frozenset[str]:
    return frozenset(scope for policy in policies for scope in policy.scopes)


@dataclass(slots=True)
class Ticket:
    """A permission ticket: what for, for whom, and what was proved on the way to it."""

    value: str
    wanted: Mapping[str, frozenset[str]]
    versions: Mapping[str, int]
    at: float
    source: Source = Source.PERMISSION
    client: str = ""
    proofs: frozenset[Proof] = frozenset()
    use: Use = Use.FRESH


@dataclass(frozen=True, slots=True)
class Moment:
    """How often policies or resources, and tokens, had changed; and the time, in seconds."""

    policies: int
    tokens: int
    at: float


@dataclass(slots=True)
class Rpt:
    """An RPT: what it may permit at most and has to permit at least.

    It lasts for `lasts` seconds at least, as far as anybody knows.
    `issued` is what it was allowed when it was issued, `bounds` what it was at any time since.
    `wanted` are the resources of the ticket, of which `nothing` may be allowed at all. `carried` is
    what an RPT that was sent along permitted; `foreign` if that was another client's.
    """

    client: str
    parties: frozenset[str]
    since: Moment
    issued: Bounds
    bounds: Bounds
    lasts: float = YOUNG
    least: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    kept: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    wanted: frozenset[str] = frozenset()
    nothing: bool = False
    carried: Bounds | None = None
    foreign: bool = False
    upgraded: bool = False
    refreshed: bool = False
    looked_at: bool = False
    revoked: bool = False


@dataclass(slots=True)
class RefreshToken:
    """A refresh token with what the RPT beside it was allowed."""

    since: Moment
    issued: Bounds
    parties: frozenset[str]
    used: bool = False
    revoked: bool = False


@dataclass(slots=True)
class Pct:
    """A PCT: whose client's it is, and about whom."""

    client: str
    parties: frozenset[str]
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the token endpoint, with the (replaced) values that came in it."""

    client: str
    rpt: str = ""
    refresh_token: str = ""
    pct: str = ""


@dataclass(slots=True)
class World:
    """Everything that is known. When a target gave no clear answer, all is `lost`."""

    resources: dict[str, Resource] = field(default_factory=dict[str, Resource])
    tickets: dict[str, Ticket] = field(default_factory=dict[str, Ticket])
    answers: dict[str, Answer] = field(default_factory=dict[str, Answer])
    rpts: dict[str, Rpt] = field(default_factory=dict[str, Rpt])
    refresh_tokens: dict[str, RefreshToken] = field(default_factory=dict[str, RefreshToken])
    pcts: dict[str, Pct] = field(default_factory=dict[str, Pct])
    refused: set[object] = field(default_factory=set[object])
    policy_changes: int = 0
    token_changes: int = 0
    lost: bool = False

    def now(self, at: float) -> Moment:
        """Return this moment."""
        return Moment(self.policy_changes, self.token_changes, at)

    def quiet(self, since: Moment, at: float, lasts: float = YOUNG) -> bool:
        """Tell whether nothing has happened since a moment that could end or change a token."""
        return self.now(at) == Moment(since.policies, since.tokens, at) and at - since.at < lasts

    def bounds(self, parties: Iterable[str]) -> Bounds:
        """Return what parties may be granted at most, now."""
        held = frozenset(parties)
        return {item.id: item.bound(held) for item in self.resources.values()}


def united(one: Bounds, other: Bounds) -> Bounds:
    """Return bounds that allow what either allows; what one does not speak of, the other tells."""
    found = dict(one)
    for name, scopes in other.items():
        before = found.get(name, frozenset[str]())
        found[name] = None if before is None or scopes is None else before | scopes
    return found
