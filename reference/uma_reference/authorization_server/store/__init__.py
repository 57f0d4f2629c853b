"""Where the authorization server keeps things: in memory, or in a database."""

from uma_reference.authorization_server.store.digests import digest
from uma_reference.authorization_server.store.memory import MemoryStore
from uma_reference.authorization_server.store.protocols import Store

__all__ = ["MemoryStore", "Store", "digest"]
