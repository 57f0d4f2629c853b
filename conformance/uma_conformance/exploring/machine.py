"""The random walks: a rule-based state machine of Hypothesis (imported only to explore).

What is drawn never depends on what the target answers: a rule about something that never came to
be does nothing. So a walk can be shrunk, and done again, also when a target answers differently.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule

from uma_conformance.exploring.abilities import Abilities
from uma_conformance.exploring.acting import Performer
from uma_conformance.exploring.steps import Action, Kind, Step

_RESOURCES: "Bundle[str]" = Bundle("resources")
_TICKETS: "Bundle[str]" = Bundle("tickets")
_ANSWERS: "Bundle[str]" = Bundle("answers")
_SCOPES = st.sampled_from([("edit", "view"), ("view",), ("edit",)])
_WANTED = st.sampled_from([("view",), ("edit", "view"), ("edit",), ()])
_SELDOM = st.sampled_from([False, False, True])
Attributes = dict[str, Any]  # Any: Hypothesis gives rules no type that can be written down


class Walk(RuleBasedStateMachine):
    """A walk of a performer; `perform` does one step. Rules are added in subclasses."""

    def __init__(self, performer: Performer, perform: Callable[[Step], None]) -> None:
        super().__init__()
        self.performer = performer
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

    def ticket_for(self, resource: str, *scopes: str) -> str:
        """Ask for a ticket for one resource."""
        return self.go(Step(Action.ASK, self.name("ticket"), wanted={resource: scopes}))


def walks(abilities: Abilities) -> type[Walk]:
    """Return a state machine with the rules that a target and its driver are up to."""
    rules = _of_resources(abilities)
    if abilities.has(Action.ALLOW):
        rules |= _of_policies(abilities)
    if abilities.has(Action.ASK):
        rules |= _of_tickets(abilities)
    if abilities.has(Action.ASK, Action.REDEEM):
        rules |= _of_tokens(abilities)
    if abilities.has(Action.ASK, Action.REDEEM, Action.VISIT):
        rules |= _of_visits(abilities)
    return type("Walks", (Walk,), rules)


def _of_resources(abilities: Abilities) -> Attributes:
    owners = st.sampled_from(abilities.owners)

    def register(self: Walk, owner: str, scopes: tuple[str, ...]) -> str:
        return self.go(Step(Action.REGISTER, self.name("resource"), owner, scopes=scopes))

    def update(self: Walk, resource: str, scopes: tuple[str, ...]) -> None:
        self.go(Step(Action.UPDATE, resource=resource, scopes=scopes))

    def read(self: Walk, resource: str) -> None:
        self.go(Step(Action.READ, resource=resource))

    def delete(self: Walk, resource: str, *, really: bool) -> None:
        # What is gone is of little use for what comes after.
        if really:
            self.go(Step(Action.DELETE, resource=resource))

    def list_resources(self: Walk, owner: str, resource: str) -> None:
        # Without a resource there is nothing to see.
        del resource
        self.go(Step(Action.LIST, owner=owner))

    return {
        "register": rule(target=_RESOURCES, owner=owners, scopes=_SCOPES)(register),
        "update": rule(resource=_RESOURCES, scopes=_SCOPES)(update),
        "read": rule(resource=_RESOURCES)(read),
        "delete": rule(resource=_RESOURCES, really=_SELDOM)(delete),
        "list_resources": rule(owner=owners, resource=_RESOURCES)(list_resources),
    }


def _of_policies(abilities: Abilities) -> Attributes:
    parties = st.sampled_from(abilities.parties or ["bob"])
    ways = st.booleans() if abilities.visiting else st.just(value=False)

    def share(self: Walk, owner: str, party: str, *, by_visit: bool) -> str:
        scopes = ("edit", "view")
        name = self.go(Step(Action.REGISTER, self.name("resource"), owner, scopes=scopes))
        about = {"resource": name, "party": party}
        self.go(Step(Action.ALLOW, scopes=scopes, by_visit=by_visit, **about))
        return name

    def allow(
        self: Walk, resource: str, party: str, scopes: tuple[str, ...], *, by_visit: bool
    ) -> None:
        about = {"resource": resource, "party": party}
        self.go(Step(Action.ALLOW, scopes=scopes, by_visit=by_visit, **about))

    def withdraw(self: Walk, resource: str) -> None:
        self.go(Step(Action.WITHDRAW, resource=resource))

    owners = st.sampled_from(abilities.owners)
    shared = rule(target=_RESOURCES, owner=owners, party=parties, by_visit=ways)
    return {
        # Twice, for without a policy little else happens.
        "share": shared(share),
        "share_more": shared(_copy(share)),
        "allow": rule(resource=_RESOURCES, party=parties, scopes=_SCOPES, by_visit=ways)(allow),
        "withdraw": rule(resource=_RESOURCES)(withdraw),
    }


def _of_tickets(abilities: Abilities) -> Attributes:
    del abilities

    def ask(self: Walk, resource: str, scopes: tuple[str, ...]) -> str:
        return self.ticket_for(resource, *scopes)

    def ask_for_two(
        self: Walk, one: str, two: str, scopes: tuple[str, ...], others: tuple[str, ...]
    ) -> str:
        wanted = {one: scopes, two: others}
        return self.go(Step(Action.ASK, self.name("ticket"), wanted=wanted))

    two = {"one": _RESOURCES, "two": _RESOURCES, "scopes": _WANTED, "others": _WANTED}
    return {
        "ask": rule(target=_TICKETS, resource=_RESOURCES, scopes=_WANTED)(ask),
        "ask_for_two": rule(target=_TICKETS, **two)(ask_for_two),
    }


def _of_tokens(abilities: Abilities) -> Attributes:
    clients = st.sampled_from(abilities.clients)
    anybody = st.sampled_from(["", *abilities.parties])
    kinds = st.sampled_from(abilities.kinds)

    def redeem(self: Walk, ticket: str, client: str, party: str) -> str:
        about = {"ticket": ticket, "client": client, "party": party}
        return self.go(Step(Action.REDEEM, self.name("answer"), **about))

    def redeem_beside(
        self: Walk, ticket: str, client: str, party: str, rpt: str
    ) -> str:
        about = {"ticket": ticket, "client": client, "party": party, "rpt": rpt}
        return self.go(Step(Action.REDEEM, self.name("answer"), **about))

    def obtain(
        self: Walk, resource: str, client: str, before: str, party: str, *, look: bool
    ) -> str:
        """Ask for what the policies of a resource allow, or as a party if there are none."""
        known = self.performer.world.resources.get(resource)
        policy = next(iter(known.sure), None) if known else None
        scopes = ("view",)
        if policy is not None:
            party, scopes = policy.party, tuple(sorted(policy.scopes))
        ticket = self.ticket_for(resource, *scopes)
        about = {"client": client, "rpt": before}
        if policy is not None and policy.by_visit and client in abilities.visiting:
            asked = self.name("answer")
            self.go(Step(Action.REDEEM, asked, ticket=ticket, client=client))
            visit = {"ticket": asked, "client": client, "party": party}
            ticket = self.go(Step(Action.VISIT, self.name("ticket"), remember=True, **visit))
            party = ""
        answer = self.name("answer")
        self.go(Step(Action.REDEEM, answer, ticket=ticket, party=party, **about))
        if look and abilities.has(Action.INTROSPECT):
            self.go(Step(Action.INTROSPECT, answer=answer))
        return answer

    def obtain_first(self: Walk, resource: str, client: str, party: str, *, look: bool) -> str:
        return obtain(self, resource, client, "", party, look=look)

    def revoke(self: Walk, answer: str, kind: str) -> None:
        self.go(Step(Action.REVOKE, answer=answer, kind=kind))

    def introspect(self: Walk, answer: str) -> None:
        self.go(Step(Action.INTROSPECT, answer=answer))

    def refresh(self: Walk, answer: str) -> str:
        return self.go(Step(Action.REFRESH, self.name("answer"), answer=answer))

    def present(self: Walk, resource: str, client: str, answer: str) -> str:
        """Ask with nothing, and then with a PCT alone."""
        asked = self.ticket_for(resource, "view")
        self.go(Step(Action.REDEEM, self.name("answer"), ticket=asked, client=client))
        again = self.ticket_for(resource, "view")
        about = {"ticket": again, "client": client, "pct": answer}
        return self.go(Step(Action.REDEEM, self.name("answer"), **about))

    who = {"client": clients, "party": anybody}
    grant: Attributes = {"target": _ANSWERS, "resource": _RESOURCES, "client": clients}
    grant |= {"party": st.sampled_from(abilities.parties), "look": st.booleans()}
    found: Attributes = {
        "redeem": rule(target=_ANSWERS, ticket=_TICKETS, **who)(redeem),
        # The ticket of an answer that asks for more.
        "go_on": rule(target=_ANSWERS, ticket=_ANSWERS, **who)(redeem),
        "redeem_beside": rule(target=_ANSWERS, ticket=_TICKETS, rpt=_ANSWERS, **who)(redeem_beside),
        "obtain": rule(before=_ANSWERS, **grant)(obtain),
        "obtain_first": rule(**grant)(obtain_first),
        "obtain_more": rule(**grant)(_copy(obtain_first)),
    }
    if abilities.has(Action.INTROSPECT):
        found["introspect"] = rule(answer=_ANSWERS)(introspect)
    if abilities.has(Action.REFRESH):
        found["refresh"] = rule(target=_ANSWERS, answer=_ANSWERS)(refresh)
    if abilities.has(Action.REVOKE):
        found["revoke"] = rule(answer=_ANSWERS, kind=kinds)(revoke)
    if abilities.has(Kind.PCT):
        found["present"] = rule(
            target=_ANSWERS, resource=_RESOURCES, client=clients, answer=_ANSWERS
        )(present)
    return found


def _copy(function: Callable[..., str]) -> Callable[..., str]:
    """Return a function of its own that does the same: a rule is known by its function."""

    @wraps(function)
    def same(*given: Any, **named: Any) -> str:  # Any: as rules take their arguments
        return function(*given, **named)

    return same


def _of_visits(abilities: Abilities) -> Attributes:
    def visit(self: Walk, ticket: str, client: str, party: str, *, remember: bool) -> str:
        about = {"ticket": ticket, "client": client, "party": party}
        return self.go(Step(Action.VISIT, self.name("ticket"), remember=remember, **about))

    who: Attributes = {
        "client": st.sampled_from(abilities.visiting),
        "party": st.sampled_from(abilities.parties),
        "remember": st.booleans(),
    }
    return {
        "visit": rule(target=_TICKETS, ticket=_TICKETS, **who)(visit),
        "visit_on": rule(target=_TICKETS, ticket=_ANSWERS, **who)(visit),
    }
