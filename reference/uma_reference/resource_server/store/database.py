"""A store in a database: a file of SQLite, or PostgreSQL."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    RowMapping,
    Table,
    and_,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError, SQLAlchemyError

from uma_reference.databases import WRITER, engine_of
from uma_reference.resource_server.model import (
    Connection,
    Description,
    Document,
    Pending,
    Registration,
)
from uma_reference.resource_server.store.tables import Tables, tables
from uma_reference.store_error import StoreError

_Row = RowMapping
_ATTEMPTS = 3
_PAUSE_SECONDS = 0.1


class DatabaseStore:
    """Keeps everything of one resource server; each method is one transaction.

    PATs, refresh tokens and code verifiers are kept in clear, as they are needed in clear. Several
    processes may use one database, and several resource servers, which are told apart by name.
    """

    def __init__(self, address: str, server: str) -> None:
        engine = engine_of(address)
        if engine.dialect.name == "postgresql":
            # Each method is one statement, or does not mind what happens between two.
            engine = engine.execution_options(isolation_level="READ COMMITTED")
        self._engine = engine
        self._writer = engine.execution_options(**WRITER)
        self._server = server
        self._tables = tables()
        try:
            _make(self._tables, self._writer)
        except SQLAlchemyError as error:
            engine.dispose()
            # The driver's words may hold the address with its password.
            kind = type(error).__name__
            raise StoreError(f"the database cannot be used ({kind})") from None

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def documents(self, owner: str) -> Sequence[Document]:
        """Return the documents of an owner, the oldest first."""
        table = self._tables.documents
        query = select(table).where(self._in(table, owner=owner)).order_by(table.c.number)
        with self._engine.connect() as connection:
            return [_document(row) for row in connection.execute(query).mappings()]

    def document(self, owner: str, document: str) -> Document | None:
        """Return a document."""
        row = self._one(self._tables.documents, owner=owner, id=document)
        return _document(row) if row is not None else None

    def add_document(self, document: Document) -> bool:
        """Keep a new document; do nothing and tell so when the identifier is taken."""
        key = {"owner": document.owner, "id": document.id}
        return self._insert(self._tables.documents, {**key, **_written(document)})

    def replace_document(self, document: Document) -> bool:
        """Replace a document; do nothing and tell so when it is not there."""
        table = self._tables.documents
        place = self._in(table, owner=document.owner, id=document.id)
        with self._writer.begin() as connection:
            found = connection.execute(update(table).where(place).values(**_written(document)))
            return found.rowcount == 1

    def delete_document(self, owner: str, document: str) -> bool:
        """Remove a document; tell whether it was there."""
        return self._delete(self._tables.documents, owner=owner, id=document)

    def registrations(self, owner: str) -> Sequence[Registration]:
        """Return the registrations of an owner's documents."""
        table = self._tables.registrations
        with self._engine.connect() as connection:
            rows = connection.execute(select(table).where(self._in(table, owner=owner)))
            return [Registration(**_members(row)) for row in rows.mappings()]

    def registration(self, owner: str, document: str) -> Registration | None:
        """Return the registration of a document."""
        row = self._one(self._tables.registrations, owner=owner, document=document)
        return Registration(**_members(row)) if row is not None else None

    def add_registration(self, registration: Registration) -> bool:
        """Keep a registration; do nothing and tell so when the document has one."""
        return self._insert(self._tables.registrations, asdict(registration))

    def replace_registration(self, registration: Registration) -> None:
        """Put a registration in the place of the one with the same resource identifier, if any."""
        table = self._tables.registrations
        with self._writer.begin() as connection:
            place = self._in(table, **_place(registration))
            connection.execute(update(table).where(place).values(**asdict(registration)))

    def delete_registration(self, registration: Registration) -> None:
        """Remove a registration if its resource identifier is still the one that is kept."""
        self._delete(self._tables.registrations, **_place(registration))

    def connection(self, owner: str) -> Connection | None:
        """Return an owner's connection."""
        row = self._one(self._tables.connections, owner=owner)
        return Connection(**_members(row)) if row is not None else None

    def put_connection(self, connection: Connection) -> None:
        """Keep a connection instead of the one before."""
        table = self._tables.connections
        values = asdict(connection)
        place = self._in(table, owner=connection.owner)
        # Should another process be faster between the two, there is a row to update.
        for _ in range(2):
            with self._writer.begin() as database:
                if database.execute(update(table).where(place).values(**values)).rowcount:
                    return
            if self._insert(table, values):
                return
        raise StoreError("the database: a connection cannot be kept")

    def delete_connection(self, connection: Connection) -> None:
        """Remove a connection if its PAT is still the one that is kept."""
        self._delete(self._tables.connections, owner=connection.owner, pat=connection.pat)

    def put_pending(self, pending: Pending, now: int) -> None:
        """Keep who is on the way, and forget those whose time is over."""
        table = self._tables.pending
        with self._writer.begin() as connection:
            over = and_(table.c.server == self._server, table.c.expires_at <= now)
            connection.execute(delete(table).where(over))
            connection.execute(insert(table).values(server=self._server, **asdict(pending)))

    def take_pending(self, state: str) -> Pending | None:
        """Remove the one with a digest of `state` and return it; at most one caller gets it."""
        table = self._tables.pending
        with self._writer.begin() as connection:
            taking = delete(table).where(self._in(table, state=state)).returning(*table.c)
            row = connection.execute(taking).mappings().one_or_none()
        return Pending(**_members(row)) if row is not None else None

    def _in(self, table: Table, **members: str) -> ColumnElement[bool]:
        wanted = [table.c[name] == value for name, value in members.items()]
        return and_(table.c.server == self._server, *wanted)

    def _one(self, table: Table, **members: str) -> _Row | None:
        query = select(table).where(self._in(table, **members))
        with self._engine.connect() as connection:
            return connection.execute(query).mappings().one_or_none()

    def _insert(self, table: Table, values: Mapping[str, object]) -> bool:
        try:
            with self._writer.begin() as connection:
                connection.execute(insert(table).values(server=self._server, **values))
        except IntegrityError:
            return False
        return True

    def _delete(self, table: Table, **members: str) -> bool:
        with self._writer.begin() as connection:
            found = connection.execute(delete(table).where(self._in(table, **members)))
            return found.rowcount > 0


def _make(wanted: Tables, engine: Engine) -> None:
    """Make the tables that are not there; another process may do so at the same time."""
    for _ in range(_ATTEMPTS):
        try:
            return wanted.metadata.create_all(engine)
        except (IntegrityError, OperationalError, ProgrammingError):
            time.sleep(_PAUSE_SECONDS)
    return wanted.metadata.create_all(engine)


def _members(row: _Row) -> dict[str, Any]:
    return {str(name): value for name, value in row.items() if name != "server"}


def _place(registration: Registration) -> dict[str, str]:
    return {
        "owner": registration.owner,
        "document": registration.document,
        "resource_id": registration.resource_id,
    }


def _written(document: Document) -> dict[str, object]:
    return {
        "description": json.dumps(asdict(document.description)),
        "media_type": document.media_type,
        "content": document.content,
    }


def _document(row: _Row) -> Document:
    stored: dict[str, Any] = json.loads(row["description"])
    for name in ("scopes", "related"):
        stored[name] = tuple(stored[name])
    content = bytes(row["content"])
    return Document(row["owner"], row["id"], Description(**stored), row["media_type"], content)
