"""Tickets, RPTs, PCTs and policies in any order: what the requirements say holds at every step."""

from collections import Counter
from collections.abc import Callable, Mapping

import httpx
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from starlette.types import ASGIApp

from uma_reference.authorization_server import (
    AdjustableClock,
    Config,
    MemoryStore,
    SystemRandomness,
    create_app,
)
from uma_reference.authorization_server.claims import Presentation
from uma_reference.authorization_server.model import Claims
from uma_reference.authorization_server.rules import Rules

UMA_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"
CLIENTS = ("client", "other")
PARTIES = ("bob", "carol")
SCOPES = ("view", "edit")
OWNER = ("alice", "alice-password")
# What the walk has to have met, or its invariants say little.
HAPPENINGS = (
    *("granted", "upgraded", "new pct", "claims by pct", "need_info", "request_denied"),
    *("ticket again", "ticket of another client", "revoked", "not revoked"),
)
Transport = Callable[[ASGIApp], httpx.BaseTransport]


def says(presented: Presentation, issuers: object, source: object) -> Claims:
    """Take a name for the claims of that party; signatures are tested elsewhere."""
    del issuers, source
    return Claims("https://identity.example", {"sub": presented.token})


class Lives(RuleBasedStateMachine):
    """Drives a server beside a model that knows tickets, policies and grants, but no assessment."""

    server: httpx.Client
    seen: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.pat = {"Authorization": f"Bearer {self.token_of_pat()}"}
        self.resources = [self.registered() for _ in range(2)]
        # Everything is open at first, so that more follows than refusals.
        everything = {(party, scope) for party in PARTIES for scope in SCOPES}
        self.policies = {0: set(everything), 1: set(everything)}
        self.fresh: list[tuple[str, str, int, str]] = []
        self.spent: list[str] = []
        self.rpts: dict[str, tuple[str, str]] = {}
        self.pcts: dict[str, tuple[str, str]] = {}
        for place in self.policies:
            self.publish(place)

    def token_of_pat(self) -> str:
        form = {"grant_type": "client_credentials", "scope": "uma_protection"}
        answer = self.server.post("/token", data=form, auth=("rs-alice", "rs-alice-secret"))
        return str(answer.json()["access_token"])

    def registered(self) -> str:
        answer = self.server.post("/rreg", json={"resource_scopes": SCOPES}, headers=self.pat)
        return str(answer.json()["_id"])

    @rule(
        place=st.sampled_from((0, 1)), party=st.sampled_from(PARTIES), scope=st.sampled_from(SCOPES)
    )
    def share(self, place: int, party: str, scope: str) -> None:
        if (party, scope) not in self.policies[place]:
            self.policies[place].add((party, scope))
            self.publish(place)

    @rule(place=st.sampled_from((0, 1)), party=st.sampled_from(PARTIES))
    def withdraw(self, place: int, party: str) -> None:
        self.policies[place] = {pair for pair in self.policies[place] if pair[0] != party}
        self.publish(place)

    def publish(self, place: int) -> None:
        body = [
            {"scopes": [scope], "conditions": [{"claim": "sub", "values": [party]}]}
            for party, scope in sorted(self.policies[place])
        ]
        path = f"/owner/resources/{self.resources[place]}/policies"
        assert self.server.put(path, json=body, auth=OWNER).status_code == 200

    @rule(place=st.sampled_from((0, 1)), scope=st.sampled_from(SCOPES))
    def ask(self, place: int, scope: str) -> None:
        wanted = {"resource_id": self.resources[place], "resource_scopes": [scope]}
        answer = self.server.post("/perm", json=wanted, headers=self.pat)
        assert answer.status_code == 201
        self.fresh.append((answer.json()["ticket"], "", place, scope))

    @rule(
        client=st.sampled_from(CLIENTS),
        party=st.sampled_from(PARTIES),
        how=st.sampled_from(("push", "pct", "upgrade", "upgrade another's", "nothing")),
        place=st.sampled_from((0, 1)),
        scope=st.sampled_from(SCOPES),
    )
    def redeem(self, client: str, party: str, how: str, place: int, scope: str) -> None:
        if not self.fresh:
            self.ask(place, scope)
        value, bound, place, scope = self.fresh.pop()
        form = {"grant_type": UMA_GRANT, "ticket": value}
        pushed = how not in {"pct", "nothing"}
        if pushed:
            form |= {"claim_token": party, "claim_token_format": "any"}
        pct = next(iter(self.pcts), "") if how == "pct" else ""
        own = {"upgrade": True, "upgrade another's": False}.get(how)
        holder = (client, party)
        old = next((rpt for rpt, of in self.rpts.items() if (of == holder) is own), "")
        form |= {name: given for name, given in (("pct", pct), ("rpt", old)) if given}
        before = self.shown(old) if old else {}
        answer = self.post(form, client)
        self.spent.append(value)
        if bound not in {"", client}:
            assert answer.json()["error"] == "invalid_grant"
            self.seen["ticket of another client"] += 1
            return
        # G-5.2-09: a PCT counts for the client that it was issued to.
        known = self.pcts[pct][1] if pct and self.pcts[pct][0] == client else ""
        who = party if pushed else known
        self.seen["claims by pct"] += bool(known)
        self.judge(answer, (client, who, place, scope), old, before)

    def judge(
        self,
        answer: httpx.Response,
        asked: tuple[str, str, int, str],
        old: str,
        before: Mapping[str, list[str]],
    ) -> None:
        client, who, place, scope = asked
        members = answer.json()
        if (who, scope) not in self.policies[place]:
            # G-3.3.6-02: nothing is granted that no policy gives to these claims.
            assert answer.status_code == 403
            self.seen[members["error"]] += 1
            if members["error"] == "need_info":
                self.fresh.append((members["ticket"], client, place, scope))
            return
        assert answer.status_code == 200
        granted = self.shown(members["access_token"])
        assert scope in granted[self.resources[place]]
        extra = {
            r: set(s) - ({scope} if r == self.resources[place] else set())
            for r, s in granted.items()
        }
        self.seen["granted"] += 1
        self.seen["upgraded"] += bool(members.get("upgraded"))
        self.seen["new pct"] += "pct" in members
        if not members.get("upgraded"):
            assert not any(extra.values())
        else:
            # G-3.3.5-13: just what the earlier RPT had is added, for the same client and party.
            assert self.rpts.pop(old) == (client, who)
            assert all(found <= set(before.get(name, ())) for name, found in extra.items())
            assert self.shown(old) == {}
        self.rpts[members["access_token"]] = (client, who)
        if "pct" in members:
            self.pcts[members["pct"]] = (client, who)

    @rule()
    def present_again(self) -> None:
        if self.spent:
            # G-5.5-03: a ticket is used up by its presentation, whatever came of it.
            form = {"grant_type": UMA_GRANT, "ticket": self.spent[-1]}
            self.seen["ticket again"] += 1
            for client in CLIENTS:
                assert self.post(form, client).json()["error"] == "invalid_grant"

    @rule(client=st.sampled_from(CLIENTS))
    def revoke_rpt(self, client: str) -> None:
        for rpt, (holder, _) in list(self.rpts.items())[:1]:
            before = self.shown(rpt)
            form = {"token": rpt}
            answer = self.server.post("/revoke", data=form, auth=(client, f"{client}-secret"))
            assert answer.status_code == 200
            assert self.shown(rpt) == ({} if client == holder else before)
            self.seen["revoked" if client == holder else "not revoked"] += 1
            if client == holder:
                del self.rpts[rpt]

    @invariant()
    def no_rpt_gives_more_than_the_policies_of_its_party(self) -> None:
        for rpt, (_, party) in self.rpts.items():
            for name, scopes in self.shown(rpt).items():
                place = self.resources.index(name)
                assert {(party, scope) for scope in scopes} <= self.policies[place]

    def shown(self, rpt: str) -> dict[str, list[str]]:
        members = self.server.post("/introspect", data={"token": rpt}, headers=self.pat).json()
        found = members.get("permissions", [])
        return {item["resource_id"]: item["resource_scopes"] for item in found}

    def post(self, form: Mapping[str, str], client: str) -> httpx.Response:
        answer = self.server.post("/token", data=dict(form), auth=(client, f"{client}-secret"))
        assert answer.status_code < 500
        return answer


def test_life_cycles_keep_the_requirements(
    document: dict[str, object], in_process: Transport
) -> None:
    features = {"features": ["pct", "rpt-upgrade", "revocation"], "withdrawal_ends_rpts": True}
    config = Config.from_document({**document, **features})
    counted: Counter[str] = Counter()

    class Machine(Lives):
        def __init__(self) -> None:
            rules = Rules(verify_claims=says)
            app = create_app(config, MemoryStore(), AdjustableClock(), SystemRandomness(), rules)
            transport = in_process(app)
            self.seen = counted
            self.server = httpx.Client(transport=transport, base_url=config.issuer, trust_env=False)
            super().__init__()

        def teardown(self) -> None:
            self.server.close()

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=300,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
        ),
    )
    for happening in HAPPENINGS:
        assert counted[happening] > 10, f"{happening}: {counted}"
