"""A small HTTP/1.1 client for benchmarks: whole flows on kept connections, and little else."""

import asyncio
import json
import ssl
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode, urlsplit


class Connection:
    """One TLS connection to a server, used for one request after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, url: str, trust: ssl.SSLContext) -> "Connection":
        """Open a connection to the server of a URL."""
        parts = urlsplit(url)
        return cls(*await asyncio.open_connection(parts.hostname, parts.port, ssl=trust))

    async def form(self, path: str, form: dict[str, str], authorization: str) -> dict[str, object]:
        """Post a form and return the JSON of the answer; it has to be a success."""
        kind = "application/x-www-form-urlencoded"
        return await self._post(path, urlencode(form).encode(), kind, authorization)

    async def json(self, path: str, value: object, authorization: str) -> dict[str, object]:
        """Post a JSON document and return the JSON of the answer; it has to be a success."""
        return await self._post(path, json.dumps(value).encode(), "application/json", authorization)

    async def close(self) -> None:
        """Close the connection."""
        self._writer.close()
        await self._writer.wait_closed()

    async def _post(
        self, path: str, body: bytes, kind: str, authorization: str
    ) -> dict[str, object]:
        head = (
            f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {kind}\r\n"
            f"content-length: {len(body)}\r\nauthorization: {authorization}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        lines = answer.decode("latin-1").split("\r\n")
        length = next(
            int(line.partition(":")[2]) for line in lines if line.lower().startswith("content-len")
        )
        content = await self._reader.readexactly(length)
        if lines[0].split()[1] not in {"200", "201"}:
            raise RuntimeError(f"{path}: {lines[0]} {content.decode()}")
        found: dict[str, object] = json.loads(content)
        return found


async def rate(
    url: str,
    trust: ssl.SSLContext,
    once: Callable[[Connection], Awaitable[None]],
    seconds: float,
    connections: int,
) -> float:
    """Return how often a second something gets done on so many connections at the same time."""
    opened = [await Connection.open(url, trust) for _ in range(connections)]
    ends = time.perf_counter() + seconds
    done = 0

    async def go_on(connection: Connection) -> None:
        nonlocal done
        while time.perf_counter() < ends:
            await once(connection)
            done += 1

    started = time.perf_counter()
    await asyncio.gather(*(go_on(connection) for connection in opened))
    passed = time.perf_counter() - started
    for connection in opened:
        await connection.close()
    return done / passed
