"""Finding out which steps a target and its driver are up to, before the first walk."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from uma_conformance.actors.metadata import Blocked
from uma_conformance.drivers.protocol import (
    CLIENT,
    OTHER_CLIENT,
    OTHER_OWNER,
    OTHER_PARTY,
    OWNER,
    PARTY,
    DriverError,
    Policy,
    Unsupported,
)
from uma_conformance.exploring.acting import Performer
from uma_conformance.exploring.model import take
from uma_conformance.exploring.steps import Action, Kind, Step
from uma_conformance.outcome import Outcome
from uma_conformance.probes.scene import Scene

_BOTH = ("edit", "view")


@dataclass(slots=True)
class Abilities:
    """Which actions walks are made of, who takes part, and why others are left out."""

    owners: list[str] = field(default_factory=lambda: [OWNER])
    clients: list[str] = field(default_factory=list[str])
    parties: list[str] = field(default_factory=list[str])
    visiting: list[str] = field(default_factory=list[str])
    kinds: list[str] = field(default_factory=list[str])
    sharing: list[str] = field(default_factory=list[str])
    missing: dict[str, str] = field(default_factory=dict[str, str])

    def note(self, action: str, reason: str) -> None:
        """Keep why a walk ended with a step of a kind that had been tried before."""
        self.missing.setdefault(f"what follows on one step ({action})", reason)

    def has(self, *actions: str) -> bool:
        """Tell whether actions, or kinds of tokens, are all there."""
        return not any(action in self.missing for action in actions)


def abilities(scene: Scene) -> Abilities:
    """Try each kind of step once, on resources that are deregistered afterwards."""
    found, performer = Abilities(), Performer(scene)
    try:
        _try(found, performer)
    finally:
        performer.clean_up()
    return found


def _try(found: Abilities, performer: Performer) -> None:
    trial = _Trial(found, performer)
    # Without a resource nothing can be tried at all, so this one raises.
    trial.register(OWNER)
    with trial.needs(f"resources of {OTHER_OWNER}"):
        trial.register(OTHER_OWNER)
        found.owners.append(OTHER_OWNER)
    with trial.needs(Action.ASK):
        trial.ask(trial.register(OWNER), "view")
    for owner in found.owners:
        with trial.needs(f"policies of {owner}"):
            trial.share(owner)
            found.sharing.append(owner)
    if found.sharing:
        with trial.needs(Action.WITHDRAW):
            trial.withdraw(found.sharing[0])
    else:
        reasons = [found.missing.pop(f"policies of {owner}") for owner in found.owners]
        found.missing |= dict.fromkeys((Action.ALLOW, Action.WITHDRAW), reasons[0])
    for client in (CLIENT, OTHER_CLIENT):
        with trial.needs(f"{Action.REDEEM} as {client}"):
            trial.grant(PARTY, client)
            found.clients.append(client)
    with trial.needs(f"claims of {OTHER_PARTY}"):
        trial.grant(OTHER_PARTY, CLIENT)
        found.parties.append(OTHER_PARTY)
    if found.clients:
        found.parties.append(PARTY)
    else:
        found.missing[Action.REDEEM] = "no client got an RPT that a policy allows"
    for client in found.clients:
        with trial.needs(f"{Action.VISIT} for {client}"):
            trial.visit(client)
            found.visiting.append(client)
    if not found.visiting:
        reasons = [why for what, why in found.missing.items() if what.startswith(Action.VISIT)]
        found.missing[Action.VISIT] = "; ".join(dict.fromkeys(reasons)) or "no client gets RPTs"
    _look_at_tokens(found, performer)


def _look_at_tokens(found: Abilities, performer: Performer) -> None:
    answers = performer.world.answers
    if not any(item.refresh_token for item in answers.values()):
        found.missing[Action.REFRESH] = "no RPT came with a refresh token"
    if not any(item.pct for item in answers.values()):
        found.missing[Kind.PCT] = "no RPT came with a PCT"
    endpoints = performer.scene.surroundings.metadata.endpoints
    if "introspection_endpoint" not in endpoints:
        found.missing[Action.INTROSPECT] = "no introspection_endpoint is declared"
    if "revocation_endpoint" not in endpoints:
        found.missing[Action.REVOKE] = "no revocation_endpoint is declared"
    found.kinds.append(Kind.RPT)
    found.kinds += [Kind.REFRESH_TOKEN] if found.has(Action.REFRESH) else []
    found.kinds += [Kind.PCT] if found.has(Kind.PCT) else []


def reason_of(problem: Exception) -> str:
    """Say why a step could not be done."""
    if isinstance(problem, Unsupported):
        return f"the driver cannot bring this about: {problem}"
    return str(problem)


@dataclass(slots=True)
class _Trial:
    found: Abilities
    performer: Performer
    count: int = 0

    @contextmanager
    def needs(self, *names: str) -> Generator[None]:
        """Note why something is missing when the block does not get through."""
        try:
            yield
        except (Unsupported, Blocked, DriverError) as problem:
            self.found.missing |= dict.fromkeys(names, reason_of(problem))

    def register(self, owner: str) -> str:
        """Register a resource with two scopes."""
        name = self._name("resource")
        self._do(Step(Action.REGISTER, name, owner, scopes=_BOTH))
        return self._there(name, name in self.performer.world.resources)

    def share(self, owner: str) -> str:
        """Set a policy of a new resource."""
        resource = self.register(owner)
        self._allow(resource, PARTY, by_visit=False)
        return resource

    def withdraw(self, owner: str) -> None:
        """Set a policy and withdraw it."""
        found = self.performer.world.resources[self.share(owner)]
        self.performer.scene.driver.set_policy(found.owner, found.id, ())

    def ask(self, resource: str, *scopes: str) -> str:
        """Get a ticket."""
        name = self._name("ticket")
        self._do(Step(Action.ASK, name, wanted={resource: scopes}))
        return self._there(name, name in self.performer.world.tickets)

    def grant(self, party: str, client: str) -> None:
        """Get an RPT by pushed claims."""
        resource = self.register(OWNER)
        self._allow(resource, party, by_visit=False)
        ticket = self.ask(resource, "view")
        self._redeem(Step(Action.REDEEM, ticket=ticket, client=client, party=party))

    def visit(self, client: str) -> None:
        """Get an RPT by a visit to the claims interaction endpoint."""
        resource = self.register(OWNER)
        self._allow(resource, PARTY, by_visit=True)
        if not self.performer.scene.driver.redirects(client).claims:
            raise Unsupported(f"{client} has no claims redirection URI")
        asked = self._name("answer")
        ticket = self.ask(resource, "view")
        self._do(Step(Action.REDEEM, asked, ticket=ticket, client=client))
        self._there(asked, asked in self.performer.world.tickets)
        back = self._name("ticket")
        self._do(Step(Action.VISIT, back, ticket=asked, client=client, party=PARTY, remember=True))
        self._there(back, back in self.performer.world.tickets)
        self._redeem(Step(Action.REDEEM, ticket=back, client=client))

    def _allow(self, resource: str, party: str, *, by_visit: bool) -> None:
        scopes = frozenset({"view"})
        found = self.performer.world.resources[resource]
        policy = Policy(scopes, party, by_visit=by_visit)
        self.performer.scene.driver.set_policy(found.owner, found.id, [policy])

    def _redeem(self, step: Step) -> None:
        name = self._name("answer")
        self._do(replace(step, result=name))
        self._there(name, name in self.performer.world.answers)

    def _do(self, step: Step) -> None:
        # What the trial breaks is no matter here: walks will see it again.
        self.performer.world.lost = False
        take(self.performer.world, self.performer.do(step))

    def _there(self, name: str, there: bool) -> str:  # noqa: FBT001 - reads as a sentence
        if not there:
            last = self.performer.walk[-1].exchange
            outline = last.outline if last else "no answer"
            raise Blocked(Outcome.CANT_TELL, f"{self.performer.walk[-1].step.action}: {outline}")
        return name

    def _name(self, kind: str) -> str:
        self.count += 1
        return f"{kind} {self.count}"
