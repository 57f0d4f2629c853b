"""Units of work as transactions."""

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from uma_reference.authorization_server.store.protocols import Store
from uma_reference.authorization_server.store.sql.clashes import ATTEMPTS, clashed, named, pause
from uma_reference.authorization_server.store.sql.store import SqlStore
from uma_reference.databases import WRITER
from uma_reference.store_error import StoreError

T = TypeVar("T")
_LOG = logging.getLogger(__name__)


class SqlKeeper:
    """Does each unit of work in one serializable transaction.

    What answers a request reads first and writes then: it looks whether a name failed to sign in
    too often and counts a failure, finds an RPT and issues another in its place, finds a resource
    and replaces its description. With any weaker level two of them could both act on what they
    read, so that a deleted resource comes back or an RPT outlives the revocation of its grant. At
    this level they act as if one came after the other, in any number of processes, as in memory.

    PostgreSQL ends one of two transactions that clash (SERIALIZABLE), SQLite has one writer at a
    time and refuses to write after reading what is out of date. Whoever lost does its work again;
    in each process they do so one after the other, and on SQLite they begin as writers, so that
    they wait instead of clashing once more.
    """

    blocking = True

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writers = engine.execution_options(**WRITER)
        self._again = threading.Lock()

    def run(self, work: Callable[[Store], T]) -> T:
        """Do the work in a transaction; raise `StoreError` when the database does not take it."""
        try:
            return self._run(work)
        except DBAPIError as error:
            _LOG.error("the database failed: %s", named(error))
            raise StoreError(f"the database failed: {named(error)}") from None
        except SQLAlchemyError as error:
            # No connection became free in time.
            _LOG.error("the database failed: %s", type(error).__name__)
            raise StoreError(f"the database failed: {type(error).__name__}") from None

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _run(self, work: Callable[[Store], T]) -> T:
        try:
            return _once(self._engine, work)
        except _Clash:
            pass
        with self._again:
            for attempt in range(ATTEMPTS):
                pause(attempt)
                try:
                    return _once(self._writers, work)
                except _Clash:
                    continue
        raise StoreError("the database is too busy")


class _Clash(Exception):  # noqa: N818 - the name of what happened
    """The work left no trace, and may be done again."""


def _once(engine: Engine, work: Callable[[Store], T]) -> T:
    done = False
    try:
        with engine.connect() as connection, connection.begin():
            result = work(SqlStore(connection))
            done = True
    except DBAPIError as error:
        # A connection that was lost in the middle of a commit leaves open what became of it.
        if clashed(error) or (error.connection_invalidated and not done):
            raise _Clash from error
        raise
    return result
