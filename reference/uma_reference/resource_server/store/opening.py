"""Finding the store that a URL names."""

import os
import stat
from pathlib import Path

from uma_reference.resource_server.store.memory import MemoryStore
from uma_reference.resource_server.store.protocols import Store
from uma_reference.store_error import StoreError

_MEMORY = frozenset({"", "memory:"})
_FILE = "sqlite:///"


def open_store(url: str, server: str) -> Store:
    """Open the store of a resource server, by its name in a database; raise `StoreError`.

    `memory:` or nothing is the memory of the process, `sqlite:///FILE` a file,
    `postgresql://USER@HOST/DATABASE` a PostgreSQL database. A file that others can read is refused.
    """
    if url in _MEMORY:
        return MemoryStore()
    if url.startswith(_FILE):
        _require_private(Path(url.removeprefix(_FILE)))
    # Who keeps things in memory does not wait for SQLAlchemy to be loaded.
    from uma_reference.resource_server.store.database import (  # noqa: PLC0415 - see above
        DatabaseStore,
    )

    return DatabaseStore(url, server)


def _require_private(path: Path) -> None:
    """Refuse a file that is there already and open to others; a new one is made private."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return
    if os.name == "posix" and mode & 0o077:
        raise StoreError(f"{path}: others may read it; run: chmod 600 {path}")
