"""A store in a SQLite file or a PostgreSQL database."""

from uma_reference.authorization_server.store.sql.keeper import SqlKeeper
from uma_reference.authorization_server.store.sql.opening import open_database

__all__ = ["SqlKeeper", "open_database"]
