"""The rules of walks: what may happen next, as far as a target and its driver are up to it."""

from itertools import chain

from hypothesis import strategies as st

from uma_conformance.drivers.protocol import PARTY, Policy
from uma_conformance.exploring.abilities import Abilities
from uma_conformance.exploring.steps import Action, Kind, Step
from uma_conformance.exploring.walking import (
    ALLOWED,
    ANSWERS,
    BOTH,
    GRANTS,
    RESOURCES,
    RIGHT,
    SCOPES,
    TICKETS,
    WANTED,
    Made,
    Named,
    Rules,
    Walk,
)

_TWO: Named = {
    "target": TICKETS,
    "one": RESOURCES,
    "two": RESOURCES,
    "scopes": WANTED,
    "others": WANTED,
}


def walks(abilities: Abilities) -> type[Walk]:
    """Return a state machine with the rules that a target and its driver are up to."""
    rules = _of_resources(abilities)
    if abilities.has(Action.ALLOW):
        rules |= _of_policies(abilities)
    if abilities.has(Action.ASK, Action.REDEEM):
        rules |= _of_tickets(abilities)
        rules |= _of_tokens(abilities)
    elif abilities.has(Action.ASK):
        rules["ask"] = Made(_ask, _TWO)
    if abilities.has(Action.ASK, Action.REDEEM, Action.VISIT):
        rules |= _of_visits(abilities)
    attributes = dict(chain.from_iterable(made.rules(name) for name, made in rules.items()))
    return type("Walks", (Walk,), attributes)


def _of_resources(abilities: Abilities) -> Rules:
    managing = (Action.READ, Action.UPDATE, Action.DELETE, Action.LIST)

    def register(self: Walk, owner: str, scopes: tuple[str, ...]) -> str:
        return self.go(Step(Action.REGISTER, self.name("resource"), owner, scopes=scopes))

    def manage(
        self: Walk, resource: str, action: Action, owner: str, scopes: tuple[str, ...]
    ) -> None:
        about: Named = {"owner": owner} if action is Action.LIST else {"resource": resource}
        self.go(Step(action, scopes=scopes if action is Action.UPDATE else (), **about))

    who: Named = {"owner": st.sampled_from(abilities.owners), "scopes": SCOPES}
    what: Named = {"resource": RESOURCES, "action": st.sampled_from(managing)}
    return {
        "register": Made(register, {"target": RESOURCES, **who}),
        "manage": Made(manage, {**what, **who}, 2),
    }


def _of_policies(abilities: Abilities) -> Rules:
    def share(self: Walk, owner: str, party: str, *, by_visit: bool) -> str:
        name = self.go(Step(Action.REGISTER, self.name("resource"), owner, scopes=BOTH))
        allow(self, name, party, BOTH, by_visit=by_visit)
        return name

    def allow(
        self: Walk, resource: str, party: str, scopes: tuple[str, ...], *, by_visit: bool
    ) -> None:
        if not self.is_shareable(resource):
            return
        about: Named = {"resource": resource, "party": party}
        self.go(Step(Action.ALLOW, scopes=scopes, by_visit=by_visit, **about))

    def withdraw(self: Walk, resource: str) -> None:
        """Withdraw all policies, and see what they allowed before and afterwards."""
        if not self.is_shareable(resource):
            return
        policy = self.policy(resource)
        _request(self, resource, policy)
        self.go(Step(Action.WITHDRAW, resource=resource))
        _request(self, resource, policy)

    ways = st.booleans() if abilities.visiting else st.just(value=False)
    who: Named = {"party": st.sampled_from(abilities.parties or [PARTY])}
    owners = st.sampled_from(abilities.sharing)
    found: Rules = {
        "share": Made(share, {"target": RESOURCES, "owner": owners, "by_visit": ways, **who}, 3),
        "allow": Made(allow, {"resource": RESOURCES, "scopes": SCOPES, "by_visit": ways, **who}),
    }
    if abilities.has(Action.WITHDRAW):
        found["withdraw"] = Made(withdraw, {"resource": RESOURCES})
    return found


def _request(self: Walk, resource: str, policy: Policy) -> None:
    """Ask for what a policy allows, with the claims that it wants."""
    if policy.party and self.abilities.clients:
        ticket = self.ticket_for({resource: tuple(sorted(policy.scopes))})
        self.redeem(ticket=ticket, party=policy.party, client=self.abilities.clients[0])


def _ask(self: Walk, one: str, two: str, scopes: tuple[str, ...], others: tuple[str, ...]) -> str:
    return self.ticket_for({two: others, one: scopes})


