"""Databases: opening them, what they hold, and what is said when they cannot be used."""

import sqlite3
import stat
import sys
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from sqlalchemy import Engine, delete, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from starlette.types import ASGIApp

from uma_reference.authorization_server import (
    AdjustableClock,
    Config,
    Keeper,
    Store,
    StoreError,
    SystemRandomness,
    create_app,
)
from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.handles import (
    BrowserSession,
    Gathering,
    PersistedClaims,
    RefreshToken,
)
from uma_reference.authorization_server.model import (
    AccessToken,
    Claims,
    Domain,
    Permission,
    Policy,
    Resource,
    Ticket,
)
from uma_reference.authorization_server.records import AccessRequest, Event, EventKind, Standing
from uma_reference.authorization_server.store import open_store
from uma_reference.authorization_server.store.sql import SqlKeeper
from uma_reference.authorization_server.store.sql.tables import CLIENTS, EVENTS, METADATA, VERSIONS
from uma_reference.databases import engine_of

ALICE = Domain("alice", "rs")
TICKET = Ticket("canary-ticket", ALICE, (), 300)
NOBODY = "postgresql://alice:canary@127.0.0.1:1/uma"


@pytest.fixture
def keeper(database: str) -> Generator[Keeper]:
    opened = open_store(database)
    yield opened
    opened.close()


@pytest.fixture
def engine(database: str, keeper: Keeper) -> Generator[Engine]:
    """Yield a way to the database around the store."""
    del keeper
    found = engine_of(database)
    yield found
    found.dispose()


def everything(store: Store) -> None:
    """Use every method."""
    store.put_resource(Resource("photo", ALICE, {}))
    store.resource("photo")
    store.resources(ALICE)
    store.owned("alice")
    store.add_policy(Policy("p", "photo", frozenset({"view"})))
    store.set_policies("photo", [Policy("q", "photo", frozenset())])
    store.policies("photo")
    store.policy("q")
    store.policies_of("alice")
    store.drop_policy("q")
    store.put_ticket(TICKET)
    store.take_ticket(TICKET.value)
    store.put_token(AccessToken("canary-token", "c", ALICE, 1, 300, grant="g"))
    store.token("canary-token")
    store.drop_token("canary-token")
    store.put_handle(RefreshToken("canary-refresh", "c", ALICE, None, 300, "g"))
    store.handle(RefreshToken, "canary-refresh")
    store.take_handle(RefreshToken, "canary-refresh")
    store.end_grant("g")
    store.put_handle(PersistedClaims("canary-pct", "c", Claims("idp", {"sub": "bob"}), 300))
    store.persisted_of("idp", "bob")
    store.forget_persisted("idp", "bob", "c")
    asked = AccessRequest("r", ALICE, "c", Claims(), (Permission("photo", frozenset()),), 1)
    store.submit(asked)
    store.submit(replace(asked, id="s"))
    store.request("r")
    store.requests("alice")
    store.decide("r", Standing.DENIED, 2)
    store.append(Event(1, EventKind.GRANTED, "alice"))
    store.events("alice")
    store.put_client(Client("c"))
    store.client("c")
    store.count("key", 1, 10)
    store.counted("key", 1)
    store.sweep(1)
    store.delete_resource("photo")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://u:canary@host/db", "kind mysql are not supported; use sqlite:///FILE"),
        ("postgresql+asyncpg://u:canary@host/db", "are not supported"),
        ("store.db", "no database URL; use sqlite:///FILE"),
        ("postgresql://u:canary@host:port/db", "no database URL"),
        ("sqlite://", "the name of a file"),
        ("sqlite:///:memory:", "the name of a file"),
        ("sqlite:///x.db?mode=canary", "the name of a file"),
        ("sqlite:////none/store.db", "/none/store.db: it cannot be written: No such file"),
        (NOBODY, r"alice:\*\*\*@127.0.0.1:1/uma: it cannot be opened: .*refused"),
        (f"{NOBODY}?password=canary", "it cannot be opened"),
        (f"{NOBODY}?canary=1", "it cannot be opened"),
    ],
)
def test_what_is_wrong_with_a_url_is_told(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        open_store(url)
    assert "canary" not in str(caught.value).replace('option "canary"', "")


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.write_text("This is my diary. " * 100)
    with pytest.raises(StoreError, match=r"store\.db: it cannot be opened: file is not a database"):
        open_store(f"sqlite:///{file}")
    assert file.read_text().startswith("This is my diary.")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="it cannot be written: Is a directory"):
        open_store(f"sqlite:///{tmp_path}")


def test_a_missing_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'uma2-conformance\[postgresql\]'"):
        open_store(NOBODY)


def test_a_wrong_password_is_told(postgresql_url: str) -> None:
    parts = urlsplit(postgresql_url)
    wrong = parts._replace(netloc=f"uma:canary@{parts.hostname}:{parts.port}").geturl()
    with pytest.raises(StoreError, match="password authentication failed") as caught:
        open_store(wrong)
    assert "canary" not in str(caught.value)


