"""Whole UMA flows per second, and the token endpoint beside a bare endpoint.

`python tests/bench/flows.py [--seconds 5] [--connections 16] [--rounds 3] [--workers 1]`

A flow is a permission request, a redemption with a pushed ID Token, and an introspection, over TLS
on kept connections; the clients run in this process and share the machine. Each kind of store has
its turn in each round, so that noise hits all of them; medians are printed. The bare endpoint is a
Starlette route that reads a form and answers a small JSON document, served in the same way. With
UMA2_TEST_POSTGRESQL in the environment PostgreSQL takes part; its tables of ours are used.
"""

import argparse
import asyncio
import base64
import json
import multiprocessing
import os
import secrets
import socket
import ssl
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from wire import Connection, rate

from uma_reference.launching import serve
from uma_reference.listening import listen
from uma_reference.names import ID_TOKEN_FORMAT, UMA_GRANT
from uma_reference.tls import make_authority

PROVIDER = "https://identity.example"
KEY = ec.generate_private_key(ec.SECP256R1())


def basic(name: str) -> str:
    """Return HTTP Basic credentials of a client or an owner of the configuration."""
    return f"Basic {base64.b64encode(f'{name}:{name}-secret'.encode()).decode()}"


def document() -> dict[str, object]:
    """Return the configuration of the server."""
    public = {**ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "key"}
    pat_client = {"scopes": ["uma_protection"], "owner": "alice", "resource_server": "rs"}
    return {
        "owners": [{"id": "alice", "password": "alice-secret"}],
        "clients": [
            {"id": "client", "secret": "client-secret"},
            {"id": "rs", "secret": "rs-secret", **pat_client},
        ],
        "trusted_issuers": [{"issuer": PROVIDER, "jwks": {"keys": [public]}}],
    }


def id_token() -> str:
    """Return an ID Token of Bob for the client."""
    now = int(time.time())
    claims = {"iss": PROVIDER, "sub": "bob", "aud": "client", "iat": now, "exp": now + 3600}
    return jwt.encode(claims, KEY, algorithm="ES256", headers={"kid": "key"})


async def prepared(connection: Connection) -> tuple[str, str]:
    """Register a resource that Bob may view; return the PAT's header and the identifier."""
    form = {"grant_type": "client_credentials", "scope": "uma_protection"}
    pat = await connection.form("/token", form, basic("rs"))
    bearer = f"Bearer {pat['access_token']}"
    made = await connection.json("/rreg", {"resource_scopes": ["view"]}, bearer)
    condition = {"claim": "sub", "values": ["bob"], "issuer": PROVIDER}
    policy = {"scopes": ["view"], "conditions": [condition]}
    await connection.json(f"/owner/resources/{made['_id']}/policies", policy, basic("alice"))
    return bearer, str(made["_id"])


def flow_of(bearer: str, resource_id: str, token: str) -> Callable[[Connection], Awaitable[None]]:
    """Return one whole flow on a connection."""
    client = basic("client")
    wanted = {"resource_id": resource_id, "resource_scopes": ["view"]}
    pushed = {"claim_token": token, "claim_token_format": ID_TOKEN_FORMAT}

    async def flow(connection: Connection) -> None:
        ticket = str((await connection.json("/perm", wanted, bearer))["ticket"])
        form = {"grant_type": UMA_GRANT, "ticket": ticket, **pushed}
        rpt = str((await connection.form("/token", form, client))["access_token"])
        found = await connection.form("/introspect", {"token": rpt}, bearer)
        assert found["active"] is True, found

    return flow


async def pat_request(connection: Connection) -> None:
    """Send the simplest token request."""
    await connection.form("/token", {"grant_type": "client_credentials"}, basic("rs"))


async def bare(request: Request) -> Response:
    """Read a form, and answer what looks like a token."""
    body = await request.body()
    value = secrets.token_urlsafe(32) if body else ""
    return JSONResponse({"access_token": value, "token_type": "Bearer", "expires_in": 3600})


def run_bare(listener: socket.socket, certificate: str, key: str) -> None:
    """Serve the bare endpoint until the process is ended."""
    app = Starlette(routes=[Route("/token", bare, methods=["POST"])])
    config = uvicorn.Config(
        app, ssl_certfile=certificate, ssl_keyfile=key, log_level="warning", lifespan="off"
    )
    uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def bare_server(folder: Path) -> Generator[tuple[str, ssl.SSLContext]]:
    """Serve the bare endpoint in a process of its own."""
    authority = make_authority(folder)
    certificate = authority.issue("127.0.0.1")
    # By the same function as our own server: without it, Nagle's delay would be measured.
    with listen("127.0.0.1", 0) as listener:
        address = f"https://127.0.0.1:{listener.getsockname()[1]}"
        arguments = (listener, str(certificate.certificate_file), str(certificate.key_file))
        process = multiprocessing.get_context("fork").Process(target=run_bare, args=arguments)
        process.start()
        time.sleep(1)
        try:
            yield address, ssl.create_default_context(cafile=authority.certificate_file)
        finally:
            process.terminate()
            process.join()


async def measured_flows(url: str, trust: ssl.SSLContext, seconds: float, at_once: int) -> float:
    """Return the flows per second of a server."""
    connection = await Connection.open(url, trust)
    bearer, resource_id = await prepared(connection)
    await connection.close()
    return await rate(url, trust, flow_of(bearer, resource_id, id_token()), seconds, at_once)


def databases(folder: Path) -> Mapping[str, str]:
    """Return the stores that there are, by name."""
    url = os.environ.get("UMA2_TEST_POSTGRESQL", "")
    found = {"memory": "memory:", "sqlite": f"sqlite:///{folder / 'bench.db'}"}
    return {**found, **({"postgresql": url} if url else {})}


def main() -> None:
    """Measure in turns and print the medians."""
    parser = argparse.ArgumentParser(description="Flows per second.")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in range(options.rounds):
            for store, database in databases(folder).items():
                workers = 1 if store == "memory" else options.workers
                with serve(document(), database=database, workers=workers) as server:
                    trust = ssl.create_default_context(cafile=server.ca_file)
                    found.setdefault(f"flows/s, {store}", []).append(
                        asyncio.run(
                            measured_flows(
                                server.issuer, trust, options.seconds, options.connections
                            )
                        )
                    )
                    if store == "memory":
                        found.setdefault("token requests/s, memory", []).append(
                            asyncio.run(
                                rate(
                                    server.issuer,
                                    trust,
                                    pat_request,
                                    options.seconds,
                                    options.connections,
                                )
                            )
                        )
            with bare_server(folder) as (address, trust):
                found.setdefault("bare requests/s", []).append(
                    asyncio.run(
                        rate(address, trust, pat_request, options.seconds, options.connections)
                    )
                )
    for kind, values in found.items():
        shown = json.dumps([round(value) for value in values])
        sys.stdout.write(f"{kind:<26}{statistics.median(values):8.0f}  {shown}\n")


if __name__ == "__main__":
    main()