def _of_tickets(abilities: Abilities) -> Rules:
    def redeem(
        self: Walk, ticket: str, client: str, party: str, again: tuple[bool, str] | None
    ) -> str:
        """Present a ticket, look at what comes, and perhaps present it again, or what followed."""
        answer = self.redeem(ticket=ticket, client=client, party=party)
        self.look(answer)
        if again is not None:
            follow, party = again
            self.redeem(ticket=answer if follow else ticket, client=client, party=party)
        return answer

    anybody = [RIGHT, RIGHT, "", *abilities.parties]
    who: Named = {
        "client": st.sampled_from(abilities.clients),
        "party": st.sampled_from(anybody),
        "again": st.none() | st.tuples(st.booleans(), st.sampled_from(anybody)),
    }
    return {
        "ask": Made(_ask, _TWO),
        "redeem": Made(redeem, {"target": ANSWERS, "ticket": TICKETS, **who}, 2),
        # The ticket of an answer that asks for more.
        "go_on": Made(redeem, {"target": ANSWERS, "ticket": ANSWERS, **who}),
    }


def _of_tokens(abilities: Abilities) -> Rules:
    using = (Action.INTROSPECT, Action.REFRESH, Action.REVOKE)
    uses = [action for action in using if abilities.has(action)]

    grant: Named = {
        "target": GRANTS,
        "resource": RESOURCES,
        "client": st.sampled_from(abilities.clients),
    }
    scopes = st.sampled_from([ALLOWED, ALLOWED, BOTH])
    pair: Named = {"client": grant["client"], "party": st.sampled_from(abilities.parties)}
    found: Rules = {
        "obtain": Made(_obtain, {"before": GRANTS, "scopes": scopes, **grant}, 2),
        "obtain_first": Made(_obtain_first, {"scopes": scopes, **grant}, 4),
    }
    if abilities.has(Action.ALLOW):
        found["obtain_pair"] = Made(_obtain_pair, {"target": GRANTS, "scopes": SCOPES, **pair})
    if uses:
        what: Named = {
            "action": st.sampled_from(uses),
            "kind": st.sampled_from(abilities.kinds),
        }
        found["use"] = Made(_use, {"target": GRANTS, "answer": GRANTS, **what}, 5)
    if abilities.has(Kind.PCT):
        found["present"] = Made(_present, {"pct": GRANTS, **grant})
    return found


def _of_visits(abilities: Abilities) -> Rules:
    def visit(self: Walk, ticket: str, client: str, party: str, *, remember: bool) -> str:
        about: Named = {"ticket": ticket, "client": client, "party": party}
        return self.go(Step(Action.VISIT, self.name("ticket"), remember=remember, **about))

    who: Named = {
        "client": st.sampled_from(abilities.visiting),
        "party": st.sampled_from(abilities.parties),
        "remember": st.booleans(),
    }
    return {
        "visit": Made(visit, {"target": TICKETS, "ticket": TICKETS, **who}),
        "visit_on": Made(visit, {"target": TICKETS, "ticket": ANSWERS, **who}),
    }


def _obtain(self: Walk, resource: str, client: str, before: str, scopes: tuple[str, ...]) -> str:
    """Ask for what the policies of a resource allow, or for more, and look at what comes."""
    policy = self.policy(resource)
    ticket, party = self.ticket_for({resource: scopes}), policy.party
    if policy.by_visit and client in self.abilities.visiting:
        asked = self.redeem(ticket=ticket, client=client)
        about: Named = {"ticket": asked, "client": client, "party": party}
        ticket = self.go(Step(Action.VISIT, self.name("ticket"), remember=True, **about))
        party = ""
    answer = self.redeem(ticket=ticket, client=client, party=party, rpt=before)
    self.look(answer)
    return answer


def _obtain_first(self: Walk, resource: str, client: str, scopes: tuple[str, ...]) -> str:
    return _obtain(self, resource, client, "", scopes)


def _obtain_pair(self: Walk, client: str, party: str, scopes: tuple[str, ...]) -> str:
    """Share two resources with a party, who asks for both at once."""
    wanted: dict[str, tuple[str, ...]] = {}
    for allowed in (BOTH, scopes):
        name = self.go(Step(Action.REGISTER, self.name("resource"), scopes=BOTH))
        self.go(Step(Action.ALLOW, resource=name, party=party, scopes=allowed))
        wanted[name] = allowed
    answer = self.redeem(ticket=self.ticket_for(wanted), client=client, party=party)
    self.look(answer)
    return answer


def _use(self: Walk, answer: str, action: Action, kind: str) -> str:
    """Introspect, refresh or revoke, and see what came of it."""
    if action is Action.REFRESH:
        answer = self.go(Step(action, self.name("answer"), answer=answer))
    elif action is Action.REVOKE:
        self.go(Step(action, answer=answer, kind=kind))
        if kind == Kind.REFRESH_TOKEN:
            self.go(Step(Action.REFRESH, self.name("answer"), answer=answer))
    self.look(answer)
    return answer


def _present(self: Walk, resource: str, client: str, pct: str) -> str:
    """Ask with nothing, and then with a PCT alone."""
    asked = self.ticket_for({resource: ALLOWED})
    self.redeem(ticket=asked, client=client)
    asked = self.ticket_for({resource: ALLOWED})
    answer = self.redeem(ticket=asked, client=client, pct=pct)
    self.look(answer)
    return answer
