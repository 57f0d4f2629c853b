"""Where the authorization server keeps things."""

from uma_reference.authorization_server.store.memory import MemoryStore
from uma_reference.authorization_server.store.protocols import Store

__all__ = ["MemoryStore", "Store"]
