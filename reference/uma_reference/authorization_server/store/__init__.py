"""Where the authorization server keeps things."""

from uma_reference.authorization_server.store.memory import MemoryStore
from uma_reference.authorization_server.store.opening import open_store
from uma_reference.authorization_server.store.protocols import Keeper, Store
from uma_reference.store_error import StoreError

__all__ = ["Keeper", "MemoryStore", "Store", "StoreError", "open_store"]
