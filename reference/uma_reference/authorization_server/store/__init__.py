"""Where the authorization server keeps things."""

from uma_reference.authorization_server.store.memory import MemoryStore
from uma_reference.authorization_server.store.protocols import Keeper, Store

__all__ = ["Keeper", "MemoryStore", "Store"]
