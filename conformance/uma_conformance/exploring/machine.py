"""The random walks: a rule-based state machine of Hypothesis (imported only to explore).

What is drawn never depends on what the target answers: a rule about something that never came to
be does nothing. So a walk can be shrunk, and done again, also when a target answers differently.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from itertools import chain
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule

from uma_conformance.drivers.protocol import PARTY, Policy
from uma_conformance.exploring.abilities import Abilities
from uma_conformance.exploring.acting import Performer
from uma_conformance.exploring.steps import Action, Kind, Step

_RESOURCES: "Bundle[str]" = Bundle("resources")
_TICKETS: "Bundle[str]" = Bundle("tickets")
_ANSWERS: "Bundle[str]" = Bundle("answers")
# Answers that are likely to hold an RPT.
_GRANTS: "Bundle[str]" = Bundle("grants")
_BOTH = ("edit", "view")
_SCOPES = st.sampled_from([_BOTH, ("view",), ("edit",)])
# What is asked for: the first of all as the policies allow it.
_ALLOWED = ("as allowed",)
_WANTED = st.sampled_from([_ALLOWED, _ALLOWED, ("view",), _BOTH, ("edit",), ()])
# Whose claims are pushed: those of the party that the policies name, of another one, or none.
_RIGHT = "the right one"
Named = dict[str, Any]  # Any: Hypothesis gives what rules take no type that can be written down


@dataclass(frozen=True, slots=True)
class Made:
    """A rule to be: what it does, what it takes, and how much more often than others it is tried.

    Hypothesis tries all rules alike, and leaves some of them out of a walk; so those without which
    little happens are there several times.
    """

    act: Callable[..., Any]  # Any: as rules take and return what they like
    takes: Named
    times: int = 1

    def rules(self, name: str) -> Iterator[tuple[str, Callable[..., Any]]]:  # Any: as above
        """Yield the rule as often as it is to be there, under names that no method has."""
        for number in range(self.times):

            @wraps(self.act)
            def act(*given: Any, **named: Any) -> Any:  # Any: as above
                return self.act(*given, **named)

            # Hypothesis tells rules apart by these names.
            act.__name__ = f"rule_{name}_{number}"
            yield act.__name__, rule(**self.takes)(act)


Rules = dict[str, Made]


class Walk(RuleBasedStateMachine):
    """A walk of a performer; `perform` does one step. Rules are added in subclasses."""

    def __init__(
        self, performer: Performer, perform: Callable[[Step], None], abilities: Abilities
    ) -> None:
        super().__init__()
        self.performer = performer
        self.abilities = abilities
        self._perform = perform
        self._count: dict[str, int] = {}

    def name(self, kind: str) -> str:
        """Return a name that nothing in this walk has yet."""
        self._count[kind] = self._count.get(kind, 0) + 1
        return f"{kind} {self._count[kind]}"

    def go(self, step: Step) -> str:
        """Do a step if it can be done, and return the name of what comes of it."""
        settled = self.performer.settled(step)
        if settled is not None:
            self._perform(settled)
        return step.result

    def policy(self, resource: str) -> Policy:
        """Return the policy of a resource; without one, one that allows nobody."""
        known = self.performer.world.resources.get(resource)
        nothing = Policy(frozenset({"view"}), "")
        return next(iter(known.sure), nothing) if known else nothing

    def ticket_for(self, wanted: Mapping[str, tuple[str, ...]]) -> str:
        """Ask for a ticket."""
        found = {
            name: tuple(sorted(self.policy(name).scopes)) if scopes == _ALLOWED else scopes
            for name, scopes in wanted.items()
        }
        return self.go(Step(Action.ASK, self.name("ticket"), wanted=found))

    def redeem(self, **about: str) -> str:
        """Present a ticket, with the claims of the party that its policies name if so wanted."""
        if about.get("party") == _RIGHT:
            ticket = self.performer.world.tickets.get(about["ticket"])
            policies = map(self.policy, ticket.wanted if ticket else ())
            about["party"] = next((policy.party for policy in policies), "")
        return self.go(Step(Action.REDEEM, self.name("answer"), **about))

    def look(self, answer: str) -> None:
        """Introspect an RPT, if there is one."""
        if self.abilities.has(Action.INTROSPECT):
            self.go(Step(Action.INTROSPECT, answer=answer))


def walks(abilities: Abilities) -> type[Walk]:
    """Return a state machine with the rules that a target and its driver are up to."""
    rules = _of_resources(abilities)
    if abilities.has(Action.ALLOW):
        rules |= _of_policies(abilities)
    if abilities.has(Action.ASK, Action.REDEEM):
        rules |= _of_tickets(abilities)
        rules |= _of_tokens(abilities)
    elif abilities.has(Action.ASK):
        rules["ask"] = Made(_ask, {"one": _RESOURCES, "two": _RESOURCES, "scopes": _WANTED, "others": _WANTED})
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
        about = {"owner": owner} if action is Action.LIST else {"resource": resource}
        self.go(Step(action, scopes=scopes if action is Action.UPDATE else (), **about))

    who: Named = {"owner": st.sampled_from(abilities.owners), "scopes": _SCOPES}
    what: Named = {"resource": _RESOURCES, "action": st.sampled_from(managing)}
    return {
        "register": Made(register, {"target": _RESOURCES, **who}),
        "manage": Made(manage, {**what, **who}, 2),
    }


def _of_policies(abilities: Abilities) -> Rules:
    def share(self: Walk, owner: str, party: str, *, by_visit: bool) -> str:
        name = self.go(Step(Action.REGISTER, self.name("resource"), owner, scopes=_BOTH))
        allow(self, name, party, _BOTH, by_visit=by_visit)
        return name

    def allow(
        self: Walk, resource: str, party: str, scopes: tuple[str, ...], *, by_visit: bool
    ) -> None:
        about = {"resource": resource, "party": party}
        self.go(Step(Action.ALLOW, scopes=scopes, by_visit=by_visit, **about))

    def withdraw(self: Walk, resource: str) -> None:
        """Withdraw all policies, and see whether that has an effect."""
        party, scopes = self.policy(resource).party, tuple(sorted(self.policy(resource).scopes))
        self.go(Step(Action.WITHDRAW, resource=resource))
        if party and self.abilities.clients:
            ticket = self.ticket_for({resource: scopes})
            self.redeem(ticket=ticket, party=party, client=self.abilities.clients[0])

    ways = st.booleans() if abilities.visiting else st.just(value=False)
    who: Named = {"party": st.sampled_from(abilities.parties or [PARTY])}
    owners = st.sampled_from(abilities.owners)
    return {
        "share": Made(share, {"target": _RESOURCES, "owner": owners, "by_visit": ways, **who}, 3),
        "allow": Made(allow, {"resource": _RESOURCES, "scopes": _SCOPES, "by_visit": ways, **who}),
        "withdraw": Made(withdraw, {"resource": _RESOURCES}),
    }


def _ask(
    self: Walk, one: str, two: str, scopes: tuple[str, ...], others: tuple[str, ...]
) -> str:
    return self.ticket_for({two: others, one: scopes})


def _of_tickets(abilities: Abilities) -> Rules:
    def redeem(self: Walk, ticket: str, client: str, party: str, again: str | None) -> str:
        """Present a ticket, look at what comes, and perhaps present the ticket again."""
        answer = self.redeem(ticket=ticket, client=client, party=party)
        self.look(answer)
        if again is not None:
            self.redeem(ticket=ticket, client=client, party=again)
        return answer

    anybody = [_RIGHT, _RIGHT, "", *abilities.parties]
    who: Named = {
        "client": st.sampled_from(abilities.clients),
        "party": st.sampled_from(anybody),
        "again": st.sampled_from([None, None, *anybody]),
    }
    two = {"one": _RESOURCES, "two": _RESOURCES, "scopes": _WANTED, "others": _WANTED}
    return {
        "ask": Made(_ask, {"target": _TICKETS, **two}),
        "redeem": Made(redeem, {"target": _ANSWERS, "ticket": _TICKETS, **who}, 2),
        # The ticket of an answer that asks for more.
        "go_on": Made(redeem, {"target": _ANSWERS, "ticket": _ANSWERS, **who}),
    }


def _of_tokens(abilities: Abilities) -> Rules:
    uses = [Action.INTROSPECT] if abilities.has(Action.INTROSPECT) else []
    uses += [Action.REFRESH] if abilities.has(Action.REFRESH) else []
    uses += [Action.REVOKE] if abilities.has(Action.REVOKE) else []

    def obtain(self: Walk, resource: str, client: str, before: str) -> str:
        """Get what the policies of a resource allow, and look at it."""
        policy = self.policy(resource)
        ticket, party = self.ticket_for({resource: _ALLOWED}), policy.party
        if policy.by_visit and client in abilities.visiting:
            asked = self.redeem(ticket=ticket, client=client)
            about = {"ticket": asked, "client": client, "party": party}
            ticket = self.go(Step(Action.VISIT, self.name("ticket"), remember=True, **about))
            party = ""
        answer = self.redeem(ticket=ticket, client=client, party=party, rpt=before)
        self.look(answer)
        return answer

    def obtain_first(self: Walk, resource: str, client: str) -> str:
        return obtain(self, resource, client, "")

    def use(self: Walk, answer: str, action: Action, kind: str) -> str:
        """Introspect, refresh or revoke, and see what came of it."""
        if action is Action.REFRESH:
            answer = self.go(Step(action, self.name("answer"), answer=answer))
        elif action is Action.REVOKE:
            self.go(Step(action, answer=answer, kind=kind))
            if kind == Kind.REFRESH_TOKEN:
                self.go(Step(Action.REFRESH, self.name("answer"), answer=answer))
        self.look(answer)
        return answer

    def present(self: Walk, resource: str, client: str, pct: str) -> str:
        """Ask with nothing, and then with a PCT alone."""
        asked = self.ticket_for({resource: _ALLOWED})
        self.redeem(ticket=asked, client=client)
        asked = self.ticket_for({resource: _ALLOWED})
        answer = self.redeem(ticket=asked, client=client, pct=pct)
        self.look(answer)
        return answer

    grant: Named = {
        "target": _GRANTS,
        "resource": _RESOURCES,
        "client": st.sampled_from(abilities.clients),
    }
    found: Rules = {
        "obtain": Made(obtain, {"before": _GRANTS, **grant}, 2),
        "obtain_first": Made(obtain_first, {**grant}, 4),
    }
    if uses:
        what: Named = {
            "action": st.sampled_from(uses),
            "kind": st.sampled_from(abilities.kinds),
        }
        found["use"] = Made(use, {"target": _GRANTS, "answer": _GRANTS, **what}, 5)
    if abilities.has(Kind.PCT):
        found["present"] = Made(present, {"pct": _GRANTS, **grant})
    return found


def _of_visits(abilities: Abilities) -> Rules:
    def visit(self: Walk, ticket: str, client: str, party: str, *, remember: bool) -> str:
        about = {"ticket": ticket, "client": client, "party": party}
        return self.go(Step(Action.VISIT, self.name("ticket"), remember=remember, **about))

    who: Named = {
        "client": st.sampled_from(abilities.visiting),
        "party": st.sampled_from(abilities.parties),
        "remember": st.booleans(),
    }
    return {
        "visit": Made(visit, {"target": _TICKETS, "ticket": _TICKETS, **who}),
        "visit_on": Made(visit, {"target": _TICKETS, "ticket": _ANSWERS, **who}),
    }
