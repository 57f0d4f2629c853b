"""Keeping what is registered at the authorization server in step with documents (FedAuthz 3)."""

import threading
from collections.abc import Iterable

from uma_reference.resource_server.descriptions import EXTENSION, canonical, resource_description
from uma_reference.resource_server.errors import Refusal, Unavailable, Unregistrable
from uma_reference.resource_server.model import Document, Registration
from uma_reference.resource_server.places import Places
from uma_reference.resource_server.protection import ProtectionApi, policy_uri_of
from uma_reference.resource_server.store import Store


class Registrar:
    """Registers, updates and deregisters; every method raises `Unavailable`.

    The first thing done for an owner is to compare both sides: what the authorization server lists
    and carries the URL of one of our documents is adopted, or deregistered when there is no such
    document. So a restart of either side leaves neither duplicates nor orphans.
    """

    def __init__(
        self, issuer: str, store: Store, api: ProtectionApi, places: Places, owners: Iterable[str]
    ) -> None:
        self._issuer = issuer
        self._store = store
        self._api = api
        self._places = places
        self._locks = {owner: threading.RLock() for owner in owners}
        self._compared: set[str] = set()

    def registered(self, document: Document) -> Registration:
        """Return the registration of a document, which is made or brought up to date if needed."""
        if document.owner in self._compared:
            found = self._known(document)
            if found is not None and found.described == self._description(document):
                return found
        with self._locks[document.owner]:
            if document.owner not in self._compared:
                self.compare(document.owner)
            found = self._known(document)
            if found is None:
                return self._create(document)
            if found.described != self._description(document):
                return self._update(document, found)
            return found

    def lost(self, document: Document, resource_id: str) -> Registration:
        """Register a document anew whose resource the authorization server does not know."""
        with self._locks[document.owner]:
            found = self._known(document)
            if found is not None and found.resource_id == resource_id:
                self._store.delete_registration(found)
            return self.registered(document)

    def described_again(self, document: Document) -> Registration:
        """Send the description of a document again, as scopes of it were not known."""
        with self._locks[document.owner]:
            return self._update(document, self.registered(document))

    def deregister(self, owner: str, document: str) -> None:
        """End the registration of a document that is gone; it is kept until that has been done."""
        with self._locks[owner]:
            found = self._store.registration(owner, document)
            if found is None:
                return
            if found.issuer == self._issuer:
                self._end(owner, found)
            self._store.delete_registration(found)

    def settle(self, owner: str) -> None:
        """Do all that is left to do for an owner: compare, register, update and deregister."""
        with self._locks[owner]:
            if owner not in self._compared:
                self.compare(owner)
            documents = self._store.documents(owner)
            ours = {item.id for item in documents}
            for registration in self._store.registrations(owner):
                if registration.document not in ours:
                    self.deregister(owner, registration.document)
            refused = [error for item in documents if (error := self._refused(item))]
            if refused:
                raise refused[0]

    def unsettled(self, owner: str) -> bool:
        """Tell whether there is something left to do for an owner."""
        if owner not in self._compared:
            return True
        documents = {item.id: item for item in self._store.documents(owner)}
        known = {item.document: item for item in self._store.registrations(owner)}
        return documents.keys() != known.keys() or any(
            known[name].described != self._description(item) for name, item in documents.items()
        )

    def begin_again(self, owner: str) -> None:
        """Compare both sides before anything else is done, as after a change of the PAT."""
        with self._locks[owner]:
            self._compared.discard(owner)

    def compare(self, owner: str) -> None:
        """Adopt, forget and deregister until both sides agree on what is registered."""
        with self._locks[owner]:
            before = self._store.registrations(owner)
            listed = set(self._api.list(owner))
            for item in before:
                if item.issuer != self._issuer or item.resource_id not in listed:
                    self._store.delete_registration(item)
            # Read in this order, what another process does meanwhile is neither lost nor undone.
            known = {item.resource_id for item in self._store.registrations(owner)}
            ours = {item.id for item in self._store.documents(owner)}
            for resource_id in listed - known:
                try:
                    description = self._api.read(owner, resource_id)
                except Refusal:
                    # It went in the meantime, or is not for us to see.
                    continue
                url = description.get(EXTENSION)
                document = self._places.document_of(owner, url) if isinstance(url, str) else None
                if document is None:
                    continue
                own = {name: item for name, item in description.items() if name in _SENT}
                found = Registration(
                    owner,
                    document,
                    self._issuer,
                    resource_id,
                    canonical(own),
                    policy_uri_of(description),
                )
                if document not in ours or not self._adopted(found):
                    self._end(owner, found)
            self._compared.add(owner)

    def _adopted(self, found: Registration) -> bool:
        """Keep a registration; tell whether it is the one that counts, by whoever kept it."""
        if self._store.add_registration(found):
            return True
        kept = self._store.registration(found.owner, found.document)
        return kept is not None and kept.resource_id == found.resource_id

    def _refused(self, document: Document) -> Unregistrable | None:
        try:
            self.registered(document)
        except Unregistrable as error:
            return error
        return None

    def _known(self, document: Document) -> Registration | None:
        found = self._store.registration(document.owner, document.id)
        return found if found is not None and found.issuer == self._issuer else None

    def _create(self, document: Document) -> Registration:
        try:
            made = self._api.create(document.owner, self._sent(document))
        except Refusal as error:
            raise Unregistrable(f"{document.id}: it cannot be registered: {error}") from None
        registration = Registration(
            document.owner,
            document.id,
            self._issuer,
            made.resource_id,
            self._description(document),
            made.policy_uri,
        )
        if self._store.add_registration(registration):
            return registration
        # Another process was faster: it adopted this one, or has one of its own that counts.
        kept = self._known(document)
        if kept is None or kept.resource_id != made.resource_id:
            self._end(document.owner, registration)
        if kept is None:
            raise Unavailable("the document's registration is in dispute; try again")
        return kept

    def _update(self, document: Document, found: Registration) -> Registration:
        try:
            made = self._api.update(document.owner, found.resource_id, self._sent(document))
        except Refusal as error:
            if error.status == 404:
                self._store.delete_registration(found)
                return self._create(document)
            raise Unregistrable(f"{document.id}: it cannot be updated: {error}") from None
        policy_uri = made.policy_uri or found.policy_uri
        registration = Registration(
            found.owner,
            found.document,
            found.issuer,
            found.resource_id,
            self._description(document),
            policy_uri,
        )
        self._store.replace_registration(registration)
        return registration

    def _end(self, owner: str, registration: Registration) -> None:
        try:
            self._api.delete(owner, registration.resource_id)
        except Refusal as error:
            raise Unavailable(f"a document cannot be deregistered: {error}") from None

    def _sent(self, document: Document) -> dict[str, object]:
        return resource_description(document, self._places.document(document.owner, document.id))

    def _description(self, document: Document) -> str:
        return canonical(self._sent(document))


_SENT = frozenset({"resource_scopes", "name", "type", "description", "icon_uri", EXTENSION})
