"""Opening a database, or saying why that is impossible."""

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from uma_reference.authorization_server.store.sql.clashes import ATTEMPTS, clashed, pause
from uma_reference.authorization_server.store.sql.keeper import SqlKeeper
from uma_reference.authorization_server.store.sql.schema import prepare
from uma_reference.databases import engine_of
from uma_reference.store_error import StoreError


def open_database(address: str) -> SqlKeeper:
    """Open a database by its URL and make its tables if need be; raise `StoreError`."""
    engine = engine_of(address)
    try:
        _prepared(engine)
    except StoreError as error:
        engine.dispose()
        raise StoreError(f"{_shown(engine)}: {error}") from None
    except DBAPIError as error:
        engine.dispose()
        # The first line says what is wrong; the others are guesses of the driver.
        why = str(error.orig).partition("\n")[0]
        raise StoreError(f"{_shown(engine)}: it cannot be opened: {why}") from None
    return SqlKeeper(engine)


def _prepared(engine: Engine) -> None:
    for attempt in range(ATTEMPTS):
        try:
            return prepare(engine)
        except DBAPIError as error:
            if not clashed(error):
                raise
            pause(attempt)
    return prepare(engine)


def _shown(engine: Engine) -> str:
    """Return the URL without what may be a secret."""
    return engine.url.set(query={}).render_as_string(hide_password=True)
