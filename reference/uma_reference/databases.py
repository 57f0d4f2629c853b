"""Connections to SQLite and PostgreSQL, set up so that what is acknowledged stays."""

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from uma_reference.store_error import StoreError

# How long SQLite waits for another writer.
_BUSY_SECONDS = 30
# Threads of a process that are at the database at once; the others wait for them.
_CONNECTIONS = 10
_POOL_SECONDS = 30
_CONNECT_SECONDS = 10
_BEGIN = "uma_begin"
_OLDEST_SQLITE = (3, 35)

# Execution options of a transaction that waits for other writers before it reads anything.
WRITER: Mapping[str, str] = {_BEGIN: "BEGIN IMMEDIATE"}


class _Postgresql(Protocol):
    """What is used of a connection of psycopg, which need not be installed."""

    def execute(self, query: str) -> object: ...
    def commit(self) -> None: ...


def engine_of(address: str) -> Engine:
    """Return an engine for a database URL; raise `StoreError` for one that leads nowhere.

    A file of SQLite is made if there is none, for its owner only. PostgreSQL is not contacted yet.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise StoreError("this is no database URL; use sqlite:///FILE or postgresql://…") from None
    match url.drivername:
        case "sqlite":
            return _sqlite(url)
        case "postgresql" | "postgresql+psycopg":
            return _postgresql(url.set(drivername="postgresql+psycopg"))
        case other:
            raise StoreError(
                f"databases of the kind {other} are not supported; "
                "use sqlite:///FILE or postgresql://…"
            )


def _sqlite(url: URL) -> Engine:
    file = url.database or ""
    if file in {"", ":memory:"} or url.host or url.query:
        raise StoreError("a SQLite URL is sqlite:/// and the name of a file")
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreError(f"SQLite is {sqlite3.sqlite_version}; 3.35 or newer is needed")
    try:
        # Its companions, the log and its index, get the same permissions.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(f"{file}: it cannot be written: {error.strerror}") from None
    engine = create_engine(
        url.set(database=str(Path(file).absolute())),
        poolclass=QueuePool,
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=_POOL_SECONDS,
        hide_parameters=True,
        # The driver begins no transaction by itself: the listener below does.
        connect_args={
            "timeout": _BUSY_SECONDS,
            "check_same_thread": False,
            "isolation_level": None,
        },
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, record: object) -> None:
    del record
    # A commit returns when the log is on the disk.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    options = cast("Mapping[str, str]", connection.get_execution_options())
    connection.exec_driver_sql(options.get(_BEGIN, "BEGIN"))


def _postgresql(url: URL) -> Engine:
    try:
        engine = create_engine(
            url,
            isolation_level="SERIALIZABLE",
            pool_size=_CONNECTIONS,
            max_overflow=0,
            pool_timeout=_POOL_SECONDS,
            hide_parameters=True,
            connect_args={"connect_timeout": _CONNECT_SECONDS},
        )
    except ImportError:
        raise StoreError(
            "the driver of PostgreSQL is missing; "
            "run: python -m pip install 'uma2-conformance[postgresql]'"
        ) from None
    event.listen(engine, "connect", _set_up_postgresql)
    return engine


def _set_up_postgresql(connection: _Postgresql, record: object) -> None:
    del record
    # A commit returns when the log is on the disk; a server that is told to do more does more.
    connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit') = 'off'"
    )
    # Small tables are read by their indices too: a look at a whole table would get into the way of
    # everybody who writes to it. Compiling such queries takes longer than running them.
    connection.execute("SET enable_seqscan = off")
    connection.execute("SET jit = off")
    connection.commit()
