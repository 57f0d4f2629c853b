"""What the parts of the resource server share."""

from dataclasses import dataclass

from uma_reference.client.transport import Sender
from uma_reference.clock import Clock, Randomness
from uma_reference.resource_server.config import Config
from uma_reference.resource_server.discovery import Discovery
from uma_reference.resource_server.errors import Refusal, Unavailable
from uma_reference.resource_server.guarding import Guard
from uma_reference.resource_server.local_validation import KeySet, LocalValidation
from uma_reference.resource_server.model import (
    COLLECTION,
    COLLECTION_OPERATIONS,
    Description,
    Document,
)
from uma_reference.resource_server.pat import (
    ClientCredentialsSource,
    ConnectionSource,
    EitherSource,
)
from uma_reference.resource_server.people import People
from uma_reference.resource_server.places import Places
from uma_reference.resource_server.protection import ProtectionApi
from uma_reference.resource_server.registering import Registrar
from uma_reference.resource_server.store import Store
from uma_reference.resource_server.tokens import TokenEndpoint
from uma_reference.resource_server.validation import Introspection, Remembering, Validator


@dataclass(frozen=True, slots=True)
class Core:
    """The server's configuration and its collaborators."""

    config: Config
    store: Store
    clock: Clock
    randomness: Randomness
    places: Places
    people: People
    token_endpoint: TokenEndpoint
    registrar: Registrar
    guard: Guard

    def connected(self, owner: str) -> bool:
        """Tell whether there is a way to an owner's PAT: her own client, or what she granted."""
        if self.config.owners[owner].client is not None:
            return True
        kept = self.store.connection(owner)
        return kept is not None and kept.issuer == self.config.issuer

    def settle(self) -> dict[str, str]:
        """Do what is left to do for each owner; return what stands in the way, by owner."""
        waiting = [
            owner
            for owner in self.config.owners
            if self.connected(owner) and self.registrar.unsettled(owner)
        ]
        problems = {owner: self.settle_for(owner) for owner in waiting}
        return {owner: problem for owner, problem in problems.items() if problem}

    def settle_for(self, owner: str) -> str:
        """Do what is left to do for an owner; return what stands in the way, if anything."""
        try:
            self.registrar.settle(owner)
        except (Unavailable, Refusal) as error:
            return str(error)
        return ""


def put_together(
    config: Config, store: Store, sender: Sender, clock: Clock, randomness: Randomness
) -> Core:
    """Make the collaborators, and bring the documents of the configuration into the store."""
    places = Places(config.url)
    discovery = Discovery(config.issuer, sender, clock)
    endpoint = TokenEndpoint(discovery, sender, clock, randomness)
    clients = {item.id: item.client for item in config.owners.values() if item.client is not None}
    own = ClientCredentialsSource(clients, endpoint, clock)
    others = config.owners.keys() - clients.keys()
    connected = (
        ConnectionSource(config.client, endpoint, store, clock, others) if config.client else None
    )
    pats = EitherSource(own, frozenset(clients), connected)
    api = ProtectionApi(discovery, pats, sender)
    registrar = Registrar(config.issuer, store, api, places, config.owners)
    validator: Validator = Introspection(api)
    if config.cache_seconds:
        validator = Remembering(validator, config.cache_seconds, clock)
    if config.validation == "local":
        keys = KeySet(discovery, sender, clock)
        validator = LocalValidation(keys, config.issuer, config.audiences, validator)
    guard = Guard(config, store, registrar, api, validator, clock)
    people = People(config.owners, config.realm, clock)
    _plant(config, store)
    return Core(config, store, clock, randomness, places, people, endpoint, registrar, guard)


def _plant(config: Config, store: Store) -> None:
    """Put an owner's first documents there, unless she has some, and her collection if shared."""
    for owner in config.owners.values():
        if not any(item.id != COLLECTION for item in store.documents(owner.id)):
            for item in owner.documents:
                store.add_document(item)
        if config.shared_collections:
            store.add_document(_collection(owner.id))
        else:
            store.delete_document(owner.id, COLLECTION)


def _collection(owner: str) -> Document:
    operations = COLLECTION_OPERATIONS
    scopes = tuple(operations.values())
    description = Description(f"Documents of {owner}", scopes=scopes, operations=operations)
    return Document(owner, COLLECTION, description)
