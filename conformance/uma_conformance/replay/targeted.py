"""The stage of any authorization server: its driver sets up, the suite plays everybody else."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ParamSpec

from uma_conformance.actors.metadata import Blocked
from uma_conformance.actors.user_agent import UserAgent, origin_of
from uma_conformance.drivers.protocol import ClaimToken, DriverError, Flaw, Unsupported, Wish
from uma_conformance.opening import OpenTarget
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.surroundings import Surroundings
from uma_conformance.replay.casting import Casting
from uma_conformance.replay.endings import introspection_answer, rpt_answer, ticket_answer
from uma_conformance.replay.names import NamedJournal
from uma_conformance.replay.policies import Policies
from uma_conformance.replay.visits import Trip, travel
from uma_conformance.trace import Exchange
from uma_conformance.wire import Answer as Received
from uma_conformance.wire import TargetSilent
from uma_scenarios import Act, Answer, CannotDo, Ending, Scenario, StageFailed, Step, Tokens

_Arguments = ParamSpec("_Arguments")


def told(method: Callable[_Arguments, Answer]) -> Callable[_Arguments, Answer]:
    """Turn what drivers and actors raise into what a player understands."""

    @functools.wraps(method)
    def telling(*given: _Arguments.args, **named: _Arguments.kwargs) -> Answer:
        try:
            return method(*given, **named)
        except Unsupported as reason:
            raise CannotDo(str(reason)) from None
        except (Blocked, TargetSilent) as stop:
            raise StageFailed(stop.gap.reason) from None
        except DriverError as error:
            raise StageFailed(f"the driver failed: {error}") from None

    return telling


class TargetStage:
    """Plays clients, resource servers and people; resource servers serve within this process."""

    def __init__(
        self,
        scenario: Scenario,
        ready: OpenTarget,
        surroundings: Surroundings,
        parts: Mapping[str, str] | None = None,
    ) -> None:
        self._scenario = scenario
        self._ready = ready
        self._surroundings = surroundings
        self._casting = Casting(scenario, parts or {})
        self._policies = Policies(self._casting, ready.driver)
        self._journal = NamedJournal(surroundings.wire, "preflight")
        self._waited = 0

    @property
    def about(self) -> str:
        """What it is."""
        return f"{self._ready.target.name}; its requesting parties play the cast in turn"

    @property
    def recorded(self) -> Sequence[Exchange]:
        """Everything that was sent so far."""
        return self._surroundings.wire.recorded

    @property
    def issuer(self) -> str:
        """The issuer of the authorization server."""
        return self._ready.driver.issuer

    def begin(self, step: Step) -> None:
        """Give the following exchanges to a step."""
        self._journal = NamedJournal(self._surroundings.wire, step.id)

    @told
    def set_up(self, scenario: Scenario) -> Answer:
        """Register what can be registered; policies follow when somebody's turn comes."""
        left_out: list[str] = []
        for resource in scenario.resources.values():
            if resource.server in self._casting.parts:
                continue
            try:
                owner = self._casting.owner(resource.owner)
            except CannotDo:
                left_out.append(resource.id)
                continue
            server = self._casting.server(resource.server)
            scene = self._scene(server=resource.server)
            description = {
                **scene.description(resource.scopes, owner),
                "name": resource.name,
                **({"type": resource.type} if resource.type else {}),
            }
            if not self._policies.ids:
                # The first one finds out where this server keeps its resources.
                created = scene.create(description, purpose=f"Register {resource.name}")
            else:
                actor = scene.resource_server(owner, server)
                created = actor.create(description, purpose=f"Register {resource.name}")
            self._policies.add(resource.id, scene.identified(created))
        self._policies.rules |= {item.id for item in scenario.policies.values() if item.standing}
        said = f"resources registered: {len(self._policies.ids)}"
        if left_out:
            said += f"; left out for want of an owner: {', '.join(left_out)}"
        return self._with_numbers(Answer(Ending.DONE, said))

    @told
    def use(self, act: Act, tokens: Tokens) -> Answer:
        """Be the resource server that a client asks (Grant 3.2, 3.5)."""
        resource = self._scenario.resources[act.resource]
        server = self._casting.server(resource.server)
        if act.rpt_of:
            self._casting.apart(act.rpt_of, resource.server)
        self._policies.give_turn(act.who)
        if resource.id in self._policies.gone:
            return Answer(Ending.GONE, "the document is not there any more")
        needed = resource.write if act.operation == "write" else resource.read
        first = len(self.recorded)
        if tokens.rpt:
            seen = self._introspected(resource.id, tokens.rpt)
            if needed in (seen.permits or {}).get(resource.id, frozenset()):
                served = Answer(Ending.SERVED, "the RPT permits it", document=resource.document)
                return self._with_numbers(served, first)
        wanted = {self._id(resource.id): {needed}}
        for name in resource.related:
            other = self._scenario.resources[name]
            if needed in other.scopes:
                wanted[self._id(name)] = {needed}
        scene = self._scene(server=resource.server)
        owner = self._casting.owner(resource.owner)
        received = scene.ask_for_ticket(wanted, owner=owner, resource_server=server)
        answer = ticket_answer(received)
        if answer.ending is Ending.TICKET:
            answer = replace(answer, ending=Ending.CHALLENGED, said="a permission ticket")
        return self._with_numbers(answer, first)

    @told
    def ask(self, act: Act, tokens: Tokens) -> Answer:
        """Send the request for an RPT."""
        self._policies.give_turn(act.who)
        scene, client = self._scene(act), self._casting.client(act.client)
        self._require_scopes(act, client)
        parameters = {"scope": " ".join(act.scopes)} if act.scopes else {}
        parameters |= {"rpt": tokens.rpt} if tokens.rpt else {}
        parameters |= {"pct": tokens.pct} if tokens.pct else {}
        if act.expect is Ending.REQUEST_DENIED:
            parameters |= dict(scene.driver.denial_parameters())
        claims = self._claims(scene, act.who, client, act.claims)
        received = scene.client(client).request_rpt(tokens.ticket, claims, **parameters)
        return rpt_answer(received)

    @told
    def visit(self, act: Act, tokens: Tokens) -> Answer:
        """Send the person's browser to the claims interaction endpoint."""
        self._policies.give_turn(act.who)
        client, scene = self._casting.client(act.client), self._scene(act)
        place = tokens.place or scene.surroundings.metadata.endpoints.get(
            "claims_interaction_endpoint", ""
        )
        redirects = scene.driver.redirects(client).claims
        if not place or not redirects:
            raise CannotDo("the target names no claims interaction endpoint for this client")
        browser = UserAgent(self._journal, origin_of(self.issuer))
        first = len(self.recorded)
        credentials = scene.credentials(client)
        trip = Trip(place, credentials.client_id, tokens.ticket, redirects[0], act.unregistered)
        wish = Wish.BE_REMEMBERED if act.remember else Wish.GO_ON
        party = self._casting.party(act.who)
        answer = travel(browser, trip, lambda page: scene.driver.act_as(party, browser, page, wish))
        return self._with_numbers(answer, first)

    @told
    def refresh(self, act: Act, tokens: Tokens) -> Answer:
        """Present the refresh token."""
        scope = {"scope": " ".join(act.scopes)} if act.scopes else {}
        client = self._scene(act).client(self._casting.client(act.client))
        return rpt_answer(client.refresh(tokens.refresh, **scope))

    @told
    def introspect(self, resource: str, rpt: str) -> Answer:
        """Find out what an RPT permits, by introspection or as the driver can."""
        first = len(self.recorded)
        return self._with_numbers(self._introspected(resource, rpt), first)

    @told
    def request_ticket(self, act: Act) -> Answer:
        """Ask for a ticket for resources, by the identifiers that they were given."""
        if act.who:
            self._policies.give_turn(act.who)
        first = self._scenario.resources[next(iter(act.wants), act.resource)]
        wants = act.wants or {first.id: frozenset({first.read})}
        received: Received = self._scene(server=first.server).ask_for_ticket(
            {self._id(name): scopes for name, scopes in wants.items()},
            owner=self._casting.owner(first.owner),
            resource_server=self._casting.server(first.server),
        )
        return ticket_answer(received)

    @told
    def wait(self, seconds: int) -> Answer:
        """Let time pass, unless a policy would have to end by itself meanwhile."""
        until = self._waited + seconds
        rules = self._scenario.policies.values()
        if any(self._waited < item.seconds <= until for item in rules):
            raise CannotDo("a policy would end by then, and drivers set none that do")
        self._ready.driver.pass_time(seconds)
        self._waited = until
        return Answer(Ending.DONE, "the time is over")

    @told
    def decide(self, act: Act, *, approve: bool) -> Answer:
        """Have the driver decide as the owner."""
        owner = self._casting.owner(self._scenario.resources[act.resource].owner)
        self._ready.driver.settle(owner, self._id(act.resource), approve=approve)
        return Answer(Ending.DONE, "decided by the driver")

    @told
    def share(self, policy: str) -> Answer:
        """Have the driver set a policy."""
        self._policies.rules.add(policy)
        self._policies.bring_up_to_date()
        return Answer(Ending.DONE, "set by the driver")

    @told
    def withdraw(self, policy: str) -> Answer:
        """Have the driver set the policies without one."""
        self._policies.rules.discard(policy)
        self._policies.bring_up_to_date()
        return Answer(Ending.DONE, "withdrawn by the driver")

    @told
    def deregister(self, resource: str) -> Answer:
        """End the registration of a resource."""
        item = self._scenario.resources[resource]
        scene = self._scene(server=item.server)
        actor = scene.resource_server(
            self._casting.owner(item.owner), self._casting.server(item.server)
        )
        received = actor.delete(self._id(resource))
        numbers = (received.exchange.number,)
        if received.status not in {200, 204}:
            return Answer(Ending.OTHER, received.exchange.outline, numbers)
        self._policies.gone.add(resource)
        return Answer(Ending.DONE, "its registration has ended", numbers)

    def stop(self) -> Answer:
        """Raise `CannotDo`: drivers do not stop servers."""
        raise CannotDo("a driver does not take its server down")

    def start(self) -> Answer:
        """Raise `CannotDo`: drivers do not start servers again."""
        raise CannotDo("a driver does not take its server down")

    def seen_of_owners(self) -> Mapping[str, Sequence[str]] | None:
        """Return nothing: a driver sets policies out of sight."""
        return None

    def _require_scopes(self, act: Act, client: str) -> None:
        """Raise `CannotDo` for scopes that a client has in the scenario and lacks at the target."""
        wanted = self._scenario.clients[act.client].scopes & set(act.scopes)
        missing = wanted - self._ready.driver.client_scopes(client) if wanted else wanted
        if missing:
            raise CannotDo(f"the target's client {client} is not registered for {min(missing)}")

    def _claims(
        self, scene: Scene, person: str, client: str, providers: Sequence[str]
    ) -> ClaimToken | None:
        """Return what a provider says of a person, for a client of the target to push."""
        if not providers:
            return None
        trusted = self._scenario.providers[providers[0]].trusted
        flaw = None if trusted else Flaw.UNTRUSTED_ISSUER
        return scene.claims(self._casting.party(person), client, flaw=flaw)

    def _introspected(self, resource: str, rpt: str) -> Answer:
        item = self._scenario.resources[resource]
        owner, part = self._casting.owner(item.owner), self._casting.server(item.server)
        scene = self._scene(server=item.server)
        answer = Answer(Ending.ACTIVE, "the driver tells", ())
        if "introspection_endpoint" in scene.surroundings.metadata.endpoints:
            received = scene.introspect(rpt, "introspection", owner=owner, resource_server=part)
            answer = introspection_answer(received)
        if answer.ending is Ending.ACTIVE and answer.permits is None:
            granted = scene.driver.granted_permissions(rpt, part)
            answer = replace(answer, permits={item.resource_id: item.scopes for item in granted})
        names = {resource_id: name for name, resource_id in self._policies.ids.items()}
        permits = {names.get(name, name): s for name, s in (answer.permits or {}).items()}
        return replace(answer, permits=permits)

    def _scene(self, act: Act | None = None, server: str = "") -> Scene:
        """Return a scene whose actors are called as in the scenario."""
        names: dict[str, str] = {}
        if act is not None:
            names["client"] = self._scenario.clients[act.client].name
            names["requesting party"] = self._scenario.people[act.who].name
        if server:
            names["resource server"] = self._scenario.servers[server].name
        journal = NamedJournal(self._surroundings.wire, self._journal.probe, names=names)
        self._journal = journal
        return Scene(self._surroundings, journal)

    def _id(self, resource: str) -> str:
        if resource not in self._policies.ids:
            raise StageFailed(f"{resource} is not registered")
        return self._policies.ids[resource]

    def _with_numbers(self, answer: Answer, first: int | None = None) -> Answer:
        """Return an answer with the numbers of what was sent for it, or in this step."""
        recorded = self.recorded
        begun = [item for item in recorded if item.probe == self._journal.probe]
        sent = begun if first is None else recorded[first:]
        return replace(answer, exchanges=tuple(item.number for item in sent))
