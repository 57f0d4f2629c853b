"""A stage with a client of somebody else too: a program that is told what to get, and for whom.

What it sends is not seen. What it brings, and the exit status with which it ends, is.
"""

from dataclasses import replace

from uma_conformance.opening import OpenTarget
from uma_conformance.probes.surroundings import Surroundings
from uma_conformance.replay.others.declared import ClientOfOthers, Others
from uma_conformance.replay.others.resource_servers import ServersStage
from uma_conformance.replay.others.running import GOT, REFUSED, Errand, Ran, run
from uma_conformance.replay.targeted import told
from uma_conformance.trace import parse_json
from uma_scenarios import Act, Answer, CannotDo, Ending, Scenario, Tokens

# Stands for what the client keeps: to the player, tickets, RPTs and PCTs are no more than names.
_KEPT = "kept by the client"
_REFUSALS = frozenset(
    {
        *(Ending.NEED_INFO, Ending.REQUEST_DENIED, Ending.INVALID_GRANT, Ending.INVALID_SCOPE),
        Ending.CHALLENGED,
    }
)
_PUT_OFF = frozenset({Ending.REQUEST_SUBMITTED, Ending.UNREACHABLE})
_ITS_OWN = "what a client of somebody else shows is its own choice"


class ClientStage(ServersStage):
    """Runs the client for each act in which it has something to get; asks without RPTs itself."""

    def __init__(
        self,
        scenario: Scenario,
        ready: OpenTarget,
        surroundings: Surroundings,
        others: Others,
        client: ClientOfOthers,
    ) -> None:
        super().__init__(scenario, ready, surroundings, others)
        self._client = client
        self._after: dict[tuple[str, str], Act] = {}
        self._pushed: dict[tuple[str, str], tuple[str, ...]] = {}
        self._has_got_something = False

    @property
    def about(self) -> str:
        """What it is."""
        return f"{super().about}; the client is of somebody else, and what it sends is not seen"

    @told
    def use(self, act: Act, tokens: Tokens) -> Answer:
        """Have the client get a document, or see how the resource server answers without an RPT."""
        self._require_theirs(act)
        if act.rpt_of or act.rpt == "older":
            raise CannotDo(_ITS_OWN)
        self._policies.give_turn(act.who)
        self._after[act.who, act.client] = act
        if Ending.SERVED in act.endings and act.rpt != "none":
            return self._gone_for(act, act, (), self._pushed.get((act.who, act.client), ()))
        resource = self._scenario.resources[act.resource]
        answer = self._sent(resource, act.operation, "")
        said = f"{answer.said}, as the suite asked by itself"
        unseen = "how the client is answered with its RPT" if tokens.rpt else ""
        return replace(answer, said=said, unseen=unseen)

    @told
    def ask(self, act: Act, tokens: Tokens) -> Answer:  # noqa: ARG002 - the protocol
        """Have the client get what its person is after; what comes of it shows how it was answered.

        No tokens are handed to it: it has its own.
        """
        errand = self._after.get((act.who, act.client))
        if errand is None:
            raise CannotDo("the client of somebody else was told to get nothing yet")
        if act.ticket == "used" or act.upgrade or act.pct not in {"", "own"}:
            raise CannotDo(_ITS_OWN)
        self._policies.give_turn(act.who)
        self._require_scopes(act, self._client.registration)
        self._pushed[act.who, act.client] = act.claims
        return self._gone_for(errand, act, act.scopes, act.claims)

    @told
    def visit(self, act: Act, tokens: Tokens) -> Answer:  # noqa: ARG002 - the protocol
        """Raise `CannotDo`: where the client sends people is not seen."""
        raise CannotDo("a client of somebody else sends people out of sight")

    @told
    def refresh(self, act: Act, tokens: Tokens) -> Answer:  # noqa: ARG002 - the protocol
        """Raise `CannotDo`: a client refreshes when it likes."""
        raise CannotDo(_ITS_OWN)

    @told
    def introspect(self, resource: str, rpt: str) -> Answer:  # noqa: ARG002 - the protocol
        """Raise `CannotDo`: the client keeps its RPT."""
        raise CannotDo("a client of somebody else keeps its RPT")

    def _require_theirs(self, act: Act) -> None:
        server = self._scenario.servers[self._scenario.resources[act.resource].server]
        if server.id not in self._others.servers:
            raise CannotDo(f"{server.name} is played, and serves no client of somebody else")

    def _gone_for(
        self, errand: Act, act: Act, scopes: tuple[str, ...], claims: tuple[str, ...]
    ) -> Answer:
        resource = self._scenario.resources[errand.resource]
        usage = self._usage(resource, errand.operation)
        token = self._claims(self._scene(act), act.who, self._client.registration, claims)
        ran = run(
            self._client,
            Errand(
                usage.url,
                usage.method,
                act.who,
                " ".join(scopes),
                token.value if token else "",
                usage.body,
            ),
            self._ready.target.folder,
            self._ready.target.limits.body_bytes,
        )
        command = self._surroundings.wire.redactor.text(ran.command)
        said = f"exit status {ran.status} of {command}"
        if ran.status != GOT:
            return self._without(act, ran, said)
        document = parse_json(ran.output) if not usage.body else None
        compared = self._compared(resource, document)
        if not usage.body and compared is not resource.document:
            return Answer(Ending.OTHER, f"not the document of {resource.id}; {said}")
        self._has_got_something = True
        ending = Ending.SERVED if act is errand else Ending.GRANTED
        unseen = "whether a PCT came" if act.gives_pct is not None else ""
        return Answer(
            ending, said, rpt=_KEPT, pct=_KEPT, document=compared, seen="got", unseen=unseen
        )

    def _without(self, act: Act, ran: Ran, said: str) -> Answer:
        """Return how an act ended in which the client got nothing."""
        seen, endings = "put off", _PUT_OFF
        if ran.status == REFUSED:
            seen, endings = "refused", _REFUSALS
        fitting = [item for item in (act.expect, *sorted(act.legal)) if item in endings]
        if not fitting:
            return Answer(Ending.OTHER, f"{seen}, with {said}")
        unseen = ""
        if not self._has_got_something:
            unseen = "whether it was the authorization server, as the client never got anything yet"
        elif act.hints and fitting[0] is Ending.NEED_INFO:
            unseen = "the hints that come with need_info"
        said = f"{said}; with which error is not seen"
        return Answer(fitting[0], said, ticket=_KEPT, seen=seen, unseen=unseen)
