"""What all walks have in common: a state machine of Hypothesis (imported only to explore).

What is drawn never depends on what the target answers: a rule about something that never came to
be does nothing. So a walk can be shrunk, and done again, also when a target answers differently.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule

from uma_conformance.drivers.protocol import Policy
from uma_conformance.exploring.abilities import Abilities
from uma_conformance.exploring.acting import Performer
from uma_conformance.exploring.state import Use
from uma_conformance.exploring.steps import Action, Step

RESOURCES: "Bundle[str]" = Bundle("resources")
TICKETS: "Bundle[str]" = Bundle("tickets")
ANSWERS: "Bundle[str]" = Bundle("answers")
# Answers that are likely to hold an RPT.
GRANTS: "Bundle[str]" = Bundle("grants")
BOTH = ("edit", "view")
SCOPES = st.sampled_from([BOTH, ("view",), ("edit",)])
# What is asked for: the first of all as the policies allow it.
ALLOWED = ("as allowed",)
WANTED = st.sampled_from([ALLOWED, ALLOWED, ("view",), BOTH, ("edit",), ()])
# Whose claims are pushed: those of the party that the policies name, of another one, or none.
RIGHT = "the right one"
# How many used tickets a walk presents again when it is over.
_MOST_TICKETS = 3
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

    def is_shareable(self, resource: str) -> bool:
        """Tell whether policies of a resource can be changed."""
        known = self.performer.world.resources.get(resource)
        return known is None or known.owner in self.abilities.sharing

    def ticket_for(self, wanted: Mapping[str, tuple[str, ...]]) -> str:
        """Ask for a ticket."""
        found = {
            name: tuple(sorted(self.policy(name).scopes)) if scopes == ALLOWED else scopes
            for name, scopes in wanted.items()
        }
        return self.go(Step(Action.ASK, self.name("ticket"), wanted=found))

    def redeem(
        self, *, ticket: str, client: str, party: str = "", rpt: str = "", pct: str = ""
    ) -> str:
        """Present a ticket, with the claims of the party that its policies name if so wanted."""
        if party == RIGHT:
            known = self.performer.world.tickets.get(ticket)
            policies = map(self.policy, known.wanted if known else ())
            party = next((policy.party for policy in policies), "")
        return self.go(
            Step(
                Action.REDEEM,
                self.name("answer"),
                ticket=ticket,
                client=client,
                party=party,
                rpt=rpt,
                pct=pct,
            )
        )

    def look(self, answer: str) -> None:
        """Introspect an RPT, if there is one."""
        if self.abilities.has(Action.INTROSPECT):
            self.go(Step(Action.INTROSPECT, answer=answer))

    def finish(self) -> None:
        """Take a last look at everything: later steps may have changed what earlier ones showed."""
        world = self.performer.world
        for owner in dict.fromkeys(item.owner for item in world.resources.values()):
            self.go(Step(Action.LIST, owner=owner))
        for name in list(world.resources):
            self.go(Step(Action.READ, resource=name))
        for name in list(world.answers):
            self.look(name)
        used = [name for name, item in world.tickets.items() if item.use is Use.SPENT]
        for name in used[:_MOST_TICKETS] if self.abilities.clients else ():
            self.redeem(ticket=name, client=self.abilities.clients[0], party=RIGHT)
