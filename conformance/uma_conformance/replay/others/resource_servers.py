"""A stage with resource servers of somebody else, which registered their documents beforehand.

What they send to the authorization server is not seen; what they answer to clients is.
"""

from dataclasses import replace

from uma_conformance.opening import OpenTarget
from uma_conformance.probes.surroundings import Surroundings
from uma_conformance.replay.names import NamedJournal
from uma_conformance.replay.others.declared import Others, Place
from uma_conformance.replay.targeted import TargetStage, told
from uma_conformance.replay.using import Usage, write_body
from uma_conformance.trace import NOT_JSON
from uma_scenarios import Act, Answer, CannotDo, Ending, Scenario, Tokens
from uma_scenarios.model import Resource


class ServersStage(TargetStage):
    """Plays clients and people; resource servers that are not declared are played too."""

    def __init__(
        self, scenario: Scenario, ready: OpenTarget, surroundings: Surroundings, others: Others
    ) -> None:
        parts = {name: server.pats for name, server in others.servers.items()}
        super().__init__(scenario, ready, surroundings, parts)
        self._others = others

    @property
    def about(self) -> str:
        """What it is."""
        names = ", ".join(self._scenario.servers[name].name for name in self._others.servers)
        return (
            f"{super().about}; {names} are of somebody else, and what they send to the "
            "authorization server is not seen"
        )

    @told
    def set_up(self, scenario: Scenario) -> Answer:
        """See that each declared resource is protected: there is a ticket, so it is registered."""
        said = [super().set_up(scenario).said]
        wrong: list[str] = []
        for server in self._others.servers.values():
            for name, place in server.places.items():
                # Whoever replayed here before may have left policies behind.
                self._policies.add(name, place.id, bare=False)
                resource = scenario.resources[name]
                answer = self._sent(resource, "read" if resource.read else "write", "")
                if answer.ending is not Ending.CHALLENGED:
                    wrong.append(f"{name}: {answer.said}")
            said.append(f"{len(server.places)} more are said to be, and were asked for")
        if wrong:
            return self._with_numbers(Answer(Ending.OTHER, f"no challenge of {'; '.join(wrong)}"))
        return self._with_numbers(Answer(Ending.DONE, "; ".join(said)))

    @told
    def use(self, act: Act, tokens: Tokens) -> Answer:
        """Send the request of a client to the resource server."""
        resource = self._scenario.resources[act.resource]
        if resource.server not in self._others.servers:
            return super().use(act, tokens)
        if act.rpt_of:
            self._casting.apart(act.rpt_of, resource.server)
        self._policies.give_turn(act.who)
        return self._sent(resource, act.operation, tokens.rpt, self._client_name(act))

    @told
    def introspect(self, resource: str, rpt: str) -> Answer:
        """Look into an RPT with the PAT of the resource server, if the driver has it."""
        server = self._scenario.resources[resource].server
        if self._casting.parts.get(server) == "":
            raise CannotDo(f"{self._scenario.servers[server].name} alone can look into it")
        return super().introspect(resource, rpt)

    @told
    def request_ticket(self, act: Act) -> Answer:
        """Ask for a ticket as a resource server that is played."""
        self._require_own(next(iter(act.wants), act.resource), "asks for tickets")
        return super().request_ticket(act)

    @told
    def deregister(self, resource: str) -> Answer:
        """End a registration as a resource server that is played."""
        self._require_own(resource, "ends registrations")
        return super().deregister(resource)

    def _require_own(self, resource: str, does: str) -> None:
        server = self._scenario.servers[self._scenario.resources[resource].server]
        if server.id in self._others.servers:
            raise CannotDo(f"{server.name} is of somebody else and {does} by itself")

    def _place(self, resource: Resource) -> Place:
        try:
            return self._others.servers[resource.server].places[resource.id]
        except KeyError:
            raise CannotDo(
                f"the target file declares no resource_servers.{resource.server}.resources."
                f"{resource.id}"
            ) from None

    def _client_name(self, act: Act) -> str:
        return self._scenario.clients[act.client].name

    def _usage(self, resource: Resource, operation: str) -> Usage:
        """Return what is sent for an operation."""
        place = self._place(resource)
        if operation == "write":
            method = place.methods.get(resource.write, "PUT")
            return Usage(place.url, method, place.media_type, write_body(place.document))
        return Usage(place.url, place.methods.get(resource.read, "GET"), place.media_type)

    def _sent(
        self, resource: Resource, operation: str, rpt: str, client: str = "the suite"
    ) -> Answer:
        """Send a request, and find out whether a document is the one that was declared."""
        usage = self._usage(resource, operation)
        names = {"client": client, "receiver": self._scenario.servers[resource.server].name}
        journal = NamedJournal(self._surroundings.wire, self._journal.probe, names=names)
        answer = usage.send(journal, resource.name, rpt, self.issuer)
        if answer.ending is Ending.SERVED:
            answer = replace(answer, document=self._compared(resource, answer.document))
        return answer

    def _compared(self, resource: Resource, document: object) -> object:
        """Return the scenario's document for the declared one, and nothing like it for another."""
        return resource.document if document == self._place(resource).document else NOT_JSON