def test_tables_of_a_newer_version_are_refused(database: str, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(update(VERSIONS).values(version=2))
    with pytest.raises(StoreError, match="version 2 of the tables and this program knows 1"):
        open_store(database)


def test_many_can_open_a_new_database_at_once(database: str) -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:
        keepers = list(pool.map(open_store, [database] * 8))
    keepers[0].run(lambda store: store.put_ticket(TICKET))
    assert keepers[7].run(lambda store: store.take_ticket(TICKET.value)) == TICKET
    for keeper in keepers:
        keeper.close()


def test_what_was_kept_is_there_after_closing(database: str) -> None:
    first = open_store(database)
    first.run(lambda store: store.put_ticket(TICKET))
    first.close()
    second = open_store(database)
    assert second.run(lambda store: store.take_ticket(TICKET.value)) == TICKET
    second.close()


def test_a_database_file_is_for_its_owner_only(sqlite_url: str, tmp_path: Path) -> None:
    keeper = open_store(sqlite_url)
    keeper.run(everything)
    found = {item.name: stat.S_IMODE(item.stat().st_mode) for item in tmp_path.iterdir()}
    keeper.close()
    assert found == dict.fromkeys(("store.db", "store.db-wal", "store.db-shm"), 0o600)
    assert [item.name for item in tmp_path.iterdir()] == ["store.db"]


def test_no_secret_is_in_the_database(keeper: Keeper, engine: Engine) -> None:
    def put(store: Store) -> None:
        store.put_ticket(TICKET)
        store.put_token(AccessToken("canary-token", "c", ALICE, 1, 300, grant="g"))
        store.put_handle(RefreshToken("canary-refresh", "c", ALICE, None, 300, "g"))
        store.put_handle(BrowserSession("canary-session", "alice", 1, 300))
        store.put_handle(
            Gathering("canary", "c", TICKET, "https://c", "", state_given=False, expires_at=300)
        )

    keeper.run(put)
    with engine.connect() as connection:
        rows = [str(connection.execute(select(table)).all()) for table in METADATA.sorted_tables]
    assert sum(row.count("alice") for row in rows) == 5
    assert not [row for row in rows if "canary" in row]


@pytest.mark.parametrize("statement", [delete(EVENTS), update(EVENTS).values(owner="bob")])
def test_the_audit_can_only_grow(keeper: Keeper, engine: Engine, statement: object) -> None:
    told = Event(1, EventKind.GRANTED, "alice")
    keeper.run(lambda store: store.append(told))
    with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(statement)  # type: ignore[call-overload] # either statement will do
    assert list(keeper.run(lambda store: store.events("alice"))) == [told]


def test_the_audit_cannot_be_emptied_at_once(postgresql_url: str) -> None:
    open_store(postgresql_url).close()
    engine = engine_of(postgresql_url)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text("TRUNCATE uma_event"))
    engine.dispose()


def test_sqlite_is_set_up_to_lose_nothing(sqlite_url: str) -> None:
    engine = engine_of(sqlite_url)
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    # 2 is FULL.
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


@pytest.mark.parametrize("given", ["off", "remote_apply"])
def test_postgresql_is_set_up_to_lose_nothing(postgresql_url: str, given: str) -> None:
    url = f"{postgresql_url}%20-csynchronous_commit%3D{given}"
    engine = engine_of(url)
    with engine.connect() as connection:
        names = ("synchronous_commit", "transaction_isolation", "fsync")
        found = [connection.scalar(text(f"SHOW {name}")) for name in names]
    engine.dispose()
    assert found == ["on" if given == "off" else given, "serializable", "on"]


def test_everything_is_found_by_an_index(sqlite_url: str, tmp_path: Path) -> None:
    keeper = open_store(sqlite_url)
    ran: list[str] = []

    def note(*given: object) -> None:
        ran.append(str(given[2]))

    event.listen(Engine, "before_cursor_execute", note)
    keeper.run(everything)
    event.remove(Engine, "before_cursor_execute", note)
    keeper.close()
    with sqlite3.connect(tmp_path / "store.db") as connection:
        plans = {
            statement: connection.execute(
                f"EXPLAIN QUERY PLAN {statement}", [None] * statement.count("?")
            ).fetchall()
            for statement in set(ran) - {"BEGIN", "BEGIN IMMEDIATE"}
        }
    connection.close()
    assert len(plans) > 20
    assert not [plan for plan in plans.items() if "SCAN" in str(plan[1])]


def test_a_lost_connection_is_replaced(postgresql_url: str) -> None:
    keeper = open_store(postgresql_url)
    attempts: list[int] = []

    def work(store: Store) -> int:
        attempts.append(store.counted("key", 1))
        if len(attempts) == 1:
            with psycopg.connect(postgresql_url, autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND query LIKE '%uma_counter%'"
                    " AND query NOT LIKE '%pg_stat_activity%'"
                )
        return store.count("key", 1, 10)

    assert keeper.run(work) == 1
    assert attempts == [0, 0]
    keeper.close()


def test_a_server_that_is_gone_is_told(caplog: pytest.LogCaptureFixture) -> None:
    keeper = SqlKeeper(engine_of(NOBODY))
    with pytest.raises(StoreError, match="the database failed: OperationalError"):
        keeper.run(everything)
    assert "canary" not in caplog.text


def test_without_its_database_the_server_says_so(
    document: dict[str, object], in_process: Callable[[ASGIApp], httpx.BaseTransport]
) -> None:
    config = Config.from_document(document)
    keeper = SqlKeeper(engine_of(NOBODY))
    app = create_app(config, keeper, AdjustableClock(), SystemRandomness())
    form = {"grant_type": "client_credentials", "scope": "uma_protection"}
    with httpx.Client(transport=in_process(app), base_url=config.issuer) as client:
        answer = client.post("/token", data=form, auth=("rs-alice", "rs-alice-secret"))
    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")


def test_a_document_that_cannot_be_read_is_an_error(keeper: Keeper, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(CLIENTS).values(id="c", document="{"))
    with pytest.raises(ValueError, match="Expecting property name"):
        keeper.run(lambda store: store.client("c"))
