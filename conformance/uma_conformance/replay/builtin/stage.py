"""The built-in stage: everything is real, and runs on this machine."""

import secrets
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from uma_conformance.actors.client import Client
from uma_conformance.actors.metadata import Metadata
from uma_conformance.actors.resource_server import ResourceServer
from uma_conformance.actors.user_agent import UserAgent, origin_of
from uma_conformance.drivers.builtin.visits import visit
from uma_conformance.drivers.protocol import ClaimToken, ClientCredentials, Wish
from uma_conformance.drivers.signing import Signer
from uma_conformance.probes.scene import joined
from uma_conformance.redaction import Redactor
from uma_conformance.replay.builtin.deployment import KEY_ID, Deployment, pat_client, redirect_uri
from uma_conformance.replay.builtin.house import House, open_house
from uma_conformance.replay.builtin.owners import OwnersHands
from uma_conformance.replay.endings import introspection_answer, rpt_answer, ticket_answer
from uma_conformance.replay.names import NamedJournal
from uma_conformance.replay.using import Usage, write_body
from uma_conformance.replay.visits import Trip, travel
from uma_conformance.trace import Exchange
from uma_conformance.wire import Limits, Message, Wire
from uma_reference.faults import Fault
from uma_reference.resource_server.errors import Refusal, Unavailable
from uma_reports.wording import counted
from uma_scenarios import Act, Answer, CannotDo, Ending, Scenario, StageFailed, Step, Tokens

_DAY = 86_400


