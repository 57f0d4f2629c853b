"""Where the authorization server keeps things."""

from uma_reference.authorization_server.store.memory import MemoryStore
from uma_reference.authorization_server.store.opening import in_memory, open_store
from uma_reference.authorization_server.store.protocols import Keeper, Store
from uma_reference.store_error import StoreError

__all__ = ["Keeper", "MemoryStore", "Store", "StoreError", "in_memory", "open_store"]
