"""The client: drives flows over HTTP and keeps what they bring."""

import math
import secrets
import time
from collections import deque
from collections.abc import Callable
from urllib.parse import parse_qsl

from uma_reference.client.authentication import InvalidKey, authenticated
from uma_reference.client.claims import ClaimSource, GivenClaims
from uma_reference.client.events import SECRET_KINDS, Event, Observer, detail, event
from uma_reference.client.flow import (
    Context,
    DropPct,
    DropRpt,
    Effect,
    Flow,
    KeepPct,
    KeepRpt,
    Move,
    Options,
)
from uma_reference.client.holdings import Credentials
from uma_reference.client.identities import Identities
from uma_reference.client.interaction import Interaction, NobodyReturned
from uma_reference.client.machine import advance, returned, start, waited
from uma_reference.client.messages import (
    Headers,
    HttpAnswer,
    HttpRequest,
    NoAnswer,
    parse_object,
)
from uma_reference.client.outcomes import Done, NeedsUser, Outcome, Refused, Waiting
from uma_reference.client.steps import (
    Answer,
    AskUser,
    FetchDiscovery,
    FindClaims,
    FindIdentity,
    Finish,
    FoundClaims,
    SendResourceRequest,
    SendTokenRequest,
    Stop,
    Wait,
)
from uma_reference.client.transport import Sender
from uma_reference.client.wallet import MemoryWallet, Wallet
from uma_reference.opaque import digest

_MESSAGE_BYTES = 1 << 20
_RESOURCE_BYTES = 1 << 30
_REMEMBERED_FLOWS = 10_000


def system_random() -> str:
    """Return 43 characters that nobody can guess (Grant 5.1)."""
    return secrets.token_urlsafe(32)