class BuiltinStage:
    """Plays clients, people and owners against servers of the reference that run in `house`."""

    def __init__(self, deployment: Deployment, house: House, wire: Wire) -> None:
        self.deployment = deployment
        self._scenario = deployment.scenario
        self.house = house
        self._wire = wire
        self._journal = NamedJournal(wire, "preflight")
        self._metadata: Metadata | None = None
        self._pats: dict[tuple[str, str], str] = {}
        self._hands = OwnersHands(deployment, house)

    @property
    def about(self) -> str:
        """What it is."""
        servers = counted(len(self.house.urls), "resource server")
        return f"the built-in reference: one authorization server, {servers}"

    @property
    def recorded(self) -> Sequence[Exchange]:
        """Everything that was sent so far."""
        return self._wire.recorded

    @property
    def issuer(self) -> str:
        """The issuer of the authorization server."""
        return self.house.issuer

    def begin(self, step: Step) -> None:
        """Give the following exchanges to a step."""
        self._journal = NamedJournal(self._wire, step.id)

    def set_up(self, scenario: Scenario) -> Answer:
        """Have servers register and owners set their standing policies."""
        registered, exchanges = self._hands.register(self._journal)
        if registered != set(scenario.resources):
            missing = ", ".join(sorted(set(scenario.resources) - registered))
            return Answer(Ending.OTHER, f"not registered: {missing}", exchanges)
        standing = [item for item in scenario.policies.values() if item.standing]
        for policy in standing:
            exchanges += self._hands.share(self._journal, policy.id)
        said = f"resources registered: {len(registered)}, rules set: {len(standing)}"
        return Answer(Ending.DONE, said, exchanges)

    def use(self, act: Act, tokens: Tokens) -> Answer:
        """Send the request of a client to the resource server."""
        resource = self._scenario.resources[act.resource]
        server = self._scenario.servers[resource.server]
        body = write_body(resource.document) if act.operation == "write" else b""
        method = "PUT" if body else "GET"
        usage = Usage(self.house.place(resource), method, "application/fhir+json", body)

        def send() -> Answer:
            self._journal.names = {"client": self._client_name(act), "receiver": server.name}
            return usage.send(self._journal, resource.name, tokens.rpt, self.house.issuer)

        return self._heard(send)

    def ask(self, act: Act, tokens: Tokens) -> Answer:
        """Send the request for an RPT."""
        parameters = {"scope": " ".join(act.scopes)} if act.scopes else {}
        if tokens.rpt:
            parameters["rpt"] = tokens.rpt
        if tokens.pct:
            parameters["pct"] = tokens.pct
        claims = self._claims(act)
        received = self._client(act).request_rpt(tokens.ticket, claims, **parameters)
        return rpt_answer(received)

    def visit(self, act: Act, tokens: Tokens) -> Answer:
        """Send the person's browser to the claims interaction endpoint."""
        password = self.deployment.passwords[act.who]
        if not self._scenario.clients[act.client].visits:
            raise CannotDo(f"{act.client} sends nobody to the authorization server")
        self._journal.names = self._names(act)
        browser = UserAgent(
            NamedJournal(self._wire, self._journal.probe, names=self._names(act)),
            origin_of(self.house.issuer),
        )
        trip = Trip(
            tokens.place or self._endpoint("claims_interaction_endpoint"),
            act.client,
            tokens.ticket,
            redirect_uri(act.client),
            act.unregistered,
        )
        wish = Wish.BE_REMEMBERED if act.remember else Wish.GO_ON
        return travel(
            browser,
            trip,
            lambda page: visit(
                self.house.issuer, act.who, password, browser, page, wish, act.states
            ),
        )

    def refresh(self, act: Act, tokens: Tokens) -> Answer:
        """Present the refresh token."""
        scope = {"scope": " ".join(act.scopes)} if act.scopes else {}
        return rpt_answer(self._client(act).refresh(tokens.refresh, **scope))

    def introspect(self, resource: str, rpt: str) -> Answer:
        """Introspect with the PAT that the server has for the owner of the resource."""
        item = self._scenario.resources[resource]
        actor = self._resource_server(item.server, item.owner)
        answer = introspection_answer(
            actor.introspect(self._endpoint("introspection_endpoint"), rpt)
        )
        known = {resource_id: name for name, resource_id in self._hands.resource_ids.items()}
        permits = {known.get(name, name): s for name, s in (answer.permits or {}).items()}
        return Answer(answer.ending, answer.said, answer.exchanges, permits=permits)

    def request_ticket(self, act: Act) -> Answer:
        """Ask for a ticket for resources, by the identifiers that they were given."""
        first = self._scenario.resources[next(iter(act.wants), act.resource)]
        wants = act.wants or {first.id: frozenset({first.read})}
        wanted: list[dict[str, object]] = [
            {"resource_id": self._hands.resource_id(name), "resource_scopes": sorted(scopes)}
            for name, scopes in wants.items()
        ]
        actor = self._resource_server(first.server, first.owner)
        return ticket_answer(actor.request_permissions(wanted if len(wanted) > 1 else wanted[0]))

    def wait(self, seconds: int) -> Answer:
        """Move the clock of all servers."""
        self.house.clock.advance(seconds)
        self._pats.clear()
        return Answer(Ending.DONE, "the clocks of all servers were moved")

    def decide(self, act: Act, *, approve: bool) -> Answer:
        """Decide as the owner over her API."""
        return self._hands.decide(self._journal, act, approve=approve)

    def share(self, policy: str) -> Answer:
        """Set a policy as its owner."""
        return Answer(Ending.DONE, "the rule is set", self._hands.share(self._journal, policy))

    def withdraw(self, policy: str) -> Answer:
        """Withdraw a policy as its owner."""
        exchanges = self._hands.withdraw(self._journal, policy)
        return Answer(Ending.DONE, "the rule is withdrawn", exchanges)

    def deregister(self, resource: str) -> Answer:
        """Have the resource server remove a document and end its registration."""
        item = self._scenario.resources[resource]

        def remove() -> Answer:
            core = self.house.cores[item.server]
            core.store.delete_document(item.owner, item.id)
            try:
                core.registrar.deregister(item.owner, item.id)
            except (Unavailable, Refusal) as error:
                return Answer(Ending.OTHER, str(error))
            return Answer(Ending.DONE, "its registration has ended")

        return self._heard(remove)

    def stop(self) -> Answer:
        """Stop the authorization server."""
        self.house.authorization_server.stop()
        return Answer(Ending.DONE, "nothing answers there any more")

    def start(self) -> Answer:
        """Start the authorization server again, with all that it knew."""
        self.house.authorization_server.start()
        return Answer(Ending.DONE, "it answers again, and has forgotten nothing")

    def seen_of_owners(self) -> Mapping[str, Sequence[str]]:
        """Return what the servers saw of owners, and sessions that they have."""
        found: dict[str, list[str]] = {owner: [] for owner in self._scenario.owners}
        for owner, what in self.house.watch.taken():
            found[owner].append(what)
        return {owner: tuple(dict.fromkeys(items)) for owner, items in found.items()}

    def _heard(self, act: Callable[[], Answer]) -> Answer:
        """Act, and record what resource servers sent meanwhile."""
        answer = act()
        more = self.house.overheard.record(self._wire, self._journal.probe)
        return replace(answer, exchanges=(*answer.exchanges, *more))

    def _names(self, act: Act) -> Mapping[str, str]:
        return {
            "client": self._client_name(act),
            "requesting party": self._scenario.people[act.who].name,
        }

    def _client_name(self, act: Act) -> str:
        return self._scenario.clients[act.client].name

    def _client(self, act: Act) -> Client:
        self._journal.names = self._names(act)
        return Client(
            self._journal,
            self._endpoint("token_endpoint"),
            self.deployment.credentials(act.client),
        )

    def _claims(self, act: Act) -> ClaimToken | None:
        """Have an identity provider sign what it says of the person, for the client to push."""
        if not act.claims:
            return None
        (name,) = act.claims
        provider = self._scenario.providers[name]
        told = self._scenario.people[act.who].claims[name]
        now = self.house.clock.now()
        token = Signer(provider.issuer, self.deployment.keys[name], KEY_ID).token(
            told, act.client, (now - 60, now + _DAY)
        )
        self._wire.redactor.learn("claim-token", token.value)
        return token

    def _resource_server(self, server: str, owner: str) -> ResourceServer:
        pat = self._pat(server, owner)
        self._journal.names = {"resource server": self._scenario.servers[server].name}
        return ResourceServer(
            self._journal,
            joined(self._endpoint("resource_registration_endpoint")),
            self._endpoint("permission_endpoint"),
            pat,
        )

    def _pat(self, server: str, owner: str) -> str:
        """Get a PAT with the credentials that the resource server has for an owner."""
        if (server, owner) not in self._pats:
            name = pat_client(server, owner)
            self._journal.names = {"client": self._scenario.servers[server].name}
            client = Client(
                self._journal,
                self._endpoint("token_endpoint"),
                ClientCredentials(name, self.deployment.secrets[name]),
            )
            wanted = {"grant_type": "client_credentials", "scope": "uma_protection"}
            received = client.request_token(wanted, purpose="Get the owner's PAT")
            pat = received.member("access_token")
            if not pat:
                raise StageFailed(f"{server} gets no PAT: {received.exchange.outline}")
            self._wire.redactor.learn("pat", pat)
            self._pats[server, owner] = pat
        return self._pats[server, owner]

    def _endpoint(self, name: str) -> str:
        if self._metadata is None:
            received = self._journal.send(
                Message("GET", f"{self.house.issuer}/.well-known/uma2-configuration"),
                sender="client",
                endpoint="discovery",
                label="",
                purpose="Find the endpoints",
            )
            self._metadata = Metadata.read(received.exchange)
        try:
            return self._metadata.endpoints[name]
        except KeyError:
            raise StageFailed(f"the discovery document gives no {name}") from None


@contextmanager
def builtin_stage(
    scenario: Scenario,
    on_exchange: Callable[[Exchange], None] | None = None,
    fault: Fault | None = None,
    *,
    licences: bool = False,
) -> Generator[BuiltinStage]:
    """Run the servers of a scenario until the block ends, perhaps with a fault of the reference.

    With `licences`, its introspection answers show each permission as a licence.
    """
    deployment = Deployment.make(scenario, licences=licences)
    redactor = Redactor(secrets.token_bytes(32))
    for value in (*deployment.passwords.values(), *deployment.secrets.values()):
        redactor.learn("secret", value)
    with open_house(deployment, fault) as house:
        wire = Wire(redactor, Limits(), verify=house.verify, on_exchange=on_exchange)
        try:
            yield BuiltinStage(deployment, house, wire)
        finally:
            wire.close()
