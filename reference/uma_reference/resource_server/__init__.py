"""The reference resource server of UMA 2.0; it knows the authorization server by HTTP alone."""

from uma_reference.config_reader import ConfigError
from uma_reference.resource_server.app import app_of, create_app
from uma_reference.resource_server.config import Config
from uma_reference.resource_server.core import Core, put_together
from uma_reference.resource_server.store import DatabaseStore, MemoryStore, Store, StoreError

__all__ = [
    "Config",
    "ConfigError",
    "Core",
    "DatabaseStore",
    "MemoryStore",
    "Store",
    "StoreError",
    "app_of",
    "create_app",
    "put_together",
]
