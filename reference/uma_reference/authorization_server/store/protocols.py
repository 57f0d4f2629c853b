"""What the authorization server needs to have kept, in narrow protocols.

Values of tickets, tokens and handles are secrets: a store keeps their digests alone. Every method
is atomic on its own; a unit of work makes several of them so.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from uma_reference.authorization_server.handles import Handle
from uma_reference.authorization_server.model import (
    AccessToken,
    Domain,
    Policy,
    Resource,
    Ticket,
)
from uma_reference.authorization_server.records import AccessRequest, Client, Event

H = TypeVar("H", bound=Handle)


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

    def resources_of(self, owner: str) -> Sequence[Resource]:
        """Return the resources of an owner at every resource server, in order of registration."""
        ...


class Policies(Protocol):
    """Keeps the policies of resources."""

    def policies(self, resource_id: str) -> Sequence[Policy]:
        """Return the policies of a resource, in the order in which they were set."""
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

    def drop_token(self, value: str) -> None:
        """End a token."""
        ...


class Handles(Protocol):
    """Keeps refresh tokens, PCTs, codes, browser sessions and interactions."""

    def put_handle(self, handle: Handle) -> None:
        """Keep a handle, or replace the one with the same value."""
        ...

    def handle(self, kind: type[H], value: str) -> H | None:
        """Return a handle of a kind, expired or not."""
        ...

    def take_handle(self, kind: type[H], value: str) -> H | None:
        """Remove a handle and return it; at most one caller ever gets it."""
        ...

    def end_grant(self, grant: str) -> None:
        """End every access token and handle of a grant; an empty grant is none."""
        ...

    def purge(self, now: int) -> int:
        """Forget tickets, tokens, handles and notes that have expired; return how many."""
        ...


class Clients(Protocol):
    """Keeps clients that registered themselves (RFC 7591)."""

    def put_client(self, client: Client) -> None:
        """Keep a client."""
        ...

    def client(self, client_id: str) -> Client | None:
        """Return a registered client."""
        ...

    def client_count(self) -> int:
        """Return how many clients are registered."""
        ...


class Requests(Protocol):
    """Keeps what was submitted to resource owners."""

    def put_request(self, request: AccessRequest) -> None:
        """Keep a request, or replace the one with the same identifier."""
        ...

    def request(self, request_id: str) -> AccessRequest | None:
        """Return a request."""
        ...

    def requests(self, owner: str) -> Sequence[AccessRequest]:
        """Return the requests to an owner, the oldest first."""
        ...


class Audit(Protocol):
    """Keeps what happened; nothing is ever changed or removed."""

    def append(self, event: Event) -> None:
        """Add an event."""
        ...

    def events(self, owner: str, limit: int = 200) -> Sequence[Event]:
        """Return the newest events that concern an owner, the newest first."""
        ...


class Notes(Protocol):
    """Counts what may not happen too often, across all processes of the server."""

    def note(self, key: str, expires_at: int, now: int) -> int:
        """Count one more occurrence of a key; return how many have not expired, this one too."""
        ...

    def noted(self, key: str, now: int) -> int:
        """Return how many occurrences of a key have not expired."""
        ...

    def forget(self, key: str) -> None:
        """Start counting a key afresh."""
        ...


class Store(
    Resources, Policies, Tickets, Tokens, Handles, Clients, Requests, Audit, Notes, Protocol
):
    """Everything the authorization server keeps."""

    @property
    def blocking(self) -> bool:
        """Whether its methods wait for a disk or a network, and so belong in a thread."""
        ...

    def unit_of_work(self, *, writing: bool) -> "AbstractContextManager[Store]":
        """Open a store whose changes happen together: all when the block ends, none when it raises.

        What was kept is durable when the block has ended.
        """
        ...
