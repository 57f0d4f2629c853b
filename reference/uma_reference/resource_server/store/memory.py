"""A store that lives as long as its process."""

import threading
from collections.abc import Sequence

from uma_reference.resource_server.model import Connection, Document, Pending, Registration

_Key = tuple[str, str]


class MemoryStore:
    """Keeps everything in dictionaries; one lock makes every method atomic."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._documents: dict[_Key, Document] = {}
        self._registrations: dict[_Key, Registration] = {}
        self._connections: dict[str, Connection] = {}
        self._pending: dict[str, Pending] = {}

    def documents(self, owner: str) -> Sequence[Document]:
        """Return the documents of an owner, the oldest first."""
        with self._lock:
            return [item for item in self._documents.values() if item.owner == owner]

    def document(self, owner: str, document: str) -> Document | None:
        """Return a document."""
        with self._lock:
            return self._documents.get((owner, document))

    def add_document(self, document: Document) -> bool:
        """Keep a new document; do nothing and tell so when the identifier is taken."""
        with self._lock:
            key = (document.owner, document.id)
            return self._documents.setdefault(key, document) is document

    def replace_document(self, document: Document) -> bool:
        """Replace a document; do nothing and tell so when it is not there."""
        with self._lock:
            key = (document.owner, document.id)
            if key not in self._documents:
                return False
            self._documents[key] = document
            return True

    def delete_document(self, owner: str, document: str) -> bool:
        """Remove a document; tell whether it was there."""
        with self._lock:
            return self._documents.pop((owner, document), None) is not None

    def registrations(self, owner: str) -> Sequence[Registration]:
        """Return the registrations of an owner's documents."""
        with self._lock:
            return [item for item in self._registrations.values() if item.owner == owner]

    def registration(self, owner: str, document: str) -> Registration | None:
        """Return the registration of a document."""
        with self._lock:
            return self._registrations.get((owner, document))

    def add_registration(self, registration: Registration) -> bool:
        """Keep a registration; do nothing and tell so when the document has one."""
        with self._lock:
            key = (registration.owner, registration.document)
            return self._registrations.setdefault(key, registration) is registration

    def replace_registration(self, registration: Registration) -> None:
        """Put a registration in the place of the one with the same resource identifier, if any."""
        with self._lock:
            key = (registration.owner, registration.document)
            if self._has(registration):
                self._registrations[key] = registration

    def delete_registration(self, registration: Registration) -> None:
        """Remove a registration if its resource identifier is still the one that is kept."""
        with self._lock:
            if self._has(registration):
                del self._registrations[registration.owner, registration.document]

    def _has(self, registration: Registration) -> bool:
        kept = self._registrations.get((registration.owner, registration.document))
        return kept is not None and kept.resource_id == registration.resource_id

    def connection(self, owner: str) -> Connection | None:
        """Return an owner's connection."""
        with self._lock:
            return self._connections.get(owner)

    def put_connection(self, connection: Connection) -> None:
        """Keep a connection instead of the one before."""
        with self._lock:
            self._connections[connection.owner] = connection

    def delete_connection(self, connection: Connection) -> None:
        """Remove a connection if its PAT is still the one that is kept."""
        with self._lock:
            kept = self._connections.get(connection.owner)
            if kept is not None and kept.pat == connection.pat:
                del self._connections[connection.owner]

    def put_pending(self, pending: Pending, now: int) -> None:
        """Keep who is on the way, and forget those whose time is over."""
        with self._lock:
            live = {key: item for key, item in self._pending.items() if item.expires_at > now}
            self._pending = {**live, pending.state: pending}

    def take_pending(self, state: str) -> Pending | None:
        """Remove the one with a digest of `state` and return it; at most one caller gets it."""
        with self._lock:
            return self._pending.pop(state, None)

    def close(self) -> None:
        """Let go of nothing: there is nothing to hold on to."""
