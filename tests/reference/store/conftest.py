"""Every store in turn, twice opened, as two processes would."""

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

import pytest

from uma_reference.authorization_server import Keeper, Store
from uma_reference.authorization_server.store import open_store

T = TypeVar("T")
Work = Callable[[Store], T]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """Return the URL of each kind of store, with nothing in it."""
    if request.param == "memory":
        return "memory:"
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def keeper(url: str) -> Generator[Keeper]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def other(url: str, keeper: Keeper) -> Generator[Keeper]:
    """Yield the same store, opened once more where that is possible."""
    opened = keeper if url == "memory:" else open_store(url)
    yield opened
    opened.close()


class EachAlone:
    """A store in which each call is a unit of work."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def __getattr__(self, name: str) -> Callable[..., object]:
        def call(*given: object) -> object:
            return self._keeper.run(lambda store: getattr(store, name)(*given))

        return call


@pytest.fixture
def each_alone() -> Callable[[Keeper], Store]:
    """Return what makes each call of a store a unit of work."""
    return lambda keeper: cast("Store", EachAlone(keeper))


@pytest.fixture
def store(keeper: Keeper, each_alone: Callable[[Keeper], Store]) -> Store:
    return each_alone(keeper)


@pytest.fixture
def elsewhere(other: Keeper, each_alone: Callable[[Keeper], Store]) -> Store:
    return each_alone(other)


@pytest.fixture
def at_once(keeper: Keeper, other: Keeper) -> Callable[[Sequence[Work[T]]], list[T]]:
    """Return what does units of work at the same time, every second one by the other keeper."""

    def do(works: Sequence[Work[T]]) -> list[T]:
        ready = threading.Barrier(len(works))

        def one(number: int, work: Work[T]) -> T:
            ready.wait(timeout=60)
            return (keeper, other)[number % 2].run(work)

        with ThreadPoolExecutor(max_workers=len(works)) as pool:
            return list(pool.map(one, range(len(works)), works))

    return do
