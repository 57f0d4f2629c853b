"""A permission ticket is used up by its first presentation, however many come at once."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from uma_reference.authorization_server import MemoryStore, serve
from uma_reference.authorization_server.model import Domain, Ticket

UMA_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"
AT_ONCE = 50


async def presented(issuer: str, trust: ssl.SSLContext, ticket: str) -> list[httpx.Response]:
    """Present one ticket on many connections at the same time."""
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    async with httpx.AsyncClient(
        base_url=issuer, verify=trust, limits=limits, timeout=60, trust_env=False
    ) as client:
        # Open the connections first, so that the presentations themselves come together.
        await asyncio.gather(
            *(client.get("/.well-known/uma2-configuration") for _ in range(AT_ONCE))
        )
        form = {"grant_type": UMA_GRANT, "ticket": ticket}
        auth = ("client", "client-secret")
        return list(
            await asyncio.gather(
                *(client.post("/token", data=form, auth=auth) for _ in range(AT_ONCE))
            )
        )


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
        answers = asyncio.run(presented(server.issuer, trust, ticket))
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