class UmaClient:
    """Gets resources on behalf of requesting parties (Grant 3).

    A program with a terminal uses `get`. A web application uses `start`, keeps the flow of
    `NeedsUser` or `Waiting` in the session of that requesting party (`documents.to_document`; it
    holds secrets, so on the server's side), and goes on with `resume` or `poll`. One object serves
    many parties, told apart by `party`, for which the application has to vouch (Grant 5.2).
    """

    def __init__(  # noqa: PLR0913 - every collaborator is given from outside
        self,
        sender: Sender,
        *,
        options: Options | None = None,
        credentials: Credentials | None = None,
        wallet: Wallet | None = None,
        claims: ClaimSource | None = None,
        observer: Observer = lambda _: None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        randomness: Callable[[], str] = system_random,
        client_name: str = "UMA 2.0 reference client",
        resource_bytes: int = _RESOURCE_BYTES,
    ) -> None:
        self._sender = sender
        self._options = options or Options()
        self._wallet = wallet or MemoryWallet()
        self._claims = claims or GivenClaims()
        self._observer = observer
        self._clock = clock
        self._sleep = sleep
        self._randomness = randomness
        self._resource_bytes = resource_bytes
        self._identities = Identities(
            sender, self._wallet, self._options, credentials, client_name, observer
        )
        self._continued: deque[str] = deque(maxlen=_REMEMBERED_FLOWS)

    def start(
        self,
        url: str,
        method: str = "GET",
        body: bytes = b"",
        headers: Headers = (),
        party: str = "me",
    ) -> Outcome:
        """Ask for a resource and go as far as possible without the requesting party."""
        held = tuple(item for item in self._wallet.read().rpts if item.party == party)
        return self._run(start(HttpRequest(method, url, headers, body), party, held, self._now()))

    def resume(self, flow: Flow, query: str) -> Outcome:
        """Go on after the requesting party came back with this query (Grant 3.3.3).

        A flow goes on only once in this object; where several processes serve the claims
        redirection URI, take the flow out of the session before calling this.
        """
        if not self._first_time(flow.state):
            return Refused("state_mismatch", "this return was used already")
        return self._run(returned(flow, query, self._now()))

    def poll(self, flow: Flow) -> Outcome:
        """Ask again whether the resource owner has decided; too early, it is `Waiting` still.

        As each poll uses up a ticket (Grant 5.5), go on with the flow of the newest outcome.
        """
        now = self._now()
        if now.now >= flow.not_before and not self._first_time(flow.ticket):
            return Refused("ticket_reused", "this flow went on already; use its newest outcome")
        return self._run(waited(flow, now))

    def get(  # noqa: PLR0913 - a request has these parts
        self,
        url: str,
        method: str = "GET",
        body: bytes = b"",
        headers: Headers = (),
        party: str = "me",
        *,
        interaction: Interaction | None = None,
        wait_seconds: float = 0,
        on_waiting: Callable[[float], None] = lambda _: None,
    ) -> Outcome:
        """Ask for a resource to the end: with visits and with waits up to `wait_seconds` in all."""
        ends = self._clock() + wait_seconds
        outcome = self.start(url, method, body, headers, party)
        while True:
            if isinstance(outcome, NeedsUser) and interaction is not None:
                try:
                    query = interaction.visit(outcome.url)
                except NobodyReturned as error:
                    return Refused("nobody_returned", str(error), passing=True)
                outcome = self.resume(outcome.flow, query)
            elif isinstance(outcome, Waiting) and outcome.until <= ends:
                pause = max(0.0, outcome.until - self._clock())
                on_waiting(pause)
                self._sleep(pause)
                outcome = self.poll(outcome.flow)
            else:
                return outcome

    def _first_time(self, secret: str) -> bool:
        """Tell whether a state or a ticket is used for the first time, and remember it."""
        key = digest(secret)
        if secret and key in self._continued:
            return False
        self._continued.append(key)
        return True

    def _now(self) -> Context:
        return Context(math.floor(self._clock()), self._randomness(), self._options)

    def _run(self, move: Move) -> Outcome:
        while True:
            for effect in move.effects:
                self._apply(effect)
            match move.step:
                case AskUser(url):
                    return NeedsUser(move.flow, url)
                case Wait(until):
                    return Waiting(move.flow, until)
                case Finish(answer):
                    return Done(answer)
                case Stop(error, why, passing):
                    self._observer(event("The end: {why}.", why=why))
                    return Refused(error, why, passing)
                case step:
                    found = self._perform(step, move.flow.party)
                    move = advance(move.flow, found, self._now())

    def _apply(self, effect: Effect) -> None:
        match effect:
            case Event():
                self._observer(effect)
            case KeepRpt(rpt, instead_of):
                self._wallet.change(lambda held: held.with_rpt(rpt, instead_of))
            case DropRpt(rpt):
                self._wallet.change(lambda held: held.without_rpt(rpt))
            case KeepPct(pct):
                self._wallet.change(lambda held: held.with_pct(pct))
            case DropPct(pct):
                self._wallet.change(lambda held: held.without_pct(pct))

    def _perform(
        self,
        step: SendResourceRequest | FetchDiscovery | FindIdentity | FindClaims | SendTokenRequest,
        party: str,
    ) -> Answer:
        match step:
            case SendResourceRequest(request):
                return self._sender.send(request, self._resource_bytes)
            case FetchDiscovery(_, url):
                request = HttpRequest("GET", url, (("Accept", "application/json"),))
                return self._sender.send(request, _MESSAGE_BYTES)
            case FindIdentity(metadata):
                return self._identities.find(metadata, party, math.floor(self._clock()))
            case FindClaims(issuer, hints, pushed):
                return FoundClaims(self._claims.find(issuer, hints, pushed))
            case SendTokenRequest():
                return self._send_token_request(step)

    def _send_token_request(self, step: SendTokenRequest) -> HttpAnswer | NoAnswer:
        endpoint = step.metadata.token_endpoint
        credentials = self._identities.credentials(step.metadata.issuer)
        if credentials is None or credentials.client_id != step.client_id:
            return NoAnswer("the client is not the one that began this flow")
        now = math.floor(self._clock())
        try:
            request = authenticated(
                endpoint, step.form, credentials, endpoint, now, self._randomness()
            )
        except InvalidKey as error:
            return NoAnswer(f"the client's key: {error}")
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True)
        sent = tuple((name, detail(name, value)) for name, value in pairs)
        self._observer(Event("  The members of the request:", sent, members=True))
        answer = self._sender.send(request, _MESSAGE_BYTES)
        if isinstance(answer, HttpAnswer):
            self._observer(_shown(answer))
        return answer


def _shown(answer: HttpAnswer) -> Event:
    document = parse_object(answer.body) or {}
    members = tuple((name, detail(name, _text(name, value))) for name, value in document.items())
    return Event(
        f"  The members of the answer, with status {answer.status}:", members, members=True
    )


def _text(name: str, value: object) -> str:
    if isinstance(value, str):
        # The URL may hold an identifier of the requesting party in its query.
        return value.partition("?")[0] if name == "redirect_user" else value
    return "" if name in SECRET_KINDS else repr(value)
