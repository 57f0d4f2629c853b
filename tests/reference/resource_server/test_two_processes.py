"""Two processes of one resource server with one store: they do not undo each other's work."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from uma_reference.resource_server import Core, Store, open_store

if TYPE_CHECKING:
    from tests.reference.resource_server.conftest import Wire
else:
    Wire = Any

NOTES = "https://rs.example/owners/alice/documents/notes"
Headers = dict[str, str]


@pytest.fixture(params=["memory", "sqlite"])
def shared(request: pytest.FixtureRequest) -> Generator[Store]:
    url = "memory:" if request.param == "memory" else str(request.getfixturevalue("sqlite_url"))
    store = open_store(url, "rs")
    yield store
    store.close()


@pytest.mark.parametrize("attempt", range(5))
def test_a_document_is_registered_once(
    start: Callable[..., Core], shared: Store, server: httpx.Client, pat: Headers, attempt: int
) -> None:
    del attempt
    cores = [start(shared) for _ in range(4)]
    barrier = Barrier(len(cores))

    def settle(core: Core) -> dict[str, str]:
        barrier.wait(timeout=10)
        return core.settle()

    with ThreadPoolExecutor(len(cores)) as pool:
        assert list(pool.map(settle, cores)) == [{}] * len(cores)
    found = shared.registration("alice", "notes")
    assert found is not None
    assert server.get("/rreg/", headers=pat).json() == [found.resource_id]


def test_who_was_slower_takes_back_what_it_registered(
    start: Callable[..., Core], shared: Store, server: httpx.Client, pat: Headers, wire: Wire
) -> None:
    one, other = start(shared), start(shared)
    # The other process registers while this one waits for its answer.
    waiting = True

    def meanwhile(request: httpx.Request) -> httpx.Response | None:
        nonlocal waiting
        if waiting and request.method == "POST" and request.url.path == "/rreg/":
            waiting = False
            answer = server.post("/rreg/", content=request.content, headers=request.headers)
            wire.unlocked(other.settle)
            return httpx.Response(201, content=answer.content)
        return None

    wire.instead = meanwhile
    assert one.settle() == {}
    found = shared.registration("alice", "notes")
    assert found is not None
    assert server.get("/rreg/", headers=pat).json() == [found.resource_id]


def test_the_collection_is_adopted_like_a_document(
    start: Callable[..., Core], server: httpx.Client, pat: Headers
) -> None:
    start(shared_collections=True).settle()
    before = server.get("/rreg/", headers=pat).json()
    again = start(open_store("memory:", "rs"), shared_collections=True)
    assert again.settle() == {}
    assert server.get("/rreg/", headers=pat).json() == before
    assert len(before) == 2
