"""Where resources, policies, tickets and tokens are kept."""

import threading
from collections.abc import Sequence
from typing import Protocol

from uma_reference.authorization_server.model import (
    AccessToken,
    Domain,
    Policy,
    Resource,
    Ticket,
)


class Resources(Protocol):
    """Keeps registered resources."""

    def put_resource(self, resource: Resource) -> None:
        """Add a resource or replace the one with the same identifier."""
        ...

    def resource(self, resource_id: str) -> Resource | None:
        """Return a resource, whoever owns it."""
        ...

    def delete_resource(self, resource_id: str) -> None:
        """Remove a resource with its policies."""
        ...

    def resources(self, domain: Domain) -> Sequence[Resource]:
        """Return the resources of an owner at a resource server, in order of registration."""
        ...


class Policies(Protocol):
    """Keeps the policies of resources."""

    def policies(self, resource_id: str) -> Sequence[Policy]:
        """Return the policies of a resource."""
        ...

    def policy(self, policy_id: str) -> Policy | None:
        """Return one policy."""
        ...

    def set_policies(self, resource_id: str, policies: Sequence[Policy]) -> None:
        """Replace all policies of a resource at once."""
        ...


class Tickets(Protocol):
    """Keeps permission tickets."""

    def put_ticket(self, ticket: Ticket) -> None:
        """Keep a fresh ticket."""
        ...

    def take_ticket(self, value: str) -> Ticket | None:
        """Remove a ticket and return it; at most one caller ever gets it (Grant 5.5)."""
        ...


class Tokens(Protocol):
    """Keeps access tokens."""

    def put_token(self, token: AccessToken) -> None:
        """Keep a fresh token."""
        ...

    def token(self, value: str) -> AccessToken | None:
        """Return a token, expired or not."""
        ...


class Store(Resources, Policies, Tickets, Tokens, Protocol):
    """Everything the authorization server keeps."""


class MemoryStore:
    """A store that lives as long as its process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._resources: dict[str, Resource] = {}
        self._policies: dict[str, tuple[Policy, ...]] = {}
        self._tickets: dict[str, Ticket] = {}
        self._tokens: dict[str, AccessToken] = {}

    def put_resource(self, resource: Resource) -> None:
        """Add a resource or replace the one with the same identifier."""
        with self._lock:
            self._resources[resource.id] = resource

    def resource(self, resource_id: str) -> Resource | None:
        """Return a resource, whoever owns it."""
        with self._lock:
            return self._resources.get(resource_id)

    def delete_resource(self, resource_id: str) -> None:
        """Remove a resource with its policies."""
        with self._lock:
            self._resources.pop(resource_id, None)
            self._policies.pop(resource_id, None)

    def resources(self, domain: Domain) -> Sequence[Resource]:
        """Return the resources of an owner at a resource server, in order of registration."""
        with self._lock:
            return [item for item in self._resources.values() if item.domain == domain]

    def policies(self, resource_id: str) -> Sequence[Policy]:
        """Return the policies of a resource."""
        with self._lock:
            return self._policies.get(resource_id, ())

    def policy(self, policy_id: str) -> Policy | None:
        """Return one policy."""
        with self._lock:
            every = (item for items in self._policies.values() for item in items)
            return next((item for item in every if item.id == policy_id), None)

    def set_policies(self, resource_id: str, policies: Sequence[Policy]) -> None:
        """Replace all policies of a resource at once."""
        with self._lock:
            self._policies[resource_id] = tuple(policies)

    def put_ticket(self, ticket: Ticket) -> None:
        """Keep a fresh ticket."""
        with self._lock:
            self._tickets[ticket.value] = ticket

    def take_ticket(self, value: str) -> Ticket | None:
        """Remove a ticket and return it; at most one caller ever gets it (Grant 5.5)."""
        with self._lock:
            return self._tickets.pop(value, None)

    def put_token(self, token: AccessToken) -> None:
        """Keep a fresh token."""
        with self._lock:
            self._tokens[token.value] = token

    def token(self, value: str) -> AccessToken | None:
        """Return a token, expired or not."""
        with self._lock:
            return self._tokens.get(value)
