"""Giving up what is kept for a requesting party, with revocation where it exists (Grant 3.7)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from uma_reference.client.authentication import InvalidKey, authenticated
from uma_reference.client.holdings import Credentials
from uma_reference.client.messages import HttpAnswer, HttpRequest, NoAnswer
from uma_reference.client.metadata import (
    ServerMetadata,
    UnusableMetadata,
    discovery_url,
    read_metadata,
)
from uma_reference.client.transport import Sender
from uma_reference.client.urls import origin_of
from uma_reference.client.wallet import Holdings, Wallet

_ANSWER_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many handles were removed and revoked, and what went wrong with the others."""

    removed: int
    revoked: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revoker:
    """Removes handles from a wallet, and revokes them at the servers that issued them.

    `credentials` are used for servers at which the wallet has no registration.
    """

    sender: Sender
    wallet: Wallet
    randomness: Callable[[], str]
    credentials: Credentials | None = None
    clock: Callable[[], float] = time.time
    http_on_loopback: bool = False

    def forget(self, party: str, url: str = "") -> Forgotten:
        """Forget a party's RPTs for a URL's server, or all its RPTs and PCTs.

        The wallet is changed first: what cannot be revoked is gone from here all the same.
        """
        before = self.wallet.read()
        server = origin_of(url) if url else ""
        gone = Holdings(
            tuple(
                item
                for item in before.rpts
                if item.party == party and (not server or item.server == server)
            ),
            tuple(item for item in before.pcts if item.party == party and not server),
        )
        self.wallet.change(
            lambda held: replace(
                held,
                rpts=tuple(item for item in held.rpts if item not in gone.rpts),
                pcts=tuple(item for item in held.pcts if item not in gone.pcts),
            )
        )
        problems: list[str] = []
        revoked = 0
        issuers = {item.issuer for item in gone.rpts} | {item.issuer for item in gone.pcts}
        for issuer in sorted(issuers):
            found = self._metadata(issuer)
            if isinstance(found, str):
                problems.append(f"{issuer}: {found}")
            elif not found.revocation_endpoint:
                problems.append(
                    f"{issuer}: it has no revocation endpoint; tokens end by time there"
                )
            else:
                for client_id, hint, value in _handles(gone, issuer):
                    problem = self._revoke(found, before, client_id, hint, value)
                    revoked += not problem
                    problems += [f"{issuer}: {problem}"] if problem else []
        return Forgotten(len(gone.rpts) + len(gone.pcts), revoked, tuple(dict.fromkeys(problems)))

    def _metadata(self, issuer: str) -> ServerMetadata | str:
        answer = self.sender.send(HttpRequest("GET", discovery_url(issuer)), _ANSWER_BYTES)
        if isinstance(answer, NoAnswer):
            return f"it cannot be reached: {answer.why}"
        try:
            return read_metadata(answer, issuer, http_on_loopback=self.http_on_loopback)
        except UnusableMetadata as error:
            return f"its discovery document cannot be used: {error}"

    def _revoke(
        self, metadata: ServerMetadata, held: Holdings, client_id: str, hint: str, value: str
    ) -> str:
        """Return what is wrong, or nothing."""
        known = [*held.clients, *([self.credentials] if self.credentials else [])]
        credentials = next(
            (
                item
                for item in known
                if item.client_id == client_id and item.issuer in {"", metadata.issuer}
            ),
            None,
        )
        if credentials is None:
            return f"not revoked there: the credentials of client {client_id} are needed for that"
        form = {"token": value, "token_type_hint": hint}
        try:
            request = authenticated(
                metadata.revocation_endpoint,
                form,
                credentials,
                metadata.token_endpoint,
                int(self.clock()),
                self.randomness(),
            )
        except InvalidKey as error:
            return f"the client's key: {error}"
        answer = self.sender.send(request, _ANSWER_BYTES)
        fine = isinstance(answer, HttpAnswer) and answer.status == 200
        return "" if fine else "a token could not be revoked there"


def _handles(gone: Holdings, issuer: str) -> list[tuple[str, str, str]]:
    """Return client, hint and value of each handle; refresh tokens first, so that none is used."""
    rpts = [item for item in gone.rpts if item.issuer == issuer]
    pcts = [item for item in gone.pcts if item.issuer == issuer]
    return [
        *((rpt.client_id, "refresh_token", rpt.refresh_token) for rpt in rpts if rpt.refresh_token),
        *((rpt.client_id, "access_token", rpt.value) for rpt in rpts),
        *((pct.client_id, "pct", pct.value) for pct in pcts),
    ]
