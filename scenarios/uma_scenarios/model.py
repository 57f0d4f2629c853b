"""What a scenario is: a cast, its resources and policies, and steps with what they have to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# Where a condition may take a claim from, beside identity providers: what the authorization server
# knows of a person who signs in there, and what she states herself.
ACCOUNT, SELF = "account", "self"


class Verb(StrEnum):
    """What can be done in a scenario."""

    SET_UP = "set-up"
    USE = "use"
    ASK = "ask"
    VISIT = "visit"
    REFRESH = "refresh"
    INTROSPECT = "introspect"
    REQUEST_TICKET = "request-ticket"
    WAIT = "wait"
    APPROVE = "approve"
    DENY = "deny"
    SHARE = "share"
    WITHDRAW = "withdraw"
    DEREGISTER = "deregister"
    STOP = "stop-as"
    START = "start-as"


class Ending(StrEnum):
    """How an act can end, in the words of the specifications where they have one."""

    DONE = "done"
    SERVED = "served"
    CHALLENGED = "challenged"
    UNREACHABLE = "unreachable"
    GONE = "gone"
    GRANTED = "granted"
    NEED_INFO = "need_info"
    REQUEST_SUBMITTED = "request_submitted"
    REQUEST_DENIED = "request_denied"
    INVALID_GRANT = "invalid_grant"
    CLAIMS_REFUSED = "claims_refused"
    INVALID_SCOPE = "invalid_scope"
    INVALID_RESOURCE_ID = "invalid_resource_id"
    RETURNED = "returned"
    SENT_BACK_WITH_ERROR = "sent_back_with_error"
    STAYED = "stayed"
    TICKET = "ticket"
    ACTIVE = "active"
    INACTIVE = "inactive"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Provider:
    """Who vouches for people: an identity provider; one that is not `trusted` does so in vain."""

    id: str
    issuer: str
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the cast.

    `claims` is what each provider says of her, by the provider's id. With an `account`, she can
    sign in at the authorization server, which then vouches for these claims.
    """

    id: str
    name: str
    about: str = ""
    claims: Mapping[str, Mapping[str, object]] = field(
        default_factory=dict[str, Mapping[str, object]]
    )
    account: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class ClientProgram:
    """A client; `scopes` are those that it is registered for, `visits` whether it sends people."""

    id: str
    name: str
    public: bool = False
    scopes: frozenset[str] = frozenset()
    visits: bool = False


@dataclass(frozen=True, slots=True)
class Server:
    """A resource server."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of an owner at a server: what is registered of it, and the document behind it.

    `read` and `write` are the scopes that reading and replacing it need; an empty one is not to be
    had. Whoever asks for it asks for the `related` ones too.
    """

    id: str
    owner: str
    server: str
    name: str
    type: str
    scopes: tuple[str, ...]
    document: object
    read: str = ""
    write: str = ""
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A claim that has to have one of some values, and whose word counts (`source`).

    `question` is what a requesting party reads who has to state it herself.
    """

    claim: str
    values: tuple[str, ...]
    source: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """What an owner permits: to whom, under which conditions, which scopes of which resources.

    `says` is the policy in plain words. `who` names the one person that it opens to. With `ask`
    the owner is asked each time. It ends `seconds` after the start; 0 is never. Policies that are
    not `standing` are set during the scenario.
    """

    id: str
    owner: str
    says: str
    who: str
    conditions: tuple[Condition, ...]
    grants: Mapping[str, frozenset[str]]
    ask: bool = False
    seconds: int = 0
    standing: bool = True

    @property
    def by_visit(self) -> bool:
        """Whether who it is can only be found out at the authorization server."""
        return any(item.source == ACCOUNT for item in self.conditions)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody does, and how it has to end.

    `who` acts with a `client`. `legal` are endings that the specifications allow beside `expect`.
    With `after`, it is done only if the act before ended so. What the others mean depends on the
    verb: `docs/scenarios.md` says it.
    """

    verb: Verb
    expect: Ending
    line: int = 0
    who: str = ""
    client: str = ""
    legal: frozenset[Ending] = frozenset()
    after: frozenset[Ending] = frozenset()
    resource: str = ""
    operation: str = "read"
    rpt: str = "latest"
    rpt_of: str = ""
    ticket: str = "latest"
    claims: tuple[str, ...] = ()
    pct: str = ""
    upgrade: bool = False
    scopes: tuple[str, ...] = ()
    remember: bool = False
    states: Mapping[str, str] = field(default_factory=dict[str, str])
    unregistered: bool = False
    policy: str = ""
    wants: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    seconds: int = 0
    permits: Mapping[str, frozenset[str]] | None = None
    at_least: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    never: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    gives_pct: bool | None = None
    hints: frozenset[str] = frozenset()

    @property
    def endings(self) -> frozenset[Ending]:
        """Every ending that is right."""
        return self.legal | {self.expect}

    @property
    def looks_into_rpt(self) -> bool:
        """Whether it says what an RPT has to permit, or must not."""
        return self.permits is not None or bool(self.at_least or self.never)


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the story: `tells` what happens, `why` it is decided so, `rows` that it shows.

    `present` are the owners who take part; nothing may be asked on behalf of any other owner's own.
    """

    id: str
    title: str
    tells: str
    why: str
    rows: tuple[str, ...]
    acts: tuple[Act, ...]
    present: frozenset[str] = frozenset()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole scenario; people, clients and the rest go by their ids."""

    id: str
    title: str
    summary: str
    owners: Mapping[str, Person]
    people: Mapping[str, Person]
    providers: Mapping[str, Provider]
    clients: Mapping[str, ClientProgram]
    servers: Mapping[str, Server]
    resources: Mapping[str, Resource]
    policies: Mapping[str, Policy]
    steps: tuple[Step, ...]
    rpt_seconds: int = 900
    source: str = ""

    @property
    def cast(self) -> Mapping[str, Person]:
        """Owners and requesting parties."""
        return {**self.people, **self.owners}

    @property
    def rows(self) -> tuple[str, ...]:
        """Every row that a step shows, each once."""
        return tuple(dict.fromkeys(row for step in self.steps for row in step.rows))
