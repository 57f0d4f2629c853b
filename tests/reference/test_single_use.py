"""A permission ticket is used up by its first presentation, however many come at once."""

import asyncio
import ssl
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import httpx

from uma_reference.authorization_server import MemoryStore, RunningServer, serve
from uma_reference.authorization_server.model import Domain, Ticket

UMA_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"
AT_ONCE = 50


def serving(server: RunningServer) -> dict[str, int]:
    """Return how many sockets each worker has, of those that run an event loop already."""
    found: dict[str, int] = {}
    children = Path(f"/proc/{server.process}/task/{server.process}/children").read_text()
    for child in children.split():
        held: list[str] = []
        for item in Path(f"/proc/{child}/fd").iterdir():
            # A worker opens and closes files meanwhile.
            with suppress(FileNotFoundError):
                held.append(str(item.readlink()))
        if "anon_inode:[eventpoll]" in held:
            found[child] = len([item for item in held if item.startswith("socket:")])
    return found


def wait_for(server: RunningServer, workers: int) -> None:
    """Wait until that many workers serve."""
    until = time.monotonic() + 60
    while len(serving(server)) < workers:
        assert time.monotonic() < until
        time.sleep(0.1)


async def presented(
    server: RunningServer, trust: ssl.SSLContext, ticket: str
) -> list[httpx.Response]:
    """Present one ticket on many connections at the same time."""
    before = serving(server)
    async with AsyncExitStack() as opened:
        clients: list[httpx.AsyncClient] = []
        for _ in range(AT_ONCE):
            client = httpx.AsyncClient(
                base_url=server.issuer, verify=trust, timeout=60, trust_env=False
            )
            clients.append(await opened.enter_async_context(client))
            # Open the connections first, so that the presentations themselves come together.
            await client.get("/.well-known/uma2-configuration")
        shares = [held - before[worker] for worker, held in serving(server).items()]
        # The kernel deals them out; what matters is that the presentations go several ways.
        assert len(before) < 2 or len([share for share in shares if share > 2]) >= 2
        form = {"grant_type": UMA_GRANT, "ticket": ticket}
        auth = ("client", "client-secret")
        presentations = (client.post("/token", data=form, auth=auth) for client in clients)
        return list(await asyncio.gather(*presentations))


def outcomes(
    document: dict[str, object],
    policy: dict[str, object],
    database: str = "memory:",
    workers: int = 1,
) -> Counter[str]:
    """Count what the presentations of one ticket give under a policy."""
    own = {"issuer", "controls"} if workers > 1 else {"issuer"}
    served = {name: value for name, value in document.items() if name not in own}
    with serve(served, database=database, workers=workers) as server:
        if workers > 1:
            wait_for(server, workers)
        trust = ssl.create_default_context(cafile=server.ca_file)
        with httpx.Client(base_url=server.issuer, verify=trust, trust_env=False) as client:
            form = {"grant_type": "client_credentials", "scope": "uma_protection"}
            pat = client.post("/token", data=form, auth=("rs-alice", "rs-alice-secret")).json()
            headers = {"Authorization": f"Bearer {pat['access_token']}"}
            description = {"resource_scopes": ["view"]}
            resource = client.post("/rreg", json=description, headers=headers).json()["_id"]
            place = f"/owner/resources/{resource}/policies"
            client.put(place, json=[policy], auth=("alice", "alice-password")).raise_for_status()
            wanted = {"resource_id": resource, "resource_scopes": ["view"]}
            ticket = client.post("/perm", json=wanted, headers=headers).json()["ticket"]
        answers = asyncio.run(presented(server, trust, ticket))
    return Counter(answer.json().get("error", "rpt") for answer in answers)


def test_many_redemptions_at_once_give_exactly_one_rpt(document: dict[str, object]) -> None:
    found = outcomes(document, {"scopes": ["view"], "anyone": True})
    assert found == {"rpt": 1, "invalid_grant": AT_ONCE - 1}


def test_many_redemptions_at_once_give_exactly_one_following_ticket(
    document: dict[str, object],
) -> None:
    condition = {"claim": "role", "values": ["doctor"]}
    found = outcomes(document, {"scopes": ["view"], "conditions": [condition]})
    assert found == {"need_info": 1, "invalid_grant": AT_ONCE - 1}


def test_many_redemptions_at_several_workers_give_exactly_one_rpt(
    document: dict[str, object], database: str
) -> None:
    found = outcomes(document, {"scopes": ["view"], "anyone": True}, database, workers=3)
    assert found == {"rpt": 1, "invalid_grant": AT_ONCE - 1}


def test_many_redemptions_at_several_workers_give_exactly_one_following_ticket(
    document: dict[str, object], database: str
) -> None:
    condition = {"claim": "role", "values": ["doctor"]}
    policy: dict[str, object] = {"scopes": ["view"], "conditions": [condition]}
    found = outcomes(document, policy, database, workers=3)
    assert found == {"need_info": 1, "invalid_grant": AT_ONCE - 1}


def test_the_store_gives_a_ticket_to_one_thread_only(store: MemoryStore) -> None:
    take: Callable[[str], Ticket | None] = store.take_ticket
    with ThreadPoolExecutor(max_workers=16) as pool:
        for number in range(200):
            value = f"ticket-{number}"
            store.put_ticket(Ticket(value, Domain("alice", "rs"), (), 0))
            taken = list(pool.map(take, [value] * 16))
            assert len([ticket for ticket in taken if ticket is not None]) == 1
