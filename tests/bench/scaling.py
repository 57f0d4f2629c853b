"""What a redemption and an introspection cost with few and with many registered resources.

`python tests/bench/scaling.py [--many 1000000] [--rounds 400] [memory] [sqlite] [postgresql]`

Requests are answered in this process without sockets, so that the work of the server and its store
is what counts. Resources are registered at the store directly. The few and the many are measured in
turns, and the medians are printed in microseconds, with their ratio; then what a resource takes up,
in bytes, of memory (resident set) or of the database. PostgreSQL is the server in the environment
variable UMA2_TEST_POSTGRESQL, whose tables are dropped.
"""

import argparse
import asyncio
import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx
import sqlalchemy

from uma_reference.authorization_server import (
    AdjustableClock,
    Config,
    Keeper,
    MemoryStore,
    Store,
    SystemRandomness,
    create_app,
)
from uma_reference.authorization_server.model import Domain, Policy, Resource
from uma_reference.authorization_server.store import open_store
from uma_reference.names import UMA_GRANT

ISSUER = "https://as.example"
FEW = 1_000
CHUNK = 10_000
DOCUMENT: dict[str, object] = {
    "issuer": ISSUER,
    "owners": [{"id": "alice", "password": "alice-password"}],
    "clients": [
        {"id": "client", "secret": "client-secret"},
        {
            "id": "rs",
            "secret": "rs-secret",
            "scopes": ["uma_protection"],
            "owner": "alice",
            "resource_server": "rs",
        },
    ],
}


class Measured:
    """A server on a store, and the requests that are timed."""

    def __init__(self, keeper: Keeper) -> None:
        app = create_app(
            Config.from_document(DOCUMENT), keeper, AdjustableClock(), SystemRandomness()
        )
        self._runner = asyncio.Runner()
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ISSUER)
        form = {"grant_type": "client_credentials", "scope": "uma_protection"}
        pat = self._post("/token", data=form, auth=("rs", "rs-secret"))
        self._pat = {"authorization": f"Bearer {pat['access_token']}"}

    def redemption(self, resource_id: str) -> tuple[float, str]:
        """Return the seconds that a redemption takes, and the RPT."""
        wanted = {"resource_id": resource_id, "resource_scopes": ["view"]}
        ticket = self._post("/perm", json=wanted, headers=self._pat)["ticket"]
        form = {"grant_type": UMA_GRANT, "ticket": ticket}
        started = time.perf_counter()
        answer = self._post("/token", data=form, auth=("client", "client-secret"))
        return time.perf_counter() - started, str(answer["access_token"])

    def introspection(self, rpt: str) -> float:
        """Return the seconds that an introspection takes."""
        started = time.perf_counter()
        assert self._post("/introspect", data={"token": rpt}, headers=self._pat)["active"] is True
        return time.perf_counter() - started

    def _post(self, path: str, **parts: object) -> dict[str, object]:
        answer = self._runner.run(self._http.post(path, **parts))  # type: ignore[arg-type]
        assert answer.is_success, answer.text
        return answer.json()  # type: ignore[no-any-return]


def fill(keeper: Keeper, first: int, last: int) -> None:
    """Register resources, each with a policy that lets anybody view it."""

    def work(store: Store, *, start: int, end: int) -> None:
        for number in range(start, end):
            resource_id = f"resource-{number:08d}"
            described = {"name": f"Document {number}", "resource_scopes": ["view", "edit"]}
            store.put_resource(Resource(resource_id, Domain("alice", "rs"), described))
            if number % 100 == 0:
                policy = Policy(f"policy-{number}", resource_id, frozenset({"view"}), anyone=True)
                store.add_policy(policy)

    for start in range(first, last, CHUNK):
        end = min(start + CHUNK, last)
        keeper.run(partial(work, start=start, end=end))
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{end:,} registered")
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")


def resident() -> int:
    """Return the bytes of memory that this process has."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def measure(
    name: str,
    opened: Callable[[str], Keeper],
    size: Callable[[Keeper], int],
    many: int,
    rounds: int,
) -> None:
    """Measure one kind of store."""
    few_keeper, many_keeper = opened("few"), opened("many")
    fill(few_keeper, 0, FEW)
    before = size(many_keeper)
    fill(many_keeper, 0, many)
    each = (size(many_keeper) - before) / many
    few, full = Measured(few_keeper), Measured(many_keeper)
    times: dict[str, list[float]] = {kind: [] for kind in ("rf", "rm", "if", "im")}
    for round_number in range(rounds):
        for server, total, mark in ((few, FEW, "f"), (full, many, "m")):
            resource = f"resource-{(round_number * 7919 * 100) % total // 100 * 100:08d}"
            seconds, rpt = server.redemption(resource)
            times[f"r{mark}"].append(seconds)
            times[f"i{mark}"].append(server.introspection(rpt))
    found = {kind: statistics.median(values) * 1e6 for kind, values in times.items()}
    sys.stdout.write(
        f"{name:<11}{found['rf']:9.0f}{found['rm']:9.0f}{found['rm'] / found['rf']:7.2f}"
        f"{found['if']:11.0f}{found['im']:9.0f}{found['im'] / found['if']:7.2f}{each:12.0f}\n"
    )
    sys.stdout.flush()


def postgresql(url: str) -> tuple[Callable[[str], Keeper], Callable[[Keeper], int]]:
    """Return how two schemas of a PostgreSQL server are opened, and how large one is."""
    engine = sqlalchemy.create_engine(url)

    def opened(name: str) -> Keeper:
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text(f"DROP SCHEMA IF EXISTS bench_{name} CASCADE"))
            connection.execute(sqlalchemy.text(f"CREATE SCHEMA bench_{name}"))
        joint = "&" if "?" in url else "?"
        return open_store(f"{url}{joint}options=-csearch_path%3Dbench_{name}")

    def size(keeper: Keeper) -> int:
        del keeper
        query = (
            "SELECT COALESCE(SUM(pg_total_relation_size(c.oid)), 0) FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'bench_many' AND c.relkind = 'r'"
        )
        with engine.connect() as connection:
            return int(connection.execute(sqlalchemy.text(query)).scalar_one())

    return opened, size


def main() -> None:
    """Measure the stores that were asked for, or all that there are."""
    parser = argparse.ArgumentParser(description="Few resources against many.")
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("stores", nargs="*", default=[])
    options = parser.parse_args()
    url = os.environ.get("UMA2_TEST_POSTGRESQL", "")
    stores: list[str] = options.stores or ["memory", "sqlite", *(["postgresql"] if url else [])]
    sys.stdout.write(f"{FEW:,} against {options.many:,} resources, medians in microseconds\n")
    sys.stdout.write(
        "store      redeem f redeem m  ratio introsp f introsp m ratio bytes/resource\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for store in stores:
            match store:
                case "memory":
                    measure(
                        store,
                        lambda _: MemoryStore(),
                        lambda _: resident(),
                        options.many,
                        options.rounds,
                    )
                case "sqlite":
                    measure(
                        store,
                        lambda name: open_store(f"sqlite:///{place / name}.db"),
                        lambda _: sum(file.stat().st_size for file in place.glob("many.db*")),
                        options.many,
                        options.rounds,
                    )
                case _:
                    opened, size = postgresql(url)
                    measure(store, opened, size, options.many, options.rounds)


if __name__ == "__main__":
    main()
