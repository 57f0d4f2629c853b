"""A model of what lives for how long and who may do what, and the wire beside it.

The model knows nothing of the server: it has names, times and sets, and goes by the requirements.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import httpx
import pytest

Pair = tuple[str, str]
TICKET, RPT, PCT, REFRESH = 300, 600, 900, 1500


@dataclass
class Rule:
    """A policy: some scopes for one party, or for anybody whom the owner lets in when asked."""

    id: str
    resource: str
    scopes: frozenset[str]
    party: str
    ask: bool
    ends: int


@dataclass
class Asking:
    """What an owner was asked."""

    id: str
    question: str
    party: str
    wanted: tuple[tuple[str, frozenset[str]], ...]
    standing: str = "pending"


@dataclass
class Process:
    """A ticket, and what the authorization process that it belongs to has come to."""

    ticket: str
    wanted: tuple[tuple[str, frozenset[str]], ...]
    ends: int
    client: str = ""
    party: str = ""
    asking: Asking | None = None

    @property
    def pairs(self) -> list[Pair]:
        return [(resource, scope) for resource, scopes in self.wanted for scope in sorted(scopes)]


@dataclass
class Grant:
    """An RPT with its refresh token, and the policies behind each scope of each resource.

    Permissions end at `until`. Of an upgraded one the model knows only what it may show at most.
    """

    client: str
    party: str
    rpt: str
    refresh: str
    ends: int
    refresh_ends: int
    basis: dict[Pair, frozenset[str]]
    until: dict[str, int]
    upgraded: bool = False


@dataclass
class Remembered:
    """A PCT: whose claims, for which client."""

    client: str
    party: str
    ends: int


@dataclass
class Model:
    """Everything that is, at a time."""

    time: int = 1_000_000
    resources: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    gone: list[str] = field(default_factory=list[str])
    rules: dict[str, Rule] = field(default_factory=dict[str, Rule])
    askings: list[Asking] = field(default_factory=list[Asking])
    processes: list[Process] = field(default_factory=list[Process])
    grants: list[Grant] = field(default_factory=list[Grant])
    pcts: dict[str, Remembered] = field(default_factory=dict[str, Remembered])
    spent_tickets: list[str] = field(default_factory=list[str])
    dead_rpts: list[str] = field(default_factory=list[str])
    dead_refreshes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def start(self, ticket: str, wanted: dict[str, frozenset[str]]) -> None:
        self.processes.append(Process(ticket, tuple(wanted.items()), self.time + TICKET))

    def follow(self, process: Process, ticket: str, client: str, party: str) -> None:
        """Go on with a process by the ticket that its client was given."""
        self.spent_tickets.append(process.ticket)
        ends, asking = self.time + TICKET, process.asking
        self.processes.append(Process(ticket, process.wanted, ends, client, party, asking))

    def question(self, process: Process, client: str, party: str) -> str:
        """Return the question to the owner, which is put once as long as it is open."""
        return repr((client, party, [(r, sorted(s)) for r, s in self.askable(process)]))

    def issue(
        self, client: str, party: str, rpt: str, refresh: str, basis: dict[Pair, frozenset[str]]
    ) -> Grant:
        until = {
            resource: self.until(names for pair, names in basis.items() if pair[0] == resource)
            for resource, _ in basis
        }
        times = (self.time + RPT, self.time + REFRESH)
        self.grants.append(Grant(client, party, rpt, refresh, *times, basis, until))
        return self.grants[-1]

    def refreshed(self, grant: Grant, rpt: str, refresh: str) -> None:
        """Replace an RPT and its refresh token; nothing is assessed, so nothing is added."""
        basis, times = self.left(grant), (self.time + RPT, self.time + REFRESH)
        self.end(grant, refresh=True)
        made = replace(grant, rpt=rpt, refresh=refresh, basis=basis)
        made.ends, made.refresh_ends = times
        self.grants.append(made)

    def upgrade(self, old: Grant, new: Grant) -> None:
        """Add what an RPT still gave to the one that replaces it."""
        for pair, names in self.left(old).items():
            new.basis[pair] = names | new.basis.get(pair, frozenset())
            new.until[pair[0]] = max(old.until[pair[0]], new.until.get(pair[0], 0))
        new.upgraded = True
        self.end(old, refresh=True)

    def share(
        self, policy: str, resource: str, scopes: frozenset[str], party: str, ends: int
    ) -> None:
        self.rules[policy] = Rule(policy, resource, scopes, party, not party, ends)

    def ask(
        self,
        request: str,
        question: str,
        party: str,
        wanted: tuple[tuple[str, frozenset[str]], ...],
    ) -> Asking:
        """Return the open question of an owner, a new one if it is not put yet."""
        known = [item for item in self.askings if item.id == request]
        assert all(item.question == question for item in known)
        if not known:
            self.askings.append(Asking(request, question, party, wanted))
        return (known or self.askings[-1:])[0]

    def now(self) -> int:
        """Return the time, for the server too: it stands still unless it is moved."""
        return self.time

    def operative(self, rule: Rule) -> bool:
        return rule.ends == 0 or rule.ends > self.time

    def givers(self, pair: Pair, party: str) -> frozenset[str]:
        """Return the policies that give a party a scope of a resource by themselves."""
        resource, scope = pair
        return frozenset(
            rule.id
            for rule in self.rules.values()
            if rule.resource == resource
            and scope in rule.scopes
            and not rule.ask
            and rule.party == party
            and self.operative(rule)
        )

    def granted(self, process: Process, party: str) -> dict[Pair, frozenset[str]]:
        """Return what can be granted now, with the policies behind it."""
        found = {
            pair: self.givers(pair, party)
            for pair in process.pairs
            if pair[1] in self.resources.get(pair[0], frozenset())
        }
        return {pair: givers for pair, givers in found.items() if givers}

    def until(self, basis: Iterable[frozenset[str]]) -> int:
        """Return when the first of some policies ends; never is far away."""
        ends = [self.rules[name].ends for names in basis for name in names]
        return min((end for end in ends if end), default=10**12)

    def askable(self, process: Process) -> tuple[tuple[str, frozenset[str]], ...]:
        """Return what the owner wants to be asked about."""
        found: list[tuple[str, frozenset[str]]] = []
        for resource, scopes in process.wanted:
            asked = frozenset(
                scope
                for rule in self.rules.values()
                if rule.resource == resource and rule.ask and self.operative(rule)
                for scope in scopes & rule.scopes & self.resources.get(resource, frozenset())
            )
            if asked:
                found.append((resource, asked))
        return tuple(found)

    def refusal(self, process: Process, party: str) -> str:
        """Return the error of a process to which nothing can be granted."""
        if process.asking and process.asking.standing == "pending":
            return "request_submitted"
        if process.asking and process.asking.standing == "denied":
            return "request_denied"
        askable = self.askable(process)
        known = dict(process.asking.wanted) if process.asking else {}
        if askable and all(scopes <= known.get(name, frozenset()) for name, scopes in askable):
            # She said yes, and took it back or let it end: in this process that was her answer.
            return "request_denied"
        if askable:
            return "request_submitted" if party else "need_info"
        helpful = any(
            rule.party and resource == rule.resource and scope in rule.scopes
            for resource, scope in process.pairs
            if scope in self.resources.get(resource, frozenset())
            for rule in self.rules.values()
            if self.operative(rule)
        )
        return "need_info" if helpful and not party else "request_denied"

    def shown(self, grant: Grant) -> dict[str, set[str]]:
        """Return what introspection may show of an RPT."""
        found: dict[str, set[str]] = {}
        if grant.ends > self.time:
            for resource, scope in self.left(grant):
                found.setdefault(resource, set()).add(scope)
        return found

    def left(self, grant: Grant) -> dict[Pair, frozenset[str]]:
        """Return what is left of a grant: neither ended nor withdrawn."""
        return {
            pair: behind
            for pair, behind in grant.basis.items()
            if grant.until[pair[0]] > self.time
            and any(name in self.rules and self.operative(self.rules[name]) for name in behind)
        }

    def end(self, grant: Grant, *, refresh: bool) -> None:
        """End an RPT and, unless only the RPT was revoked, its refresh token."""
        self.dead_rpts.append(grant.rpt)
        if refresh:
            self.grants.remove(grant)
            self.dead_refreshes.append((grant.refresh, grant.client))
        else:
            grant.ends = 0

    def remember(self, pct: str, client: str, party: str) -> None:
        self.pcts[pct] = Remembered(client, party, self.time + PCT)

    def drop_resource(self, resource: str) -> None:
        """Deregister a resource; its policies go with it."""
        del self.resources[resource]
        self.gone.append(resource)
        for name in [rule.id for rule in self.rules.values() if rule.resource == resource]:
            del self.rules[name]


class Wire:
    """Speaks to the server for everybody, and judges nothing but what holds always."""

    def __init__(self, http: httpx.Client, model: Model) -> None:
        self.http, self.model = http, model
        form = {"grant_type": "client_credentials", "scope": "uma_protection"}
        answer = http.post("/token", data=form, auth=("rs-alice", "rs-alice-secret"))
        self.pat = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def protection(self, method: str, place: str, body: object = None) -> httpx.Response:
        return self.http.request(method, place, json=body, headers=self.pat)

    def owner(self, method: str, place: str, body: object = None) -> httpx.Response:
        auth = ("alice", "alice-password")
        return self.http.request(method, f"/owner/{place}", json=body, auth=auth)

    def token(self, client: str, **form: str) -> httpx.Response:
        return self.http.post("/token", data=form, auth=(client, f"{client}-secret"))

    def refresh(self, client: str, token: str) -> httpx.Response:
        return self.token(client, grant_type="refresh_token", refresh_token=token)

    def revoke(self, client: str, **form: str) -> None:
        answer = self.http.post("/revoke", data=form, auth=(client, f"{client}-secret"))
        assert answer.status_code == 200

    def shown(self, rpt: str) -> dict[str, set[str]]:
        """Introspect, and see to it that no permission outlives its token (F-5.1.1-12)."""
        members = self.http.post("/introspect", data={"token": rpt}, headers=self.pat).json()
        found = members.get("permissions", [])
        assert members["active"] == bool(found)
        assert all(self.model.now() < item["exp"] <= members["exp"] for item in found)
        return {item["resource_id"]: set(item["resource_scopes"]) for item in found}


@pytest.fixture
def wire_of() -> Callable[[httpx.Client, Model], Wire]:
    return Wire


@pytest.fixture
def model_of() -> Callable[[], Model]:
    return Model
