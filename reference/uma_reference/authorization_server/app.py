"""The authorization server as a Starlette application."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from uma_reference.authorization_server.browsing import address_of
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
    me,
    owner_api,
    owner_events,
    owner_people,
    owner_requests,
    owner_resources,
    protection,
    registration,
    sign_in,
)
from uma_reference.authorization_server.endpoints.place import Handler, Incoming, Place
from uma_reference.authorization_server.errors import PageError, WireError
from uma_reference.authorization_server.http import body_of, error_response
from uma_reference.authorization_server.rate_limit import RateLimit
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.signing import Signer, signer_of
from uma_reference.authorization_server.store import Keeper, Store
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

    Without a signer it takes the key of the configuration; raise `ConfigError` if that is none.
    """
    base = urlsplit(config.issuer).path
    pages = Pages("uma_reference.authorization_server", "Sharing", base)
    source, decisions, key = (
        keys or FetchedKeys(),
        rules or Rules(),
        signer or signer_of(config.signing_key_file),
    )

    def core_of(store: Store) -> Core:
        return Core(config, store, clock, randomness, source, decisions, pages, key)

    blocking = keeper.blocking or any(item.jwks_uri for item in config.trusted_issuers)
    limit = RateLimit(config.limits.requests)
    shell = _Shell(config, keeper, core_of, pages, clock, limit, blocking=blocking)
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
        *me.places(),
        *owner_resources.places(),
        *owner_people.places(),
        *owner_requests.places(),
        *owner_events.places(),
        *controls.places(config),
    )


@dataclass(frozen=True, slots=True)
class _Shell:
    """Reads a request, has it answered in one unit of work, and turns errors into responses."""

    config: Config
    keeper: Keeper
    core_of: Callable[[Store], Core]
    pages: Pages
    clock: Clock
    limit: RateLimit
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
        work = partial(self._answer, handler, incoming)
        if self.blocking:
            return await run_in_threadpool(self.keeper.run, work)
        return self.keeper.run(work)

    def _within_limit(self, request: Request) -> None:
        wait = self.limit.wait(address_of(request), self.clock.now())
        if wait:
            headers = {"retry-after": str(wait)}
            raise WireError(429, "too_many_requests", "this is too much", headers=headers)

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
