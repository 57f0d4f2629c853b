"""The reference resource server of UMA 2.0; it knows the authorization server by HTTP alone."""

from uma_reference.config_reader import ConfigError
from uma_reference.resource_server.app import app_of, create_app
from uma_reference.resource_server.config import Config
from uma_reference.resource_server.core import Core, put_together
from uma_reference.resource_server.store import MemoryStore, Store, StoreError, open_store

__all__ = [
    "Config",
    "ConfigError",
    "Core",
    "MemoryStore",
    "Store",
    "StoreError",
    "app_of",
    "create_app",
    "open_store",
    "put_together",
]
