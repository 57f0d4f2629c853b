"""Where a resource server keeps documents, registrations and PATs."""

from uma_reference.resource_server.store.memory import MemoryStore
from uma_reference.resource_server.store.opening import open_store
from uma_reference.resource_server.store.protocols import Store
from uma_reference.store_error import StoreError

__all__ = ["MemoryStore", "Store", "StoreError", "open_store"]
