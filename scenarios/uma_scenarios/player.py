"""The player: acts out the steps of a scenario on a stage, and judges how each act ends.

It keeps what clients hold between acts: the newest ticket, RPTs by resource server, the PCT.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from uma_scenarios.model import Act, Ending, Scenario, Step, Verb
from uma_scenarios.outcome import Outcome, PlayedAct, PlayedStep, of_acts
from uma_scenarios.stage import Answer, CannotDo, Stage, StageFailed, Tokens
from uma_scenarios.telling import deed
from uma_scenarios.verdicts import problem_of, remark_of, shown

_ASKING = frozenset({Verb.ASK, Verb.VISIT})
_Holder = tuple[str, str]
# An RPT is for the resources of one owner at one server (Grant 1.3): both by their ids.
_Domain = tuple[str, str]


class NotThere(Exception):  # noqa: N818 - the name of what happened
    """An act needs what no earlier act has brought about; the message names it."""


@dataclass(slots=True)
class _Held:
    """What a client holds for one requesting party; `resource` is what it is after right now."""

    ticket: str = field(default="", repr=False)
    used: str = field(default="", repr=False)
    resource: str = ""
    place: str = ""
    pct: str = field(default="", repr=False)
    rpts: dict[_Domain, str] = field(default_factory=dict[_Domain, str], repr=False)
    older: dict[_Domain, str] = field(default_factory=dict[_Domain, str], repr=False)
    refresh: dict[_Domain, str] = field(default_factory=dict[_Domain, str], repr=False)
    asked: set[_Domain] = field(default_factory=set[_Domain])


class Player:
    """Plays one scenario on one stage; `on_act` is told of every act when it is done."""

    def __init__(
        self,
        scenario: Scenario,
        stage: Stage,
        on_act: Callable[[PlayedAct], None] | None = None,
    ) -> None:
        self._scenario = scenario
        self._stage = stage
        self._on_act = on_act
        self._held: dict[_Holder, _Held] = {}

    def play(self) -> Iterator[PlayedStep]:
        """Yield each step when it is over."""
        for step in self._scenario.steps:
            yield self.play_step(step)

    def play_step(self, step: Step) -> PlayedStep:
        """Play one step; raise nothing for what the stage does or cannot do."""
        self._stage.begin(step)
        played: list[PlayedAct] = []
        ending: Ending | None = None
        for act in step.acts:
            if act.after and ending not in act.after:
                continue
            done, ending = self._played(act)
            played.append(done)
            if self._on_act is not None:
                self._on_act(done)
            if ending is None:
                break
        intrusions = self._intrusions(step)
        outcome = Outcome.FAILED if intrusions else of_acts(act.outcome for act in played)
        return PlayedStep(
            id=step.id,
            title=step.title,
            tells=step.tells,
            why=step.why,
            outcome=outcome,
            message="; ".join(_said(played, intrusions)),
            rows=step.rows,
            exchanges=tuple(number for act in played for number in act.exchanges),
            acts=tuple(played),
        )

    def _played(self, act: Act) -> tuple[PlayedAct, Ending | None]:
        told = deed(self._scenario, act)
        try:
            answer = self._done(act)
            answer = self._with_permissions(act, answer)
        except CannotDo as reason:
            return _open(told, Outcome.SKIPPED, f"skipped: {reason}"), None
        except NotThere as reason:
            return _open(told, Outcome.INCOMPLETE, f"not possible: {reason}"), None
        except StageFailed as reason:
            return _open(told, Outcome.INCOMPLETE, f"broken off: {reason}"), None
        problem, outcome = problem_of(self._scenario, act, answer), Outcome.PASSED
        if problem:
            outcome = Outcome.FAILED
        elif answer.unseen:
            outcome, problem = Outcome.PARTLY, f"not seen: {answer.unseen}"
        return (
            PlayedAct(
                told=told,
                ending=answer.seen or str(answer.ending),
                said=answer.said,
                outcome=outcome,
                problem=problem,
                remark="" if problem else remark_of(act, answer),
                exchanges=answer.exchanges,
            ),
            answer.ending,
        )

    def _done(self, act: Act) -> Answer:  # noqa: C901, PLR0911, PLR0912 - one line for each verb
        match act.verb:
            case Verb.SET_UP:
                return self._stage.set_up(self._scenario)
            case Verb.USE:
                return self._used(act)
            case Verb.ASK | Verb.VISIT:
                return self._asked(act)
            case Verb.REFRESH:
                return self._refreshed(act)
            case Verb.INTROSPECT:
                return self._stage.introspect(act.resource, self._token(act, needed=True))
            case Verb.REQUEST_TICKET:
                return self._ticketed(act)
            case Verb.WAIT:
                return self._stage.wait(act.seconds)
            case Verb.APPROVE | Verb.DENY:
                return self._stage.decide(act, approve=act.verb is Verb.APPROVE)
            case Verb.SHARE:
                return self._stage.share(act.policy)
            case Verb.WITHDRAW:
                return self._stage.withdraw(act.policy)
            case Verb.DEREGISTER:
                return self._stage.deregister(act.resource)
            case Verb.STOP:
                return self._stage.stop()
            case Verb.START:
                return self._stage.start()

    def _used(self, act: Act) -> Answer:
        held = self._holding(act)
        # Who asked for an RPT and did not get it cannot be expected to be served.
        alone = act.expect is Ending.SERVED and not act.legal
        empty_handed = alone and self._domain(act.resource) in held.asked
        needed = act.rpt == "older" or (act.rpt == "latest" and empty_handed)
        rpt = self._token(act, needed=needed)
        answer = self._stage.use(act, Tokens(rpt=rpt))
        if answer.ticket:
            held.ticket, held.used, held.place = answer.ticket, "", ""
            held.resource = act.resource
        return answer

    def _ticketed(self, act: Act) -> Answer:
        """Have a server ask for a ticket, and hand it to the client of the act if there is one."""
        answer = self._stage.request_ticket(act)
        if answer.ticket and act.client:
            held = self._holding(act)
            held.ticket, held.used, held.place = answer.ticket, "", ""
            held.resource = next(iter(act.wants), act.resource)
        return answer

    def _asked(self, act: Act) -> Answer:
        held = self._holding(act)
        if held.resource:
            held.asked.add(self._domain(held.resource))
        used = act.ticket == "used"
        ticket = held.used if used else held.ticket
        if not ticket:
            raise NotThere("the client has no permission ticket")
        old = held.rpts.get(self._domain(held.resource), "")
        if act.upgrade and not old:
            raise NotThere("the client has no RPT that could be upgraded")
        tokens = Tokens(
            ticket=ticket,
            rpt=old if act.upgrade else "",
            pct=self._pct(act, held),
            place=held.place,
        )
        if act.verb is Verb.VISIT:
            answer = self._stage.visit(act, tokens)
        else:
            answer = self._stage.ask(act, tokens)
        if not used:
            held.used, held.ticket = ticket, answer.ticket
        held.place = answer.place
        self._keep(held, answer)
        return answer

    def _refreshed(self, act: Act) -> Answer:
        held = self._holding(act)
        token = held.refresh.get(self._domain(act.resource), "")
        if not token:
            raise CannotDo("the client was given no refresh token, which is optional")
        answer = self._stage.refresh(act, Tokens(refresh=token))
        held.resource = act.resource
        self._keep(held, answer)
        return answer

    def _keep(self, held: _Held, answer: Answer) -> None:
        if answer.rpt:
            domain = self._domain(held.resource)
            held.older[domain] = held.rpts.get(domain, "")
            held.rpts[domain] = answer.rpt
            held.refresh[domain] = answer.refresh
        held.pct = answer.pct or held.pct

    def _pct(self, act: Act, held: _Held) -> str:
        if not act.pct:
            return ""
        if act.pct == "own":
            found = held.pct
        else:
            others = (item for key, item in self._held.items() if key[1] == act.pct and item.pct)
            found = next((item.pct for item in others), "")
        if not found:
            raise CannotDo("no PCT was issued to the client, which is optional")
        return found

    def _domain(self, resource: str) -> _Domain:
        found = self._scenario.resources[resource]
        return found.server, found.owner

    def _token(self, act: Act, *, needed: bool) -> str:
        held = self._holding(act)
        if act.rpt == "none":
            return ""
        known = held.older if act.rpt == "older" else held.rpts
        server, owner = self._domain(act.resource)
        found = known.get((act.rpt_of or server, owner), "")
        if not found and (needed or act.rpt_of):
            raise NotThere("the client has no such RPT")
        return found

    def _with_permissions(self, act: Act, answer: Answer) -> Answer:
        """Find out what a new RPT permits, if the act says what it has to."""
        if answer.ending is not Ending.GRANTED or not act.looks_into_rpt:
            return answer
        try:
            seen = self._stage.introspect(self._holding(act).resource, answer.rpt)
        except CannotDo as reason:
            return replace(answer, unseen=f"what the RPT permits, as {reason}")
        permits = seen.permits or dict[str, frozenset[str]]()
        exchanges = (*answer.exchanges, *seen.exchanges)
        said = f"{answer.said} that permits {shown(permits)}"
        return replace(answer, said=said, permits=permits, exchanges=exchanges)

    def _holding(self, act: Act) -> _Held:
        return self._held.setdefault((act.who, act.client), _Held())

    def _intrusions(self, step: Step) -> list[str]:
        """Return what was asked on behalf of owners who are away."""
        seen = self._stage.seen_of_owners() or {}
        return [
            f"{owner.name} is away, and yet: {found}"
            for owner in self._scenario.owners.values()
            if owner.id not in step.present
            for found in seen.get(owner.id, ())
        ]


def _said(acts: Iterable[PlayedAct], intrusions: Iterable[str]) -> tuple[str, ...]:
    """Return what is wrong or was not done, each thing once; remarks where that is nothing."""
    acts = tuple(acts)
    problems = (act.problem.removeprefix(f"{act.outcome}: ") for act in acts if act.problem)
    return tuple(dict.fromkeys((*problems, *intrusions))) or tuple(
        dict.fromkeys(act.remark for act in acts if act.remark)
    )


def _open(told: str, outcome: Outcome, problem: str) -> PlayedAct:
    return PlayedAct(told=told, ending="", said="", outcome=outcome, problem=problem)
