"""A driver that answers what the target file gives, and nothing else.

The drivers `hook`, `table` and `manual` are this one with something added.
"""

import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from uma_conformance.drivers.declared.settings import Declared, DeclaredClient, PatSource
from uma_conformance.drivers.declared.tokens import Tokens
from uma_conformance.drivers.plain import PlainRequests
from uma_conformance.drivers.protocol import (
    ClaimToken,
    ClientCredentials,
    Flaw,
    NotRegistrable,
    Page,
    Policy,
    Redirects,
    TicketExpiry,
    Unsupported,
    UserAgent,
    Wish,
)
from uma_conformance.target import Target, trust
from uma_scenarios.durations import in_words as duration_in_words


@dataclass(frozen=True, slots=True)
class Waiting:
    """An expiry that is waited for."""

    seconds: int

    def wait(self) -> None:
        """Wait until the last ticket has expired, whole seconds left in no doubt."""
        time.sleep(self.seconds + 1)


class Visitor(Protocol):
    """Who makes visits in place of a driver."""

    def visit(self, party: str, agent: UserAgent, page: Page, wish: Wish) -> Page:
        """Do as `Driver.act_as` does."""
        ...

    def secrets(self) -> Iterable[tuple[str, str]]:
        """Yield (kind, value) of everything that must not reach a report."""
        ...

    def close(self) -> None:
        """End what was started for visits."""
        ...


