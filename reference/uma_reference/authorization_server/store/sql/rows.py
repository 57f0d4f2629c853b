"""Reading and writing rows, whatever they hold."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Select, Table
from sqlalchemy.dialects import postgresql, sqlite

from uma_reference.authorization_server.store.sql.values import Kind, value_of

Upsert = sqlite.Insert | postgresql.Insert


class Rows:
    """Rows of one connection, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def insert(self, table: Table) -> Upsert:
        """Return an insertion that can do something else where the key is there already."""
        kind = self.connection.dialect.name
        return sqlite.insert(table) if kind == "sqlite" else postgresql.insert(table)

    def put(self, table: Table, key: Sequence[str], values: Mapping[str, object]) -> None:
        """Add a row, or replace what the one with the same key holds."""
        putting = self.insert(table).values(values)
        others = {name: putting.excluded[name] for name in values if name not in key}
        self.connection.execute(putting.on_conflict_do_update(index_elements=key, set_=others))

    def one(self, kind: type[Kind], query: Select[str]) -> Kind | None:
        """Return the document that a query finds."""
        text = self.connection.scalar(query)
        return value_of(kind, text) if text is not None else None

    def all(self, kind: type[Kind], query: Select[str]) -> Sequence[Kind]:
        """Return the documents that a query finds."""
        return [value_of(kind, text) for text in self.connection.scalars(query)]
