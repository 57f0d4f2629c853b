"""Killing the server in the middle of traffic: what it had acknowledged is there afterwards."""

import os
import signal
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from uma_reference.authorization_server import RunningServer, serve

UMA_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"
CLIENT = ("client", "client-secret")
OWNER = ("alice", "alice-password")
TALKERS = 4
# Each round acknowledges a resource, a policy, two tickets and an RPT.
ROUNDS_BEFORE = 30


@dataclass
class Acknowledged:
    """What the server said that it has."""

    pats: list[str] = field(default_factory=list[str])
    resources: list[str] = field(default_factory=list[str])
    policies: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    unused: list[str] = field(default_factory=list[str])
    used: list[str] = field(default_factory=list[str])
    rpts: list[str] = field(default_factory=list[str])


def client_of(server: RunningServer) -> httpx.Client:
    trust = ssl.create_default_context(cafile=server.ca_file)
    return httpx.Client(base_url=server.issuer, verify=trust, trust_env=False, timeout=30)


def redeemed(client: httpx.Client, ticket: str) -> httpx.Response:
    return client.post("/token", data={"grant_type": UMA_GRANT, "ticket": ticket}, auth=CLIENT)


def bearer(pat: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {pat}"}


def pat_of(client: httpx.Client) -> str:
    form = {"grant_type": "client_credentials", "scope": "uma_protection"}
    answer = client.post("/token", data=form, auth=("rs-alice", "rs-alice-secret"))
    return str(answer.raise_for_status().json()["access_token"])


def talk(client: httpx.Client, known: Acknowledged, done: Callable[[], None]) -> None:
    """Go on until the server is gone; note only what it acknowledged."""
    pat = pat_of(client)
    known.pats.append(pat)
    while True:
        description = {"resource_scopes": ["view"]}
        answer = client.post("/rreg", json=description, headers=bearer(pat))
        resource = str(answer.raise_for_status().json()["_id"])
        known.resources.append(resource)
        place = f"/owner/resources/{resource}/policies"
        policy = {"scopes": ["view"], "anyone": True}
        answer = client.post(place, json=policy, auth=OWNER)
        known.policies.append((resource, str(answer.raise_for_status().json()["id"])))
        wanted = {"resource_id": resource, "resource_scopes": ["view"]}
        tickets: list[str] = []
        for _ in range(2):
            answer = client.post("/perm", json=wanted, headers=bearer(pat))
            tickets.append(str(answer.raise_for_status().json()["ticket"]))
        known.unused.append(tickets[0])
        rpt = redeemed(client, tickets[1]).raise_for_status().json()["access_token"]
        known.used.append(tickets[1])
        known.rpts.append(str(rpt))
        done()


def traffic_until_killed(server: RunningServer) -> Acknowledged:
    """Talk to a server on several connections, and kill all its processes meanwhile."""
    known = Acknowledged()
    rounds = threading.Semaphore(0)

    def one() -> None:
        with client_of(server) as client:
            try:
                talk(client, known, rounds.release)
            except httpx.TransportError:
                return

    talkers = [threading.Thread(target=one) for _ in range(TALKERS)]
    for talker in talkers:
        talker.start()
    for _ in range(ROUNDS_BEFORE):
        assert rounds.acquire(timeout=60)
    os.killpg(server.process, signal.SIGKILL)
    for talker in talkers:
        talker.join()
    return known


def test_a_killed_server_loses_nothing_that_it_acknowledged(
    document: dict[str, object], database: str
) -> None:
    served = {k: v for k, v in document.items() if k not in {"issuer", "controls"}}
    with serve(served, database=database, workers=2) as server:
        known = traffic_until_killed(server)
    assert len(known.rpts) >= ROUNDS_BEFORE
    with serve(served, database=database, workers=2) as server, client_of(server) as client:
        for pat in known.pats:
            listed = client.get("/rreg", headers=bearer(pat)).raise_for_status().json()
            assert set(known.resources) <= set(listed)
        for resource, policy in known.policies:
            answer = client.get(f"/owner/resources/{resource}/policies", auth=OWNER)
            assert policy in [item["id"] for item in answer.raise_for_status().json()]
        for ticket in known.used:
            assert redeemed(client, ticket).json()["error"] == "invalid_grant"
        for ticket in known.unused:
            known.rpts.append(
                str(redeemed(client, ticket).raise_for_status().json()["access_token"])
            )
        for rpt in known.rpts:
            answer = client.post("/introspect", data={"token": rpt}, headers=bearer(known.pats[0]))
            assert answer.raise_for_status().json()["active"] is True
