"""Between HTTP and the handlers: limits, one unit of work for each request, errors as responses."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from uma_reference.authorization_server.browsing import address_of
from uma_reference.authorization_server.clock import Clock
from uma_reference.authorization_server.config import Config
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.place import Handler, Incoming
from uma_reference.authorization_server.errors import PageError, WireError, unavailable
from uma_reference.authorization_server.http import body_of, error_response
from uma_reference.authorization_server.rate_limit import RateLimit
from uma_reference.authorization_server.store import Keeper, Store, StoreError
from uma_reference.authorization_server.store.protocols import T
from uma_reference.authorization_server.sweeping import Sweeper
from uma_reference.web import Pages


@dataclass(frozen=True, slots=True)
class Shell:
    """Reads a request, has it answered in one unit of work, and turns errors into responses."""

    config: Config
    keeper: Keeper
    core_of: Callable[[Store], Core]
    pages: Pages
    clock: Clock
    limit: RateLimit
    sweeper: Sweeper
    blocking: bool

    async def dispatch(self, handlers: Mapping[str, Handler], request: Request) -> Response:
        """Answer a request at one address."""
        handler = handlers.get("GET" if request.method == "HEAD" else request.method)
        try:
            self._within_limit(request)
            if handler is None:
                raise _other_method(handlers)
            incoming = Incoming(request, await body_of(self.config, request))
        except WireError as error:
            return error_response(error)
        try:
            response = await self._run(partial(self._answer, handler, incoming))
        except StoreError:
            return error_response(unavailable())
        if self.sweeper.due():
            # Whoever asked does not wait for it.
            response.background = BackgroundTask(self._sweep)
        return response

    async def _run(self, work: Callable[[Store], T]) -> T:
        if self.blocking:
            return await run_in_threadpool(self.keeper.run, work)
        return self.keeper.run(work)

    def _within_limit(self, request: Request) -> None:
        wait = self.limit.wait(address_of(request), self.clock.now())
        if wait:
            headers = {"retry-after": str(wait)}
            raise WireError(429, "too_many_requests", "this is too much", headers=headers)

    async def _sweep(self) -> None:
        # What is left now goes a minute later.
        with suppress(StoreError):
            await self._run(self.sweeper.sweep)

    async def unknown_place(self, request: Request, error: Exception) -> Response:
        """Answer a request at an address where nothing is, with a page for who wants one."""
        if isinstance(error, HTTPException) and error.status_code == 405:
            # A method that HTTP does not know either; the others come to `dispatch`.
            unsupported = WireError(405, "unsupported_method_type", "nobody knows this method")
            return error_response(unsupported)
        if "text/html" in request.headers.get("accept", ""):
            return self._page(PageError(404, "There is no such page", "Check its address."))
        return error_response(WireError(404, "not_found", "nothing lives at this address"))

    def _page(self, error: PageError) -> Response:
        told = {"heading": error.heading, "text": error.text}
        return self.pages.page("problem.html", told, error.status)

    def _answer(self, handler: Handler, incoming: Incoming, store: Store) -> Response:
        try:
            return handler(self.core_of(store), incoming)
        except WireError as error:
            # An error can have changed something, as a ticket that was used up: it is kept.
            return error_response(error)
        except PageError as error:
            return self._page(error)


def _other_method(handlers: Mapping[str, Handler]) -> WireError:
    allowed = ", ".join(sorted(handlers))
    return WireError(405, "unsupported_method_type", f"use {allowed}", headers={"allow": allowed})
