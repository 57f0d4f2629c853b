"""Making the tables on first use, and refusing those of a newer version."""

from sqlalchemy import Connection, Engine, insert, inspect, select

from uma_reference.authorization_server.store.sql.tables import METADATA, VERSIONS
from uma_reference.databases import WRITER
from uma_reference.store_error import StoreError

VERSION = 1
# Of all that may share a database, only this package takes this lock.
_LOCK = 0x756D61_32
_APPEND_ONLY = {
    "sqlite": (
        """
        CREATE TRIGGER uma_event_no_update BEFORE UPDATE ON uma_event
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
        """,
        """
        CREATE TRIGGER uma_event_no_delete BEFORE DELETE ON uma_event
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION uma_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$
        """,
        """
        CREATE TRIGGER uma_event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON uma_event
        FOR EACH STATEMENT EXECUTE FUNCTION uma_event_refuse()
        """,
    ),
}


def prepare(engine: Engine) -> None:
    """Make the tables if there are none; raise `StoreError` for those of a newer version.

    Of several processes that start at once one makes them, and the others wait for it.
    """
    # PostgreSQL waits at a lock, and must not see less after it than whoever had it left behind.
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "READ COMMITTED"}
    with engine.execution_options(**WRITER, **level).begin() as connection:
        _lock(connection)
        if not inspect(connection).has_table(VERSIONS.name):
            _make(connection)
        found = connection.scalar(select(VERSIONS.c.version))
    if found != VERSION:
        raise StoreError(
            f"the database has version {found} of the tables and this program knows {VERSION}; "
            "use the program that made them, or another database"
        )


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _make(connection: Connection) -> None:
    METADATA.create_all(connection, checkfirst=False)
    for statement in _APPEND_ONLY[connection.dialect.name]:
        connection.exec_driver_sql(statement)
    connection.execute(insert(VERSIONS).values(version=VERSION))
