"""What the server does while it runs, by itself: doing what is left to do (FedAuthz 3)."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from uma_reference.resource_server.core import Core

_FIRST_SECONDS = 1.0
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def lifespan_of(core: Core) -> Lifespan:
    """Return what settles things for all owners from the start of an application to its end."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        del app
        task = asyncio.create_task(_keep_settled(core))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return lifespan


async def _keep_settled(core: Core) -> None:
    """Settle again and again: often after the start, and then less and less often."""
    pause = _FIRST_SECONDS
    told: dict[str, str] = {}
    while True:
        problems = await run_in_threadpool(_settled, core)
        for owner, problem in problems.items():
            if told.get(owner) != problem:
                logging.getLogger(__name__).warning("owner %s: %s", owner, problem)
        told = problems
        await asyncio.sleep(pause)
        pause = min(2 * pause, core.config.retry_seconds)


def _settled(core: Core) -> dict[str, str]:
    try:
        return core.settle()
    except Exception as error:
        # A store that fails now may work later; this goes on for as long as the server runs.
        logging.getLogger(__name__).exception("settling failed")
        return {"*": type(error).__name__}
