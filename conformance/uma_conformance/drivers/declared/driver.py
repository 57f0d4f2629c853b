"""A driver that answers what the target file gives, and nothing else.

The drivers `hook`, `table` and `manual` are this one with something added.
"""

import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from uma_conformance.drivers.declared.settings import Declared, DeclaredClient, PatSource
from uma_conformance.drivers.declared.tokens import Tokens
from uma_conformance.drivers.protocol import (
    ClaimToken,
    ClientCredentials,
    Flaw,
    Page,
    Permission,
    Policy,
    Redirects,
    TicketExpiry,
    Unsupported,
    UserAgent,
    Wish,
)
from uma_conformance.target import Target, trust


@dataclass(frozen=True, slots=True)
class Waiting:
    """An expiry that is waited for."""

    seconds: int

    def wait(self) -> None:
        """Wait until the last ticket has expired, whole seconds left in no doubt."""
        time.sleep(self.seconds + 1)


class DeclaredDriver:
    """Answers from the target file; the rest is `Unsupported`, with the key that would give it."""

    def __init__(self, target: Target, declared: Declared) -> None:
        self._issuer = target.issuer
        self.declared = declared
        self._tokens = Tokens(target.issuer, trust(target.ca_file))

    @property
    def issuer(self) -> str:
        """The issuer, as the target file has it."""
        return self._issuer

    def open(self) -> None:
        """Do nothing: everything is there before."""

    def close(self) -> None:
        """Do nothing: nothing was opened."""

    def secrets(self) -> Iterable[tuple[str, str]]:
        """Yield client secrets, given tokens, and the claims by which parties are known."""
        for credentials in self._all_credentials():
            if credentials.client_secret:
                yield "secret", credentials.client_secret
        for source in self.declared.pats.values():
            for token in filter(None, (source.token, source.plain_token)):
                yield "pat", token
        for given in self.declared.claim_tokens:
            yield "claim-token", given.token.value
        if self.declared.registration_token:
            yield "token", self.declared.registration_token
        for claims in self.declared.parties.values():
            for name in self.declared.identity:
                if isinstance(claims.get(name), str):
                    yield "claim", str(claims[name])

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

    def prepared(
        self,
        owner: str,  # noqa: ARG002 - the protocol
        resource_server: str,  # noqa: ARG002 - the protocol
        scopes: frozenset[str],  # noqa: ARG002 - the protocol
        policies: tuple[Policy, ...],  # noqa: ARG002 - the protocol
        taken: frozenset[str],  # noqa: ARG002 - the protocol
    ) -> str:
        """Return nothing: nothing is known of resources here."""
        return ""

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

    def granted_permissions(
        self,
        rpt: str,  # noqa: ARG002 - the protocol
        resource_server: str,
    ) -> tuple[Permission, ...]:
        """Raise `Unsupported`: only standard introspection shows them."""
        raise Unsupported(f"only introspection shows {resource_server} what an RPT permits")

    def short_lived_tickets(self) -> AbstractContextManager[TicketExpiry]:
        """Wait as long as the target file says that tickets live."""
        if not self.declared.ticket_seconds:
            raise Unsupported("driver.ticket_seconds is not given: how long tickets live")
        return nullcontext(Waiting(self.declared.ticket_seconds))

    def redirects(self, client: str) -> Redirects:
        """Return the redirection URIs that the target file gives a client."""
        return self._client(client).redirects

    def act_as(
        self,
        party: str,
        agent: UserAgent,  # noqa: ARG002 - the protocol
        page: Page,  # noqa: ARG002 - the protocol
        wish: Wish,  # noqa: ARG002 - the protocol
    ) -> Page:
        """Raise `Unsupported`: nobody is there to visit the pages."""
        raise Unsupported(f"this driver cannot act as {party} on the target's pages")

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
            raise Unsupported(f"driver.clients.{name} is not given") from None

    def _source(self, owner: str, resource_server: str) -> PatSource:
        try:
            return self.declared.pats[owner, resource_server]
        except KeyError:
            raise Unsupported(f"driver.pats.{resource_server}.{owner} is not given") from None

    def _all_credentials(self) -> Iterable[ClientCredentials]:
        yield from (client.credentials for client in self.declared.clients.values())
        yield from self.declared.introspection.values()
        sources = (source.credentials for source in self.declared.pats.values())
        yield from filter(None, sources)
