"""What owners, resource servers and time do, and what ends, in any order; grants come on top.

Each rule and invariant names the rows of the catalogue that it is about.
"""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

if TYPE_CHECKING:
    from tests.reference.life_cycles.conftest import Model, Wire
else:
    Model = Wire = Any

UMA_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"
CLIENTS, PARTIES, SCOPES = ("client", "other"), ("bob", "carol"), ("view", "edit")
clients, parties, scopes = (st.sampled_from(names) for names in (CLIENTS, PARTIES, SCOPES))
scope_sets = st.frozensets(scopes, min_size=1)
# Which of several things is taken: a small number, by which any list can be asked.
which = st.integers(0, 11)
# In seconds from now; 0 is never.
ends = st.sampled_from((0, 0, 0, 150, 450))


class Owning(RuleBasedStateMachine):
    """Drives a server beside a model of what should be."""

    wire: Wire
    model: Model
    seen: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        # Much is open at first, so that more follows than refusals.
        for number in range(2):
            self.register(frozenset(SCOPES))
            for party in PARTIES:
                for scope in SCOPES:
                    self.share(number, party, frozenset({scope}), 0)

    def resource(self, number: int) -> str:
        """Return one of the first few resources, or the last one; more happens among few."""
        known = list(self.model.resources)
        if number < 0:
            known = known[-1:]
        return known[number % min(len(known), 3)] if known else ""

    @rule(seconds=st.sampled_from((20, 60, 60, 140, 140, 301, 601, 1501)))
    def wait(self, seconds: int) -> None:
        self.model.time += seconds

    @rule(scopes=scope_sets)
    def register(self, scopes: frozenset[str]) -> None:
        """F-3.2.1-02, F-3.2.1-03."""
        description = {"resource_scopes": sorted(scopes)}
        answer = self.wire.protection("POST", "/rreg", description)
        assert answer.status_code == 201
        self.model.resources[answer.json()["_id"]] = scopes

    @rule(number=which, scopes=scope_sets, sure=st.integers(0, 2))
    def update(self, number: int, scopes: frozenset[str], sure: int) -> None:
        """F-3.2.3-01, F-3.2.3-02."""
        resource = self.resource(number)
        if resource and not sure:
            description = {"resource_scopes": sorted(scopes)}
            place = f"/rreg/{resource}"
            assert self.wire.protection("PUT", place, description).status_code == 200
            self.model.resources[resource] = scopes
            self.seen["updated"] += 1

    @rule(number=which, sure=st.integers(0, 2))
    def delete(self, number: int, sure: int) -> None:
        """F-3.2.4-01, F-3.2.4-02."""
        used = [pair[0] for grant in self.model.grants for pair in grant.basis]
        known = [name for name in used if name in self.model.resources]
        resource = known[number % len(known)] if known and number % 3 else self.resource(number)
        if resource and not sure:
            assert self.wire.protection("DELETE", f"/rreg/{resource}").status_code == 204
            self.model.drop_resource(resource)
            self.seen["deleted"] += 1

    @precondition(lambda self: self.model.gone)
    @rule()
    def look_for_what_is_gone(self) -> None:
        """F-3.2-21, F-3.2-22, F-3.2-23, F-4.3-04: nothing is left of a deregistered resource."""
        for resource in self.model.gone[-1:]:
            place, body = f"/rreg/{resource}", {"resource_scopes": ["view"]}
            assert self.wire.protection("GET", place).status_code == 404
            assert self.wire.protection("PUT", place, body).status_code == 404
            assert self.wire.protection("DELETE", place).status_code == 404
            wanted: dict[str, object] = {"resource_id": resource, "resource_scopes": list[str]()}
            answer = self.wire.protection("POST", "/perm", wanted)
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_resource_id")
            self.seen["gone resource"] += 1

    @rule(number=which, party=parties, scopes=scope_sets, seconds=ends)
    def share(self, number: int, party: str, scopes: frozenset[str], seconds: int) -> None:
        if resource := self.resource(number):
            condition = {"claim": "sub", "values": [party]}
            self.publish(resource, scopes, party, seconds, {"conditions": [condition]})

    @rule(number=which, scope=scopes, seconds=ends)
    def offer_to_be_asked(self, number: int, scope: str, seconds: int) -> None:
        if resource := self.resource(number):
            self.publish(resource, frozenset({scope}), "", seconds, {"anyone": True, "ask": True})

    def publish(
        self,
        resource: str,
        scopes: frozenset[str],
        party: str,
        seconds: int,
        members: Mapping[str, object],
    ) -> None:
        end = self.model.now() + seconds if seconds else 0
        body = {"scopes": sorted(scopes), "expires_at": end, **members}
        answer = self.wire.owner("POST", f"resources/{resource}/policies", body)
        assert answer.status_code == 201
        self.model.share(answer.json()["id"], resource, scopes, party, end)

    @precondition(lambda self: self.model.rules)
    @rule(number=which)
    def withdraw(self, number: int) -> None:
        """G-6.1-01: what rested on the policy ends; the invariants see to it."""
        behind = [
            name for grant in self.model.grants for one in grant.basis.values() for name in one
        ]
        mostly = [name for name in behind if name in self.model.rules] if number % 3 else []
        known = mostly or list(self.model.rules)
        if known:
            name = known[number % len(known)]
            answer = self.wire.owner("DELETE", f"policies/{name}")
            assert answer.status_code == 204
            del self.model.rules[name]
            self.seen["policy withdrawn"] += 1

    @precondition(lambda self: self.model.askings)
    @rule(number=which, seconds=ends)
    def decide(self, number: int, seconds: int) -> None:
        """G-3.3.6-37: the owner answers once, and a yes is a policy like every other."""
        decision = "approve" if number % 2 else "deny"
        waiting = [item for item in self.model.askings if item.standing == "pending"]
        known = self.model.askings if number % 4 == 0 else waiting or self.model.askings
        asking = known[number % len(known)]
        end = self.model.now() + seconds if seconds else 0
        body = {"decision": decision, "expires_at": end}
        answer = self.wire.owner("POST", f"requests/{asking.id}", body)
        if asking.standing != "pending":
            assert answer.status_code == 409
            self.seen["decided again"] += 1
            return
        assert answer.status_code == 200
        asking.standing = "approved" if decision == "approve" else "denied"
        self.seen[asking.standing] += 1
        for resource, wanted in asking.wanted if decision == "approve" else ():
            self.learn(resource, wanted, asking.party, end)

    def learn(self, resource: str, wanted: frozenset[str], party: str, end: int) -> None:
        """Find the policy that an approval made."""
        if resource in self.model.resources:
            shown = self.wire.owner("GET", f"resources/{resource}/policies").json()
            (made,) = (item for item in shown if item["id"] not in self.model.rules)
            assert (frozenset(made["scopes"]), made["ask"], made["expires_at"]) == (
                wanted,
                False,
                end,
            )
            self.model.share(made["id"], resource, wanted, party, end)

    @invariant()
    def resources_are_those_that_are_registered(self) -> None:
        """F-3.2.5-01, F-3.2.2-03, F-3.2.3-01."""
        listed = self.wire.protection("GET", "/rreg").json()
        assert sorted(listed) == sorted(self.model.resources)
        for resource, scopes in list(self.model.resources.items())[-1:]:
            read = self.wire.protection("GET", f"/rreg/{resource}").json()
            assert read == {"_id": resource, "resource_scopes": sorted(scopes)} | {
                name: value for name, value in read.items() if name == "user_access_policy_uri"
            }


