"""Where the PAT of an owner comes from (FedAuthz 1.3): two sources behind one protocol."""

import threading
from collections.abc import Iterable, Mapping
from typing import Protocol

from uma_reference.client.holdings import Credentials
from uma_reference.clock import Clock
from uma_reference.resource_server.errors import NotConnected, Refusal, Unavailable
from uma_reference.resource_server.model import Connection
from uma_reference.resource_server.store.protocols import ConnectionStore
from uma_reference.resource_server.tokens import PROTECTION, Granted, TokenEndpoint, is_live


class PatSource(Protocol):
    """Gives PATs; both methods raise `NotConnected` or `Unavailable`."""

    def pat(self, owner: str) -> str:
        """Return the PAT of an owner, a fresh one when its time is over."""
        ...

    def renewed(self, owner: str, refused: str) -> str:
        """Return another PAT than the one that the authorization server refused."""
        ...


class ClientCredentialsSource:
    """Asks with a client of its own for each owner (RFC 6749 4.4); keeps PATs in memory only."""

    def __init__(
        self, clients: Mapping[str, Credentials], endpoint: TokenEndpoint, clock: Clock
    ) -> None:
        self._clients = clients
        self._endpoint = endpoint
        self._clock = clock
        self._locks = {owner: threading.Lock() for owner in clients}
        self._kept: dict[str, Granted] = {}

    def pat(self, owner: str) -> str:
        """Return the PAT of an owner, a fresh one when its time is over."""
        with self._locks[owner]:
            kept = self._kept.get(owner)
            if kept is not None and is_live(kept.expires_at, self._clock.now()):
                return kept.pat
            return self._fetched(owner)

    def renewed(self, owner: str, refused: str) -> str:
        """Return another PAT than the one that the authorization server refused."""
        with self._locks[owner]:
            kept = self._kept.get(owner)
            # Another thread may have been here first.
            return kept.pat if kept and kept.pat != refused else self._fetched(owner)

    def _fetched(self, owner: str) -> str:
        form = {"grant_type": "client_credentials", "scope": PROTECTION}
        try:
            granted = self._endpoint.request(self._clients[owner], form)
        except Refusal as error:
            raise NotConnected(f"no PAT for this owner: {error}") from None
        self._kept[owner] = granted
        return granted.pat


class ConnectionSource:
    """Takes what owners granted by an authorization code, and refreshes it (RFC 6749 6)."""

    def __init__(
        self,
        client: Credentials,
        endpoint: TokenEndpoint,
        store: ConnectionStore,
        clock: Clock,
        owners: Iterable[str],
    ) -> None:
        self._client = client
        self._endpoint = endpoint
        self._store = store
        self._clock = clock
        self._locks = {owner: threading.Lock() for owner in owners}

    def pat(self, owner: str) -> str:
        """Return the PAT of an owner, a refreshed one when its time is over."""
        kept = self._connection(owner)
        if is_live(kept.expires_at, self._clock.now()):
            return kept.pat
        return self.renewed(owner, kept.pat)

    def renewed(self, owner: str, refused: str) -> str:
        """Return another PAT than the one that the authorization server refused."""
        with self._locks[owner]:
            kept = self._connection(owner)
            return kept.pat if kept.pat != refused else self._refreshed(kept)

    def _connection(self, owner: str) -> Connection:
        found = self._store.connection(owner)
        issuer = self._endpoint.discovery.issuer
        if found is None or found.issuer != issuer:
            raise NotConnected("the owner has not connected this resource server")
        return found

    def _refreshed(self, kept: Connection) -> str:
        if not kept.refresh_token:
            self._store.delete_connection(kept)
            raise NotConnected("the PAT of this owner is over: she has to connect again")
        form = {"grant_type": "refresh_token", "refresh_token": kept.refresh_token}
        try:
            granted = self._endpoint.request(self._client, form)
        except Refusal:
            # Another process may have refreshed it; then the store holds another one by now.
            now_kept = self._store.connection(kept.owner)
            if now_kept is not None and now_kept.pat != kept.pat:
                return now_kept.pat
            self._store.delete_connection(kept)
            raise NotConnected("the PAT cannot be refreshed: connect again") from None
        refresh_token = granted.refresh_token or kept.refresh_token
        self._store.put_connection(
            Connection(kept.owner, kept.issuer, granted.pat, granted.expires_at, refresh_token)
        )
        return granted.pat


class EitherSource:
    """Asks with the owner's own client where there is one, and uses her connection otherwise."""

    def __init__(
        self, own: ClientCredentialsSource, owners: frozenset[str], connected: PatSource | None
    ) -> None:
        self._own = own
        self._owners = owners
        self._connected = connected

    def pat(self, owner: str) -> str:
        """Return the PAT of an owner."""
        return self._source(owner).pat(owner)

    def renewed(self, owner: str, refused: str) -> str:
        """Return another PAT than the one that the authorization server refused."""
        return self._source(owner).renewed(owner, refused)

    def _source(self, owner: str) -> PatSource:
        if owner in self._owners:
            return self._own
        if self._connected is None:
            raise Unavailable("there is no client to get a PAT with")
        return self._connected
