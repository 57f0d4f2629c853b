"""What every store does: one suite for memory, SQLite and, where there is one, PostgreSQL.

PostgreSQL is used when UMA2_TEST_POSTGRESQL names a server; see .ci/postgresql.
"""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from uma_reference.resource_server import Store, StoreError, open_store
from uma_reference.resource_server.model import (
    Connection,
    Description,
    Document,
    Pending,
    Registration,
)

ALICE = "alice"
NOTES = Document(
    ALICE,
    "notes",
    Description("Notes", "t", "d", "https://x.example/i", ("a", "b"), {"GET": "a"}, "all", ("x",)),
    "text/plain",
    "gr\u00fcn\0".encode(),
)
AT = Registration(ALICE, "notes", "https://as.example", "r1", "{}", "https://as.example/p")
PAT = Connection(ALICE, "https://as.example", "pat", 1000, "refresh")
WAY = Pending("s" * 64, "b" * 64, ALICE, "verifier", 1000)
Open = Callable[[str], Store]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest) -> Generator[Open]:
    """Yield what opens the store of a server by its name, in one database of each kind."""
    kind = request.param
    url = "memory:" if kind == "memory" else str(request.getfixturevalue(f"{kind}_url"))
    stores: list[Store] = []

    def make(server: str) -> Store:
        stores.append(open_store(url, server))
        return stores[-1]

    yield make
    for item in stores:
        item.close()


@pytest.fixture
def store(opened: Open) -> Store:
    return opened("rs")


def test_a_document_comes_back_as_it_was(store: Store) -> None:
    assert store.document(ALICE, "notes") is None
    assert store.add_document(NOTES)
    assert store.document(ALICE, "notes") == NOTES
    assert store.documents(ALICE) == [NOTES]
    assert store.document("bob", "notes") is None
    assert store.documents("bob") == []


def test_an_identifier_is_taken_once(store: Store) -> None:
    assert store.add_document(NOTES)
    assert not store.add_document(replace(NOTES, content=b"other"))
    assert store.document(ALICE, "notes") == NOTES
    assert store.add_document(replace(NOTES, owner="bob"))


def test_documents_keep_their_order(store: Store) -> None:
    names = ["c", "a", "b"]
    for name in names:
        store.add_document(replace(NOTES, id=name))
    assert store.replace_document(replace(NOTES, id="c", content=b"new"))
    assert [item.id for item in store.documents(ALICE)] == names


def test_only_what_is_there_is_replaced(store: Store) -> None:
    changed = replace(NOTES, media_type="application/json", content=b"1")
    assert not store.replace_document(changed)
    store.add_document(NOTES)
    assert store.replace_document(changed)
    assert store.document(ALICE, "notes") == changed


def test_a_document_is_deleted_once(store: Store) -> None:
    store.add_document(NOTES)
    assert store.delete_document(ALICE, "notes")
    assert not store.delete_document(ALICE, "notes")
    assert store.documents(ALICE) == []


def test_a_document_has_one_registration(store: Store) -> None:
    assert store.registration(ALICE, "notes") is None
    assert store.add_registration(AT)
    assert not store.add_registration(replace(AT, resource_id="r2"))
    assert store.registration(ALICE, "notes") == AT
    assert store.registrations(ALICE) == [AT]
    assert store.registrations("bob") == []


def test_a_registration_is_replaced_by_its_resource_identifier(store: Store) -> None:
    changed = replace(AT, described="new", policy_uri="")
    store.replace_registration(changed)
    assert store.registration(ALICE, "notes") is None
    store.add_registration(AT)
    store.replace_registration(replace(changed, resource_id="r2"))
    assert store.registration(ALICE, "notes") == AT
    store.replace_registration(changed)
    assert store.registration(ALICE, "notes") == changed


def test_a_registration_is_deleted_by_its_resource_identifier(store: Store) -> None:
    store.add_registration(AT)
    store.delete_registration(replace(AT, resource_id="r2"))
    assert store.registration(ALICE, "notes") == AT
    store.delete_registration(AT)
    assert store.registration(ALICE, "notes") is None


def test_a_connection_takes_the_place_of_the_one_before(store: Store) -> None:
    assert store.connection(ALICE) is None
    store.put_connection(PAT)
    assert store.connection(ALICE) == PAT
    newer = replace(PAT, pat="newer", refresh_token="", expires_at=0)
    store.put_connection(newer)
    assert store.connection(ALICE) == newer
    assert store.connection("bob") is None


def test_a_connection_is_deleted_by_its_pat(store: Store) -> None:
    store.put_connection(PAT)
    store.delete_connection(replace(PAT, pat="older"))
    assert store.connection(ALICE) == PAT
    store.delete_connection(PAT)
    assert store.connection(ALICE) is None


def test_who_is_on_the_way_is_taken_once(store: Store) -> None:
    store.put_pending(WAY, 0)
    assert store.take_pending("x" * 64) is None
    assert store.take_pending(WAY.state) == WAY
    assert store.take_pending(WAY.state) is None


def test_who_takes_too_long_is_forgotten(store: Store) -> None:
    store.put_pending(WAY, 0)
    store.put_pending(replace(WAY, state="t" * 64, expires_at=2000), 1000)
    assert store.take_pending(WAY.state) is None
    assert store.take_pending("t" * 64) is not None


def test_of_many_only_one_is_the_first(store: Store) -> None:
    def make(number: int) -> bool:
        return store.add_registration(replace(AT, resource_id=f"r{number}"))

    def take(_: int) -> Pending | None:
        return store.take_pending(WAY.state)

    store.put_pending(WAY, 0)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(16)))
        taken = list(pool.map(take, range(16)))
    assert made.count(True) == 1
    assert taken.count(WAY) == 1


def test_two_servers_in_one_database_do_not_see_each_other(opened: Open) -> None:
    one, other = opened("one"), opened("other")
    one.add_document(NOTES)
    one.add_registration(AT)
    one.put_connection(PAT)
    one.put_pending(WAY, 0)
    assert other.documents(ALICE) == []
    assert other.registrations(ALICE) == []
    assert other.connection(ALICE) is None
    assert other.take_pending(WAY.state) is None
    assert not other.delete_document(ALICE, "notes")
    other.put_pending(replace(WAY, state="t" * 64), 5000)
    assert one.take_pending(WAY.state) == WAY


def test_a_database_remembers(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/rs.db"
    first = open_store(address, "rs")
    first.add_document(NOTES)
    first.put_connection(PAT)
    first.close()
    second = open_store(address, "rs")
    assert (second.document(ALICE, "notes"), second.connection(ALICE)) == (NOTES, PAT)
    second.close()


def test_nobody_else_can_read_the_file(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/rs.db", "rs")
    store.put_connection(PAT)
    modes = {item.stat().st_mode & 0o777 for item in tmp_path.iterdir()}
    store.close()
    assert modes == {0o600}


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rs.db"
    file.touch()
    file.chmod(0o644)
    with pytest.raises(StoreError, match="chmod 600"):
        open_store(f"sqlite:///{file}", "rs")


@pytest.mark.parametrize(
    "address",
    [
        *("rs.db", "sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/d"),
        *("sqlite:////none/none/rs.db", "postgresql+psycopg://u:secret@127.0.0.1:1/d"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_without_its_password(address: str) -> None:
    with pytest.raises(StoreError) as told:
        open_store(address, "rs")
    assert "secret" not in str(told.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "rs.db"
    file.write_bytes(b"something else altogether" * 100)
    file.chmod(0o600)
    with pytest.raises(StoreError):
        open_store(f"sqlite:///{file}", "rs")