class Ending(Owning):
    """What clients do with what they have, until it ends, and what then is left of it."""

    @precondition(lambda self: self.model.grants)
    @rule(number=which, client=st.none() | clients, wait=st.integers(0, 5).map(lambda n: n == 3))
    def refresh(self, number: int, client: str | None, wait: bool) -> None:  # noqa: FBT001 - drawn
        """G-3.6-04: no assessment, so what is left stays and nothing comes."""
        if not self.model.grants:
            return
        grant = self.model.grants[number % len(self.model.grants)]
        if wait:
            self.wait(max(0, grant.refresh_ends - self.model.now()))
        sender = client or grant.client
        answer = self.wire.refresh(sender, grant.refresh)
        late, left = grant.refresh_ends <= self.model.now(), self.model.left(grant)
        if sender != grant.client or late or not left:
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
            self.seen["refresh too late"] += late
            self.seen["refresh of another client"] += sender != grant.client
            self.seen["refresh of nothing"] += not left
            return
        if grant.upgraded and answer.status_code == 400:
            # An upgraded RPT may have ended earlier than the model knows.
            return
        members = answer.json()
        assert answer.status_code == 200
        assert members.keys().isdisjoint({"ticket", "pct", "upgraded"})
        self.model.refreshed(grant, members["access_token"], members["refresh_token"])
        self.seen["refreshed"] += 1

    @precondition(lambda self: self.model.dead_refreshes)
    @rule(number=which)
    def refresh_again(self, number: int) -> None:
        """G-3.3.6-04: a refresh token that was used or revoked is none any more."""
        if self.model.dead_refreshes:
            token, client = self.model.dead_refreshes[number % len(self.model.dead_refreshes)]
            answer = self.wire.refresh(client, token)
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
            self.seen["refresh again"] += 1

    @precondition(lambda self: self.model.spent_tickets)
    @rule(number=which)
    def present_again(self, number: int) -> None:
        """G-5.5-02, G-5.5-03: a ticket is used up by its presentation, whatever came of it."""
        if self.model.spent_tickets:
            ticket = self.model.spent_tickets[-1 - number % len(self.model.spent_tickets)]
            for client in CLIENTS:
                answer = self.wire.token(client, grant_type=UMA_GRANT, ticket=ticket)
                assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
            self.seen["ticket again"] += 1

    @precondition(lambda self: self.model.grants)
    @rule(number=which, client=clients, refresh=st.booleans())
    def revoke(self, number: int, client: str, refresh: bool) -> None:  # noqa: FBT001 - drawn
        """RFC 7009 section 2: a client ends its own tokens and no others."""
        if not self.model.grants:
            return
        grant = self.model.grants[number % len(self.model.grants)]
        self.wire.revoke(client, token=grant.refresh if refresh else grant.rpt)
        if client != grant.client:
            self.seen["not revoked"] += 1
            return
        self.seen["revoked refresh" if refresh else "revoked"] += 1
        self.model.end(grant, refresh=refresh)

    @precondition(lambda self: self.model.pcts)
    @rule(number=which, client=clients)
    def revoke_pct(self, number: int, client: str) -> None:
        """G-3.7-04, G-5.2-09."""
        if self.model.pcts:
            pct = list(self.model.pcts)[number % len(self.model.pcts)]
            self.wire.revoke(client, token=pct, token_type_hint="pct")
            if self.model.pcts[pct].client == client:
                # It stays in the model as one that helps nobody any more.
                self.model.pcts[pct].ends = 0
                self.seen["revoked pct"] += 1

    @invariant()
    def an_rpt_shows_what_was_granted_and_is_left_of_it(self) -> None:
        """G-3.3.5-01, G-3.6-04, G-6.1-01, F-5.1.1-03, F-5.1.1-21."""
        for grant in self.model.grants[-3:]:
            shown, expected = self.wire.shown(grant.rpt), self.model.shown(grant)
            if grant.upgraded:
                assert all(found <= expected.get(name, set()) for name, found in shown.items())
            else:
                assert shown == expected
            late = grant.ends <= self.model.now()
            self.seen["rpt too late"] += late
            ended = any(end <= self.model.now() for end in grant.until.values())
            self.seen["permission ended"] += ended and not late

    @invariant()
    def what_has_ended_stays_so(self) -> None:
        """G-3.3.5.1-06, RFC 7009 section 2: an RPT that was replaced or revoked shows nothing."""
        for rpt in self.model.dead_rpts[-2:]:
            assert self.wire.shown(rpt) == {}


@pytest.fixture
def ending() -> type[Ending]:
    return Ending
