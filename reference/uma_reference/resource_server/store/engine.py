"""Opening the database of a durable store."""

import os
import stat
from pathlib import Path

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from uma_reference.resource_server.store.protocols import StoreError

_SCHEMES = ("sqlite", "postgresql+psycopg")
_BUSY_SECONDS = 30


def open_database(address: str) -> Engine:
    """Return an engine for `sqlite:///file` or `postgresql+psycopg://…`; raise `StoreError`.

    A file of SQLite is made so that nobody else can read it, and refused when others can.
    """
    try:
        url = make_url(address)
    except ArgumentError:
        # The address is not repeated, as it may hold a password.
        raise StoreError("the database: its address cannot be read") from None
    if url.drivername not in _SCHEMES:
        raise StoreError(f"the database: its address has to begin with {' or '.join(_SCHEMES)}")
    if url.drivername == "sqlite":
        return _sqlite(url)
    try:
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    except (SQLAlchemyError, ImportError):
        raise StoreError(
            "the database: install the extra `postgresql` of uma2-conformance"
        ) from None


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise StoreError("the database: name a file, as in sqlite:///rs.db")
    _keep_private(Path(url.database))
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    return engine


def _keep_private(path: Path) -> None:
    try:
        # Files that SQLite puts beside this one take its mode over.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise StoreError(f"{path}: it cannot be opened: {error.strerror}") from None
    if os.name == "posix" and mode & 0o077:
        raise StoreError(f"{path}: others may read it; run: chmod 600 {path}")


def _prepare(connection: object, entry: ConnectionPoolEntry) -> None:
    """Let readers and one writer work at the same time."""
    del entry
    cursor = connection.cursor()  # type: ignore[attr-defined]  # whatever the driver connects with
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()
