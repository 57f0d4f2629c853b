"""Resources, policies, tickets, RPTs, refresh tokens, PCTs, owners and time, in any order.

What the requirements say holds at every step; rules and invariants name their rows.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test
from starlette.types import ASGIApp

from uma_reference.authorization_server import Config, MemoryStore, SystemRandomness, create_app
from uma_reference.authorization_server.claims import Presentation
from uma_reference.authorization_server.model import Claims
from uma_reference.authorization_server.rules import Rules

if TYPE_CHECKING:
    from tests.reference.life_cycles.conftest import Grant, Model, Process, Wire
    from tests.reference.life_cycles.walk.conftest import Ending
else:
    Grant = Model = Process = Wire = Any
    Ending = object

UMA_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"
CLIENTS, PARTIES, SCOPES = ("client", "other"), ("bob", "carol"), ("view", "edit")
LIFETIMES = {
    "ticket_seconds": 300,
    "rpt_seconds": 600,
    "pct_seconds": 900,
    "refresh_seconds": 1500,
    "pat_seconds": 10**8,
}
# What the walk has to have met, or its invariants say little.
HAPPENINGS = (
    *("granted", "granted in part", "upgraded", "new pct", "claims by pct", "pct too late"),
    *("need_info", "request_denied", "request_submitted", "approved", "denied", "poll"),
    *("ticket again", "ticket of another client", "ticket too late", "revoked", "not revoked"),
    *("refreshed", "refresh again", "refresh of another client", "refresh too late"),
    *("refresh of nothing", "updated", "deleted", "gone resource", "gone scope", "rpt too late"),
    *("permission ended", "policy withdrawn", "revoked refresh", "revoked pct", "decided again"),
)
Transport = Callable[[ASGIApp], httpx.BaseTransport]
clients, parties, scopes = (st.sampled_from(names) for names in (CLIENTS, PARTIES, SCOPES))
scope_sets = st.frozensets(scopes, min_size=1)
# Which of several things is taken: a small number, by which any list can be asked.
which = st.integers(0, 11)
ways = st.sampled_from(("push", "pct", "both", "another"))

pytestmark = pytest.mark.long


def says(presented: Presentation, issuers: object, source: object) -> Claims:
    """Take a name for the claims of that party; signatures are tested elsewhere."""
    del issuers, source
    return Claims("https://identity.example", {"sub": presented.token})


class Lives(Ending):
    """What clients ask for and get, beside a model of what should come of it."""

    def take(self, number: int) -> Process | None:
        known = self.model.processes
        return known.pop(number % len(known)) if known else None

    @rule(number=which, scopes=scope_sets, more=st.none() | which)
    def ask(self, number: int, scopes: frozenset[str], more: int | None) -> None:
        """F-4-05, F-4.2-03, F-4.3-05: one ticket for just what is registered now."""
        names = {self.resource(place) for place in (number, more) if place is not None} - {""}
        wanted = [{"resource_id": name, "resource_scopes": sorted(scopes)} for name in names]
        if not wanted:
            return
        answer = self.wire.protection("POST", "/perm", wanted)
        if all(scopes <= self.model.resources[name] for name in names):
            assert answer.status_code == 201
            asked = [str(one["resource_id"]) for one in wanted]
            self.model.start(answer.json()["ticket"], dict.fromkeys(asked, scopes))
        else:
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
            self.seen["gone scope"] += 1

    @rule(number=which, client=clients, party=parties, scopes=scope_sets)
    def get(self, number: int, client: str, party: str, scopes: frozenset[str]) -> None:
        """Ask and redeem at once, as most do."""
        before = len(self.model.processes)
        self.ask(number, scopes, None)
        if len(self.model.processes) > before:
            self.redeem(-1, client, party, None, None)

    @rule(client=clients, party=parties, scope=scopes, way=st.sampled_from(("ask", "end", "", "")))
    def get_what_is_new(self, client: str, party: str, scope: str, way: str) -> None:
        """Redeem where the owner is asked first, or where her one policy ends before the RPT."""
        if way:
            self.register(frozenset({scope}))
            if way == "ask":
                self.offer_to_be_asked(-1, scope, 0)
            else:
                self.share(-1, party, frozenset({scope}), 150)
            self.ask(-1, frozenset({scope}), None)
            self.redeem(-1, client, party, None, None)

    @precondition(lambda self: any(item.asking for item in self.model.processes))
    @rule(number=which, more=st.booleans())
    def poll(self, number: int, more: bool) -> None:  # noqa: FBT001 - drawn
        """G-3.3.6-42: ask again, with the ticket of the last answer."""
        polling = [n for n, item in enumerate(self.model.processes) if item.asking]
        place = polling[number % len(polling)]
        client = self.model.processes[place].client
        self.redeem(place, client, "bob" if more and number == 1 else None, None, None)

    @precondition(lambda self: self.model.processes)
    @rule(number=which, late=st.booleans())
    def present_in_vain(self, number: int, late: bool) -> None:  # noqa: FBT001 - drawn
        """G-3.3.6-03, -04: a ticket comes too late, or from a client that it is not meant for."""
        going_on = [item for item in self.model.processes if item.client]
        if late:
            process = self.model.processes[number % len(self.model.processes)]
            self.wait(max(0, process.ends - self.model.now()))
        elif going_on:
            process = going_on[number % len(going_on)]
        else:
            return
        self.model.processes.remove(process)
        other = CLIENTS[1 - CLIENTS.index(process.client or CLIENTS[0])]
        answer = self.wire.token(other, grant_type=UMA_GRANT, ticket=process.ticket)
        assert not self.admitted(process, other, answer)

    @precondition(lambda self: self.model.grants)
    @rule(number=which, scopes=scope_sets, old=which, way=ways)
    def get_more(self, number: int, scopes: frozenset[str], old: int, way: str) -> None:
        """Ask on, with the RPT and the claims of before, or of somebody else at the same client."""
        grant = self.model.grants[old % len(self.model.grants)]
        mine = [
            place
            for place, of in enumerate(self.model.pcts.values())
            if (of.client, of.party) == (grant.client, grant.party)
        ]
        before = len(self.model.processes)
        self.ask(number, scopes, None)
        if len(self.model.processes) > before:
            stranger = PARTIES[1 - PARTIES.index(grant.party)]
            party = {"pct": None, "another": stranger}.get(way, grant.party)
            pct = mine[-1] if mine and way in {"pct", "both"} else None
            self.redeem(-1, grant.client, party, pct, old)

    @precondition(lambda self: self.model.processes)
    @rule(
        number=which,
        client=clients,
        party=st.none() | parties,
        pct=st.none() | which,
        old=st.none() | which,
    )
    def redeem(
        self, number: int, client: str, party: str | None, pct: int | None, old: int | None
    ) -> None:
        """G-3.3.1-18, G-5.2-09: whose claims count, and what may come along."""
        process = self.take(number)
        if process is None:
            return
        # Another client gets further only by chance; mostly the right one goes on.
        if process.client and number % 3:
            client = process.client
        form = {"grant_type": UMA_GRANT, "ticket": process.ticket}
        if party:
            form |= {"claim_token": party, "claim_token_format": "any"}
        known = list(self.model.pcts)
        shown_pct = known[pct % len(known)] if pct is not None and known else ""
        grants = self.model.grants
        grant = grants[old % len(grants)] if old is not None and grants else None
        form |= {"pct": shown_pct} if shown_pct else {}
        form |= {"rpt": grant.rpt} if grant else {}
        before = self.wire.shown(grant.rpt) if grant else {}
        answer = self.wire.token(client, **form)
        if not self.admitted(process, client, answer):
            return
        remembered = ""
        if shown_pct:
            of = self.model.pcts[shown_pct]
            usable = of.client == client and of.ends > self.model.now()
            remembered = of.party if usable else ""
            self.seen["pct too late"] += of.client == client and not usable
        who = party or process.party or remembered
        self.seen["claims by pct"] += bool(remembered) and who == remembered != party
        basis = self.model.granted(process, who)
        if not basis:
            self.assert_refused(process, client, who, answer)
            return
        made = self.assert_granted(process, client, who, answer, basis)
        self.assert_pct(made, shown_pct if remembered else "", answer)
        self.assert_upgrade(made, grant, before, answer)

    def admitted(self, process: Process, client: str, answer: httpx.Response) -> bool:
        """G-3.3.6-03, G-3.3.6-04, G-5.5-05: a ticket ends, and is of the client of its process."""
        late, strange = process.ends <= self.model.now(), process.client not in {"", client}
        if late or strange:
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
            self.model.spent_tickets.append(process.ticket)
            self.seen["ticket too late" if late else "ticket of another client"] += 1
        return not (late or strange)

    def assert_refused(
        self, process: Process, client: str, who: str, answer: httpx.Response
    ) -> None:
        """G-3.3.4-09, G-3.3.6-09, -14, -36, -38, -43: no grant, 403, and a ticket to go on with."""
        members, expected = answer.json(), self.model.refusal(process, who)
        assert (answer.status_code, members["error"]) == (403, expected)
        self.seen[expected] += 1
        assert ("ticket" in members) == (expected != "request_denied")
        if expected == "request_submitted":
            if process.asking and process.asking.standing == "pending":
                self.seen["poll"] += 1
            else:
                self.submitted(process, client, who)
        if "ticket" in members:
            assert members["ticket"] != process.ticket
            self.model.follow(process, members["ticket"], client, who)
        else:
            self.model.spent_tickets.append(process.ticket)

    def submitted(self, process: Process, client: str, who: str) -> None:
        """G-3.3.6-37: the owner is asked, once as long as she has not answered."""
        question = self.model.question(process, client, who)
        waiting = self.wire.owner("GET", "requests").json()
        pending = [item for item in waiting if item["standing"] == "pending"]
        known = {item.id for item in self.model.askings if item.standing == "pending"}
        fresh = [item["id"] for item in pending if item["id"] not in known]
        same = [item.id for item in self.model.askings if item.question == question]
        still = [name for name in same if name in known]
        assert (len(fresh), len(still)) in {(1, 0), (0, 1)}
        wanted = self.model.askable(process)
        process.asking = self.model.ask((fresh + still)[0], question, who, wanted)

    def assert_granted(
        self,
        process: Process,
        client: str,
        who: str,
        answer: httpx.Response,
        basis: dict[tuple[str, str], frozenset[str]],
    ) -> Grant:
        """G-3.3.4-09, G-3.3.4-11, G-3.3.4-12: an RPT with just what can be granted."""
        assert answer.status_code == 200
        members = answer.json()
        assert "scope" not in members
        self.model.spent_tickets.append(process.ticket)
        self.seen["granted"] += 1
        self.seen["granted in part"] += len(basis) < len(process.pairs)
        return self.model.issue(
            client, who, members["access_token"], members["refresh_token"], basis
        )

    def assert_pct(self, made: Grant, used: str, answer: httpx.Response) -> None:
        """G-3.3.5-06, G-5.2-09: a PCT for new claims replaces the one that was shown."""
        fresh = answer.json().get("pct")
        same = bool(used) and self.model.pcts[used].party == made.party
        assert (fresh is None) == same
        if fresh is not None:
            self.model.pcts.pop(used, None)
            self.model.remember(fresh, made.client, made.party)
            self.seen["new pct"] += 1

    def assert_upgrade(
        self, made: Grant, old: Grant | None, before: Mapping[str, set[str]], answer: httpx.Response
    ) -> None:
        """G-3.3.5-13, G-3.3.5.1-04, G-1.3-01: old permissions come along, for the same two."""
        mine = old is not None and (old.client, old.party) == (made.client, made.party)
        upgraded = answer.json().get("upgraded", False)
        assert upgraded is (mine and bool(before))
        fresh = set(made.basis)
        if old is not None and upgraded:
            self.model.upgrade(old, made)
            self.seen["upgraded"] += 1
        now = {
            (name, scope) for name, found in self.wire.shown(made.rpt).items() for scope in found
        }
        kept = {(name, scope) for name, found in before.items() for scope in found}
        assert fresh <= now
        assert now <= (fresh | kept if upgraded else fresh)


def test_life_cycles_keep_the_requirements(
    document: dict[str, object],
    in_process: Transport,
    model_of: Callable[[], Model],
    wire_of: Callable[[httpx.Client, Model], Wire],
    ending: type[Ending],
) -> None:
    switched = {
        "features": ["pct", "refresh", "request_submitted", "revocation", "rpt-upgrade"],
        "withdrawal_ends_rpts": True,
        "lifetimes": LIFETIMES,
    }
    config = Config.from_document({**document, **switched})
    counted: Counter[str] = Counter()

    class Machine(Lives, ending):  # type: ignore[misc, valid-type]  # conftest.py cannot be imported
        def __init__(self) -> None:
            self.model = model_of()
            rules = Rules(verify_claims=says)
            app = create_app(config, MemoryStore(), self.model, SystemRandomness(), rules)
            transport = in_process(app)
            self.seen = counted
            http = httpx.Client(transport=transport, base_url=config.issuer, trust_env=False)
            self.wire = wire_of(http, self.model)
            super().__init__()

        def teardown(self) -> None:
            self.wire.http.close()

    # More walks where the first have not met everything: which way they go depends on the
    # constants of the code around, too.
    for number in range(8):
        run_state_machine_as_test(
            seed(number)(Machine),
            settings=settings(
                max_examples=80, stateful_step_count=40, deadline=None, database=None
            ),
        )
        if all(counted[happening] for happening in HAPPENINGS):
            break
    assert {
        happening: counted[happening] for happening in HAPPENINGS if not counted[happening]
    } == {}
