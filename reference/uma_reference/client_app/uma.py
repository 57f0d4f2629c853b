"""The client library as this application uses it. Everything here blocks."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from uma_reference.client import (
    Done,
    GivenClaims,
    NeedsUser,
    Options,
    Refused,
    Revoker,
    Sender,
    UmaClient,
    Waiting,
    Wallet,
    WalletError,
)
from uma_reference.client.messages import Headers
from uma_reference.client.outcomes import Outcome
from uma_reference.client_app.attempts import Attempt
from uma_reference.client_app.config import Config
from uma_reference.client_app.people import Person
from uma_reference.clock import Clock, Randomness

_WALLET_TROUBLE = "what this application keeps for people cannot be read or written at the moment"


@dataclass(frozen=True, slots=True)
class Uma:
    """Goes on with attempts, each with a client of its own that tells the attempt's story."""

    config: Config
    sender: Sender
    wallet: Wallet
    clock: Clock
    randomness: Randomness

    def start(
        self, attempt: Attempt, person: Person, body: bytes = b"", headers: Headers = ()
    ) -> None:
        """Begin an attempt."""
        client = self._client(attempt, person)
        self._go(
            attempt,
            client,
            lambda: client.start(attempt.url, attempt.method, body, headers, person.id),
        )

    def resume(self, attempt: Attempt, person: Person, visit: NeedsUser, query: str) -> None:
        """Go on with an attempt, taken out before, after its person came back."""
        client = self._client(attempt, person)
        self._go(attempt, client, lambda: client.resume(visit.flow, query))

    def poll(self, attempt: Attempt, person: Person, waiting: Waiting) -> None:
        """Ask again about an attempt that was taken out before."""
        client = self._client(attempt, person)
        self._go(attempt, client, lambda: client.poll(waiting.flow))

    def revoker(self) -> Revoker:
        """Return what forgets and revokes what is kept."""
        return Revoker(
            self.sender,
            self.wallet,
            self.randomness.token,
            clock=lambda: float(self.clock.now()),
            http_on_loopback=self.config.http_on_loopback,
        )

    def _go(self, attempt: Attempt, client: UmaClient, step: Callable[[], Outcome]) -> None:
        outcome: Outcome = Refused("failed", "something went wrong in this application", True)  # noqa: FBT003 - passing
        try:
            outcome = step()
            done = isinstance(outcome, Done) and outcome.response.status < 300
            if done and attempt.method != "GET":
                # What a change left behind is what a person wants to see of it.
                attempt.method, attempt.saved = "GET", True
                outcome = client.start(attempt.url, party=attempt.party)
        except WalletError as error:
            logging.getLogger(__name__).error("%s", error)  # noqa: TRY400 - its message says it all
            outcome = Refused("wallet", _WALLET_TROUBLE, passing=True)
        finally:
            attempt.outcome = outcome

    def _client(self, attempt: Attempt, person: Person) -> UmaClient:
        config = self.config
        return UmaClient(
            self.sender,
            options=Options(
                claims_redirect_uri=config.claims_redirect_uri,
                issuers=config.authorization_servers,
                resource_servers=config.resource_servers,
                http_on_loopback=config.http_on_loopback,
            ),
            wallet=self.wallet,
            claims=GivenClaims(*person.claim_tokens),
            observer=attempt.story,
            clock=lambda: float(self.clock.now()),
            randomness=self.randomness.token,
            client_name=config.title,
            resource_bytes=config.limits.resource_bytes,
        )
