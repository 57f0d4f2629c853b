"""A store that lives as long as its process."""

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from heapq import heappop, heappush
from typing import cast

from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.handles import Handle, PersistedClaims
from uma_reference.authorization_server.model import (
    AccessToken,
    Domain,
    Policy,
    Resource,
    Ticket,
)
from uma_reference.authorization_server.records import AccessRequest, Event, Question, Standing
from uma_reference.authorization_server.store.kept import Kept, grant_of, parties_of, without_value
from uma_reference.authorization_server.store.protocols import H, Store, T
from uma_reference.opaque import digest

# The kind of a secret by name, and the digest of its value.
_Key = tuple[str, str]


class MemoryStore:
    """Keeps everything in dictionaries; one lock makes methods and units of work atomic.

    Work that raises is not undone: only a fault of the server ever does.
    """

    blocking = False

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._resources: dict[str, Resource] = {}
        # Identifiers in order of registration, for each owner and resource server.
        self._domains: dict[str, dict[str, dict[str, None]]] = {}
        self._policies: dict[str, tuple[Policy, ...]] = {}
        self._policy_places: dict[str, str] = {}
        self._secrets: dict[_Key, Kept] = {}
        self._grants: defaultdict[str, set[_Key]] = defaultdict(set)
        # PCTs by issuer and subject of the requesting party.
        self._parties: dict[tuple[str, str], dict[_Key, None]] = {}
        self._requests: dict[str, AccessRequest] = {}
        self._requests_to: defaultdict[str, list[str]] = defaultdict(list)
        self._pending: dict[Question, str] = {}
        self._events: defaultdict[str, list[Event]] = defaultdict(list)
        self._clients: dict[str, Client] = {}
        self._counters: dict[str, tuple[int, int]] = {}
        # What ends when, the first on top; entries of what is gone already do no harm.
        self._ends: list[tuple[int, _Key]] = []

    def run(self, work: Callable[[Store], T]) -> T:
        """Do the work while nobody else does anything."""
        with self._lock:
            return work(self)

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    def put_resource(self, resource: Resource) -> None:
        """Add a resource or replace the one with the same identifier."""
        with self._lock:
            self._resources[resource.id] = resource
            servers = self._domains.setdefault(resource.domain.owner, {})
            servers.setdefault(resource.domain.resource_server, {})[resource.id] = None

    def resource(self, resource_id: str) -> Resource | None:
        """Return a resource, whoever owns it."""
        with self._lock:
            return self._resources.get(resource_id)

    def delete_resource(self, resource_id: str) -> None:
        """Remove a resource with its policies."""
        with self._lock:
            found = self._resources.pop(resource_id, None)
            if found is not None:
                del self._domains[found.domain.owner][found.domain.resource_server][resource_id]
            self._replace_policies(resource_id, ())

    def resources(self, domain: Domain) -> Sequence[Resource]:
        """Return the resources of an owner at a resource server, in order of registration."""
        with self._lock:
            servers = self._domains.get(domain.owner, {})
            return [self._resources[name] for name in servers.get(domain.resource_server, {})]

    def owned(self, owner: str) -> Sequence[Resource]:
        """Return all resources of an owner, those of one resource server in order of registration.

        They are for her eyes; no request of a client or a resource server waits for this.
        """
        with self._lock:
            servers = self._domains.get(owner, {})
            return [self._resources[name] for names in servers.values() for name in names]

    def policies(self, resource_id: str) -> Sequence[Policy]:
        """Return the policies of a resource, in the order in which they were set."""
        with self._lock:
            return self._policies.get(resource_id, ())

    def policy(self, policy_id: str) -> Policy | None:
        """Return one policy."""
        with self._lock:
            policies = self._policies.get(self._policy_places.get(policy_id, ""), ())
            return next((item for item in policies if item.id == policy_id), None)

    def policies_of(self, owner: str) -> Sequence[Policy]:
        """Return the policies of all resources of an owner, in the order of each resource."""
        with self._lock:
            return [policy for found in self.owned(owner) for policy in self.policies(found.id)]

    def add_policy(self, policy: Policy) -> None:
        """Add a policy to those of its resource; without the resource there is none."""
        with self._lock:
            known = self._policies.get(policy.resource_id, ())
            self._replace_policies(policy.resource_id, (*known, policy))

    def drop_policy(self, policy_id: str) -> None:
        """Remove a policy."""
        with self._lock:
            resource_id = self._policy_places.get(policy_id, "")
            kept = (item for item in self._policies.get(resource_id, ()) if item.id != policy_id)
            self._replace_policies(resource_id, tuple(kept))

    def set_policies(self, resource_id: str, policies: Sequence[Policy]) -> None:
        """Replace all policies of a resource at once; without the resource there are none."""
        with self._lock:
            self._replace_policies(resource_id, tuple(policies))

    def _replace_policies(self, resource_id: str, policies: tuple[Policy, ...]) -> None:
        for policy in self._policies.pop(resource_id, ()):
            del self._policy_places[policy.id]
        if policies and resource_id in self._resources:
            self._policies[resource_id] = policies
            self._policy_places.update({policy.id: resource_id for policy in policies})

    def put_ticket(self, ticket: Ticket) -> None:
        """Keep a fresh ticket."""
        self._put(ticket)

    def take_ticket(self, value: str) -> Ticket | None:
        """Remove a ticket and return it; at most one caller ever gets it (Grant 5.5)."""
        return cast("Ticket | None", self._take(Ticket, value))

    def put_token(self, token: AccessToken) -> None:
        """Keep a fresh token."""
        self._put(token)

    def token(self, value: str) -> AccessToken | None:
        """Return a token, expired or not."""
        return cast("AccessToken | None", self._find(AccessToken, value))

    def drop_token(self, value: str) -> None:
        """End a token."""
        self._take(AccessToken, value)

    def put_handle(self, handle: Handle) -> None:
        """Keep a handle, or replace the one with the same value."""
        self._put(handle)

    def handle(self, kind: type[H], value: str) -> H | None:
        """Return a handle of a kind, expired or not."""
        return cast("H | None", self._find(kind, value))

    def take_handle(self, kind: type[H], value: str) -> H | None:
        """Remove a handle and return it; at most one caller ever gets it."""
        return cast("H | None", self._take(kind, value))

    def end_grant(self, grant: str) -> None:
        """End every access token and handle of a grant; an empty grant is none."""
        with self._lock:
            for key in self._grants.pop(grant, ()):
                self._remove(key)

    def persisted_of(self, issuer: str, subject: str) -> Sequence[PersistedClaims]:
        """Return what is remembered about a requesting party, expired or not, without the values.

        It is hers when any issuer in it says so (`Claims.identities`). What ends first comes first.
        """
        with self._lock:
            keys = self._parties.get((issuer, subject), {})
            ordered = sorted(keys, key=lambda key: (self._secrets[key].expires_at, key))
            return [cast("PersistedClaims", self._secrets[key]) for key in ordered]

    def forget_persisted(self, issuer: str, subject: str, client: str) -> None:
        """Remove what is remembered about a requesting party for a client."""
        with self._lock:
            for key in list(self._parties.get((issuer, subject), {})):
                if cast("PersistedClaims", self._secrets[key]).client == client:
                    self._remove(key)

    def submit(self, request: AccessRequest) -> AccessRequest:
        """Keep a request and return it; a pending one that asks the same is returned instead."""
        with self._lock:
            known = self._pending.setdefault(request.question, request.id)
            if known == request.id:
                self._requests[request.id] = request
                self._requests_to[request.domain.owner].append(request.id)
            return self._requests[known]

    def decide(self, request_id: str, standing: Standing, at: int) -> AccessRequest | None:
        """Settle a pending request and return it; `None` when it is not pending (any more)."""
        with self._lock:
            found = self._requests.get(request_id)
            if found is None or self._pending.get(found.question) != request_id:
                return None
            del self._pending[found.question]
            decided = replace(found, standing=standing, decided_at=at)
            self._requests[request_id] = decided
            return decided

    def request(self, request_id: str) -> AccessRequest | None:
        """Return a request."""
        with self._lock:
            return self._requests.get(request_id)

    def requests(self, owner: str) -> Sequence[AccessRequest]:
        """Return the requests to an owner, the oldest first."""
        with self._lock:
            return [self._requests[name] for name in self._requests_to.get(owner, ())]

    def append(self, event: Event) -> None:
        """Add an event."""
        with self._lock:
            self._events[event.owner].append(event)

    def events(self, owner: str, limit: int = 200, skip: int = 0) -> Sequence[Event]:
        """Return events that concern an owner, the newest first, after the newest `skip`."""
        with self._lock:
            found = self._events.get(owner, [])
            end = max(len(found) - skip, 0)
            return found[max(end - limit, 0) : end][::-1]

    def put_client(self, client: Client) -> None:
        """Keep a client, or replace the one with the same identifier."""
        with self._lock:
            self._clients[client.id] = client

    def client(self, client_id: str) -> Client | None:
        """Return a client."""
        with self._lock:
            return self._clients.get(client_id)

    def count(self, key: str, now: int, seconds: int) -> int:
        """Add one to a counter and return it; it starts anew when its `seconds` are over."""
        with self._lock:
            before = self.counted(key, now)
            until = self._counters[key][1] if before else now + seconds
            self._counters[key] = (before + 1, until)
            return before + 1

    def counted(self, key: str, now: int) -> int:
        """Return a counter as it stands."""
        with self._lock:
            number, until = self._counters.get(key, (0, 0))
            return number if until > now else 0

    def sweep(self, before: int) -> None:
        """Remove tickets, tokens, handles and counters that ended before a time."""
        with self._lock:
            while self._ends and self._ends[0][0] < before:
                _, key = heappop(self._ends)
                found = self._secrets.get(key)
                if found is not None and found.expires_at < before:
                    self._remove(key)
            over = [name for name, (_, until) in self._counters.items() if until < before]
            for name in over:
                del self._counters[name]

    def _put(self, kept: Kept) -> None:
        key = (type(kept).__name__, digest(kept.value))
        with self._lock:
            # One with the same value may belong to another grant.
            self._remove(key)
            heappush(self._ends, (kept.expires_at, key))
            self._secrets[key] = without_value(kept)
            if grant := grant_of(kept):
                self._grants[grant].add(key)
            for party in parties_of(kept):
                self._parties.setdefault(party, {})[key] = None

    def _find(self, kind: type, value: str) -> Kept | None:
        with self._lock:
            found = self._secrets.get((kind.__name__, digest(value)))
        return replace(found, value=value) if found is not None else None

    def _take(self, kind: type, value: str) -> Kept | None:
        with self._lock:
            found = self._remove((kind.__name__, digest(value)))
        return replace(found, value=value) if found is not None else None

    def _remove(self, key: _Key) -> Kept | None:
        found = self._secrets.pop(key, None)
        for party in parties_of(found):
            self._parties[party].pop(key, None)
            if not self._parties[party]:
                del self._parties[party]
        grant = grant_of(found) if found is not None else ""
        if grant in self._grants:
            self._grants[grant].discard(key)
            if not self._grants[grant]:
                del self._grants[grant]
        return found
