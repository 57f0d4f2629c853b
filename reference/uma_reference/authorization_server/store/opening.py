"""Finding the store that a URL names."""

from uma_reference.authorization_server.store.memory import MemoryStore
from uma_reference.authorization_server.store.protocols import Keeper

_MEMORY = frozenset({"", "memory:"})


def in_memory(url: str) -> bool:
    """Tell whether a URL names the store that ends with its process."""
    return url in _MEMORY


def open_store(url: str) -> Keeper:
    """Open a store; raise `StoreError`.

    `memory:` or nothing is the memory of the process, `sqlite:///FILE` a file (with four slashes
    if its path is absolute), `postgresql://USER@HOST/DATABASE` a PostgreSQL database.
    """
    if in_memory(url):
        return MemoryStore()
    # Who keeps things in memory does not wait for SQLAlchemy to be loaded.
    from uma_reference.authorization_server.store.sql import (  # noqa: PLC0415 - see above
        open_database,
    )

    return open_database(url)
