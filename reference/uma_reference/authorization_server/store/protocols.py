"""What the authorization server needs to have kept, in narrow protocols.

Values of tickets, tokens and handles are secrets: a store keeps their digests alone, and gives a
ticket inside of a handle back without its value. Every method is atomic, and so is a unit of work.
Identifiers of what is added are fresh; a resource keeps its domain.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.handles import Handle, PersistedClaims
from uma_reference.authorization_server.model import (
    AccessToken,
    Domain,
    Policy,
    Resource,
    Ticket,
)
from uma_reference.authorization_server.records import AccessRequest, Event, Standing

H = TypeVar("H", bound=Handle)
T = TypeVar("T")


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

    def owned(self, owner: str) -> Sequence[Resource]:
        """Return all resources of an owner, those of one resource server in order of registration.

        They are for her eyes; no request of a client or a resource server waits for this.
        """
        ...


class Policies(Protocol):
    """Keeps the policies of resources."""

    def policies(self, resource_id: str) -> Sequence[Policy]:
        """Return the policies of a resource, in the order in which they were set."""
        ...

    def policy(self, policy_id: str) -> Policy | None:
        """Return one policy."""
        ...

    def policies_of(self, owner: str) -> Sequence[Policy]:
        """Return the policies of all resources of an owner, in the order of each resource."""
        ...

    def add_policy(self, policy: Policy) -> None:
        """Add a policy to those of its resource; without the resource there is none."""
        ...

    def drop_policy(self, policy_id: str) -> None:
        """Remove a policy."""
        ...

    def set_policies(self, resource_id: str, policies: Sequence[Policy]) -> None:
        """Replace all policies of a resource at once; without the resource there are none."""
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
    """Keeps refresh tokens, PCTs, authorization codes, sessions and gatherings."""

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

    def persisted_of(self, issuer: str, subject: str) -> Sequence[PersistedClaims]:
        """Return what is remembered about a requesting party, expired or not, without the values.

        It is hers when any issuer in it says so (`Claims.identities`). What ends first comes first.
        """
        ...

    def forget_persisted(self, issuer: str, subject: str, client: str) -> None:
        """Remove what is remembered about a requesting party for a client."""
        ...


class Requests(Protocol):
    """Keeps what was submitted to resource owners."""

    def submit(self, request: AccessRequest) -> AccessRequest:
        """Keep a request and return it; a pending one that asks the same is returned instead."""
        ...

    def decide(self, request_id: str, standing: Standing, at: int) -> AccessRequest | None:
        """Settle a pending request and return it; `None` when it is not pending (any more)."""
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

    def events(self, owner: str, limit: int = 200, skip: int = 0) -> Sequence[Event]:
        """Return events that concern an owner, the newest first, after the newest `skip`."""
        ...


class Clients(Protocol):
    """Keeps clients that registered themselves (RFC 7591)."""

    def put_client(self, client: Client) -> None:
        """Keep a client, or replace the one with the same identifier."""
        ...

    def client(self, client_id: str) -> Client | None:
        """Return a client."""
        ...


class Counters(Protocol):
    """Counts attempts, for all processes of a server together."""

    def count(self, key: str, now: int, seconds: int) -> int:
        """Add one to a counter and return it; it starts anew when its `seconds` are over."""
        ...

    def counted(self, key: str, now: int) -> int:
        """Return a counter as it stands."""
        ...


class Store(
    Resources, Policies, Tickets, Tokens, Handles, Requests, Audit, Clients, Counters, Protocol
):
    """Everything the authorization server keeps."""

    def sweep(self, before: int) -> None:
        """Remove tickets, tokens, handles and counters that ended before a time."""
        ...


class Keeper(Protocol):
    """Opens a store for units of work.

    `blocking` tells that a unit of work may wait for a disk, a network or another process.
    """

    @property
    def blocking(self) -> bool:
        """Whether a unit of work may wait."""
        ...

    def run(self, work: Callable[[Store], T]) -> T:
        """Do the work as a whole or, when it raises, not at all.

        What it did is durable when this returns, as far as the store is. The work may be done
        again when it got into the way of another one, so it has no effects of its own. Units of
        work do not see each other: it is as if they were done one after the other. Raises
        `StoreError` when the store cannot be used.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
