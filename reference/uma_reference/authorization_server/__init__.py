"""The reference authorization server of UMA 2.0: a pure core and a thin Starlette shell."""

from uma_reference.authorization_server.app import create_app
from uma_reference.authorization_server.clock import (
    AdjustableClock,
    Clock,
    Randomness,
    SystemClock,
    SystemRandomness,
)
from uma_reference.authorization_server.config import Config
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.store import (
    Keeper,
    MemoryStore,
    Store,
    StoreError,
    open_store,
)
from uma_reference.config_reader import ConfigError
from uma_reference.launching import RunningServer, ServerDidNotStart, serve

__all__ = [
    "AdjustableClock",
    "Clock",
    "Config",
    "ConfigError",
    "Keeper",
    "MemoryStore",
    "Randomness",
    "Rules",
    "RunningServer",
    "ServerDidNotStart",
    "Store",
    "StoreError",
    "SystemClock",
    "SystemRandomness",
    "create_app",
    "open_store",
    "serve",
]