class DeclaredDriver(PlainRequests):
    """Answers from the target file; the rest is `Unsupported`, with the key that would give it."""

    def __init__(self, target: Target, declared: Declared) -> None:
        self._issuer = target.issuer
        self.declared = declared
        self._tokens = Tokens(target.issuer, trust(target.ca_file))
        self.visitor: Visitor | None = None

    @property
    def issuer(self) -> str:
        """The issuer, as the target file has it."""
        return self._issuer

    def open(self) -> None:
        """Do nothing: everything is there before."""

    def close(self) -> None:
        """End what was started for visits."""
        if self.visitor is not None:
            self.visitor.close()
            self.visitor = None

    def secrets(self) -> Iterable[tuple[str, str]]:
        """Yield what is secret in the target file, and what visits need."""
        yield from (pair for pair in self.declared.secrets() if pair[1])
        if self.visitor is not None:
            yield from self.visitor.secrets()

    def pat(self, owner: str, resource_server: str) -> str:
        """Return the token of the target file, or get it with the client given there."""
        source = self._source(owner, resource_server)
        if source.credentials is None:
            return source.token
        key = f"driver.pats.{resource_server}.{owner}"
        return self._tokens.token(source.credentials, source.scope, key)

    def plain_token(self, owner: str, resource_server: str) -> str:
        """Return the plain token of the target file, or get one without `uma_protection`."""
        source = self._source(owner, resource_server)
        key = f"driver.pats.{resource_server}.{owner}"
        if source.credentials is not None:
            return self._tokens.token(source.credentials, source.plain_scope, key)
        if not source.plain_token:
            raise Unsupported(f"{key}.plain_token_env is not given")
        return source.plain_token

    def client(self, name: str) -> ClientCredentials:
        """Return a client of the target file."""
        return self._client(name).credentials

    def client_scopes(self, name: str) -> frozenset[str]:
        """Return the scopes that the target file gives a client."""
        return self._client(name).scopes

    def token_parameters(self) -> Mapping[str, str]:
        """Return the parameters of the target file."""
        return self.declared.token_parameters

    def denial_parameters(self) -> Mapping[str, str]:
        """Return the parameters of the target file."""
        return self.declared.denial_parameters

    def resource_members(self, owner: str) -> Mapping[str, object]:
        """Return the members of the target file."""
        return self.declared.resource_members.get(owner, {})

    def set_policy(
        self,
        owner: str,
        resource_id: str,
        policies: Iterable[Policy],  # noqa: ARG002 - the protocol
    ) -> None:
        """Raise `Unsupported`: a file sets no policies."""
        raise Unsupported(f"this driver cannot set policies of {owner} for {resource_id}")

    def claim_token(
        self,
        party: str,
        client: str,
        *,
        flaw: Flaw | None = None,
        without: frozenset[str] = frozenset(),
    ) -> ClaimToken:
        """Return the token of the target file, or sign the claims that it gives a party."""
        for given in self.declared.claim_tokens:
            if (party, client, flaw, without) == (
                *(given.party, given.client, given.flaw, given.without),
            ):
                return given.token
        signer = self.declared.signer
        if signer is None:
            raise Unsupported(
                "driver.claims is not given: no key to sign claim tokens with, and none of "
                f"driver.claim_tokens is of {party} for {client}"
                + (f", {flaw}" if flaw else "")
                + (f", without {', '.join(sorted(without))}" if without else "")
            )
        claims = self._party(party)
        kept = {name: value for name, value in claims.items() if name not in without}
        now = int(time.time())
        times = (now, now + self.declared.token_seconds)
        return signer.token(kept, self.client(client).client_id, times, flaw)

    def introspection_credentials(self, resource_server: str) -> ClientCredentials:
        """Return the credentials of the target file."""
        try:
            return self.declared.introspection[resource_server]
        except KeyError:
            raise Unsupported(f"driver.introspection.{resource_server} is not given") from None

    def short_lived_tickets(self) -> AbstractContextManager[TicketExpiry]:
        """Wait as long as the target file says that tickets live."""
        if not self.declared.ticket_seconds:
            raise Unsupported("driver.ticket_seconds is not given: how long tickets live")
        return nullcontext(Waiting(self.declared.ticket_seconds))

    def pass_time(self, seconds: float) -> None:
        """Wait, unless that is longer than the target file allows."""
        longest = self.declared.longest_wait_seconds
        if seconds > longest:
            raise Unsupported(
                f"driver.longest_wait_seconds is {longest}: nobody waits "
                f"{duration_in_words(round(seconds))}"
            )
        time.sleep(seconds)

    def redirects(self, client: str) -> Redirects:
        """Return the redirection URIs that the target file gives a client."""
        return self._client(client).redirects

    def act_as(self, party: str, agent: UserAgent, page: Page, wish: Wish) -> Page:
        """Have the visit made in a browser, if the target file has one, or as the driver does."""
        if self.visitor is not None:
            return self.visitor.visit(party, agent, page, wish)
        return self._visit(party, agent, page, wish)

    def returns(self) -> Iterable[str]:
        """Yield every address at which a client of the target file expects parties back."""
        for client in self.declared.clients.values():
            yield from client.redirects.claims
            yield from client.redirects.oauth

    def _visit(
        self,
        party: str,
        agent: UserAgent,  # noqa: ARG002 - for those who visit
        page: Page,  # noqa: ARG002 - for those who visit
        wish: Wish,  # noqa: ARG002 - for those who visit
    ) -> Page:
        """Raise `Unsupported`: nobody is there to visit the pages."""
        raise Unsupported(f"browser is not given: nobody acts as {party} on the target's pages")

    def settle(
        self,
        owner: str,
        resource_id: str,
        *,
        approve: bool,  # noqa: ARG002 - the protocol
    ) -> None:
        """Raise `Unsupported`: nobody is there to decide."""
        raise Unsupported(f"this driver cannot decide for {owner} about {resource_id}")

    def registration_headers(self) -> Mapping[str, str]:
        """Return the initial access token of the target file (RFC 7591 3), or nothing."""
        token = self.declared.registration_token
        return {"authorization": f"Bearer {token}"} if token else {}

    def identity_of(self, party: str) -> Mapping[str, object]:
        """Return the claims by which policies know a party."""
        claims = self._party(party)
        return {name: claims[name] for name in self.declared.identity if name in claims}

    def _party(self, party: str) -> Mapping[str, object]:
        try:
            return self.declared.parties[party]
        except KeyError:
            raise Unsupported(f"driver.parties.{party} is not given") from None

    def _client(self, name: str) -> DeclaredClient:
        try:
            return self.declared.clients[name]
        except KeyError:
            if name in self.declared.refused_clients:
                raise NotRegistrable(
                    f"the target registers no client like {name} (driver.refused_clients)"
                ) from None
            raise Unsupported(f"driver.clients.{name} is not given") from None

    def _source(self, owner: str, resource_server: str) -> PatSource:
        try:
            return self.declared.pats[owner, resource_server]
        except KeyError:
            raise Unsupported(f"driver.pats.{resource_server}.{owner} is not given") from None
