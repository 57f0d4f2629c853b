"""What a store keeps for one resource server, in narrow protocols.

PATs and refresh tokens are secrets that are needed in clear to be used, so digests will not do for
them: a store that writes them keeps others from reading them, and refuses where it cannot.
"""

from collections.abc import Sequence
from typing import Protocol

from uma_reference.resource_server.model import Connection, Document, Pending, Registration


class DocumentStore(Protocol):
    """Keeps documents, each by its owner and identifier."""

    def documents(self, owner: str) -> Sequence[Document]:
        """Return the documents of an owner, the oldest first."""
        ...

    def document(self, owner: str, document: str) -> Document | None:
        """Return a document."""
        ...

    def add_document(self, document: Document) -> bool:
        """Keep a new document; do nothing and tell so when the identifier is taken."""
        ...

    def replace_document(self, document: Document) -> bool:
        """Replace a document; do nothing and tell so when it is not there."""
        ...

    def delete_document(self, owner: str, document: str) -> bool:
        """Remove a document; tell whether it was there."""
        ...


class RegistrationStore(Protocol):
    """Keeps registrations; one may outlive its document until it is deregistered."""

    def registrations(self, owner: str) -> Sequence[Registration]:
        """Return the registrations of an owner's documents."""
        ...

    def registration(self, owner: str, document: str) -> Registration | None:
        """Return the registration of a document."""
        ...

    def add_registration(self, registration: Registration) -> bool:
        """Keep a registration; do nothing and tell so when the document has one.

        Of two processes that registered the same document, one learns so that it was the second.
        """
        ...

    def replace_registration(self, registration: Registration) -> None:
        """Put a registration in the place of the one with the same resource identifier, if any."""
        ...

    def delete_registration(self, registration: Registration) -> None:
        """Remove a registration if its resource identifier is still the one that is kept."""
        ...


class ConnectionStore(Protocol):
    """Keeps what owners granted, and who is on the way to grant."""

    def connection(self, owner: str) -> Connection | None:
        """Return an owner's connection."""
        ...

    def put_connection(self, connection: Connection) -> None:
        """Keep a connection instead of the one before."""
        ...

    def delete_connection(self, connection: Connection) -> None:
        """Remove a connection if its PAT is still the one that is kept."""
        ...

    def put_pending(self, pending: Pending, now: int) -> None:
        """Keep who is on the way, and forget those whose time is over."""
        ...

    def take_pending(self, state: str) -> Pending | None:
        """Remove the one with a digest of `state` and return it; at most one caller gets it."""
        ...


class Store(DocumentStore, RegistrationStore, ConnectionStore, Protocol):
    """All that a resource server keeps."""

    def close(self) -> None:
        """Let go of files and connections."""
        ...
