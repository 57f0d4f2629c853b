"""The authorization server as a Starlette application."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from uma_reference.authorization_server.claims import FetchedKeys, KeySource
from uma_reference.authorization_server.clock import Clock, Randomness
from uma_reference.authorization_server.config import Config
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints import (
    authorize,
    claims_interaction,
    controls,
    discovery,
    grants,
    owner_api,
    protection,
    registration,
    sign_in,
)
from uma_reference.authorization_server.endpoints.place import Handler, Incoming, Place
from uma_reference.authorization_server.errors import PageError, WireError, unavailable
from uma_reference.authorization_server.http import body_of, error_response
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.signing import EcSigner, Signer
from uma_reference.authorization_server.store import Keeper, Store, StoreError
from uma_reference.authorization_server.store.protocols import T
from uma_reference.authorization_server.sweeping import Sweeper
from uma_reference.web import Pages

_EVERY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


def create_app(  # noqa: PLR0913 - every collaborator is given from outside
    config: Config,
    keeper: Keeper,
    clock: Clock,
    randomness: Randomness,
    rules: Rules | None = None,
    keys: KeySource | None = None,
    signer: Signer | None = None,
) -> Starlette:
    """Put an authorization server together from its configuration and collaborators.

    Without a signer it makes itself a key, if it needs one.
    """
    base = urlsplit(config.issuer).path
    pages = Pages("uma_reference.authorization_server", "Sharing", base)
    source, decisions, key = keys or FetchedKeys(), rules or Rules(), signer or EcSigner.fresh()

    def core_of(store: Store) -> Core:
        return Core(config, store, clock, randomness, source, decisions, pages, key)

    blocking = keeper.blocking or any(item.jwks_uri for item in config.trusted_issuers)
    shell = _Shell(config, keeper, core_of, pages, Sweeper(clock), blocking=blocking)
    methods: dict[str, dict[str, Handler]] = {}
    for place in _places(config):
        methods.setdefault(base + place.path, {})[place.method] = place.handler
    routes = [
        Route(path, partial(shell.dispatch, handlers), methods=_EVERY)
        for path, handlers in methods.items()
    ]
    routes += pages.routes()
    return Starlette(routes=routes, exception_handlers={HTTPException: _unknown_place})


def _places(config: Config) -> tuple[Place, ...]:
    return (
        *discovery.places(),
        *grants.places(config),
        *registration.places(config),
        *protection.places(),
        *owner_api.places(config),
        *sign_in.places(),
        *authorize.places(),
        *claims_interaction.places(config),
        *controls.places(config),
    )


@dataclass(frozen=True, slots=True)
class _Shell:
    """Reads a request, has it answered in one unit of work, and turns errors into responses."""

    config: Config
    keeper: Keeper
    core_of: Callable[[Store], Core]
    pages: Pages
    sweeper: Sweeper
    blocking: bool

    async def dispatch(self, handlers: Mapping[str, Handler], request: Request) -> Response:
        """Answer a request at one address."""
        handler = handlers.get("GET" if request.method == "HEAD" else request.method)
        try:
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

    async def _sweep(self) -> None:
        # What is left now goes a minute later.
        with suppress(StoreError):
            await self._run(self.sweeper.sweep)

    def _answer(self, handler: Handler, incoming: Incoming, store: Store) -> Response:
        try:
            return handler(self.core_of(store), incoming)
        except WireError as error:
            # An error can have changed something, as a ticket that was used up: it is kept.
            return error_response(error)
        except PageError as error:
            told = {"heading": error.heading, "text": error.text}
            return self.pages.page("problem.html", told, error.status)


def _other_method(handlers: Mapping[str, Handler]) -> WireError:
    allowed = ", ".join(sorted(handlers))
    return WireError(405, "unsupported_method_type", f"use {allowed}", headers={"allow": allowed})


async def _unknown_place(request: Request, error: Exception) -> Response:
    del request
    if isinstance(error, HTTPException) and error.status_code == 405:
        # A method that HTTP does not know either; the others come to `dispatch`.
        unsupported = WireError(405, "unsupported_method_type", "nobody knows this method")
        return error_response(unsupported)
    return error_response(WireError(404, "not_found", "nothing lives at this address"))
