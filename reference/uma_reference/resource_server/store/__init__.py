"""Where a resource server keeps documents, registrations and PATs."""

from uma_reference.resource_server.store.database import DatabaseStore
from uma_reference.resource_server.store.memory import MemoryStore
from uma_reference.resource_server.store.protocols import Store, StoreError

__all__ = ["DatabaseStore", "MemoryStore", "Store", "StoreError"]
