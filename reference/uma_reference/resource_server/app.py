"""The resource server as a Starlette application.

Everything behind the routes is synchronous code, as the store is; it runs in threads.
"""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from uma_reference.client.transport import Sender
from uma_reference.clock import Clock, Randomness
from uma_reference.resource_server import catalogue, connecting, documents
from uma_reference.resource_server.config import Config
from uma_reference.resource_server.core import Core, put_together
from uma_reference.resource_server.errors import ApiError, not_allowed, not_found
from uma_reference.resource_server.http import SECURITY_HEADERS, Call, Reply, error_reply
from uma_reference.resource_server.store import Store
from uma_reference.resource_server.upkeep import lifespan_of

Handler = Callable[[Core, Call], Reply]
_EVERY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


def create_app(
    config: Config, store: Store, sender: Sender, clock: Clock, randomness: Randomness
) -> Starlette:
    """Put a resource server together from its configuration and collaborators."""
    return app_of(put_together(config, store, sender, clock, randomness))


def app_of(core: Core) -> Starlette:
    """Return the application of a resource server that was put together."""
    base = urlsplit(core.config.url).path
    document = "/owners/{owner}/documents/{document}"
    places: Mapping[str, Mapping[str, Handler]] = {
        "/owners/{owner}/documents": {"GET": catalogue.show, "POST": catalogue.make},
        document: {"GET": documents.read, "PUT": documents.write, "DELETE": documents.delete},
        f"{document}/description": {"GET": documents.read_described, "PUT": documents.describe},
        "/owners/{owner}/connect": {"GET": connecting.begin},
        "/owners/{owner}/connection": {"DELETE": connecting.end},
        "/connect/callback": {"GET": connecting.come_back},
        "/owners/{owner}/settle": {"POST": catalogue.settle},
    }
    routes = [
        Route(base + path, partial(_dispatch, core, handlers), methods=_EVERY)
        for path, handlers in places.items()
    ]
    handlers = {HTTPException: _unknown_place, Exception: _failed}
    app = Starlette(routes=routes, exception_handlers=handlers, lifespan=lifespan_of(core))
    # A slash too many is an unknown place, not a reason to send anybody elsewhere.
    app.router.redirect_slashes = False
    return app


async def _dispatch(core: Core, handlers: Mapping[str, Handler], request: Request) -> Response:
    try:
        handler = handlers.get("GET" if request.method == "HEAD" else request.method)
        if handler is None:
            raise not_allowed(set(handlers))
        call = await _call(core, request)
        return _response(await run_in_threadpool(handler, core, call))
    except ApiError as error:
        return _response(error_reply(error))


async def _call(core: Core, request: Request) -> Call:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > core.config.body_limit_bytes:
            raise ApiError(413, "invalid_request", "the body is too large")
        chunks.append(chunk)
    if len(request.headers.getlist("authorization")) > 1:
        raise ApiError(400, "invalid_request", "there is more than one Authorization header")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Call(
        request.method,
        request.path_params,
        headers,
        request.url.query,
        b"".join(chunks),
        request.client.host if request.client else "",
    )


def _response(reply: Reply) -> Response:
    kind = {"content-type": reply.media_type} if reply.media_type else {}
    return Response(reply.body, reply.status, {**SECURITY_HEADERS, **kind, **reply.headers})


async def _unknown_place(request: Request, error: Exception) -> Response:
    del request
    if isinstance(error, HTTPException) and error.status_code == 405:
        # A method that HTTP does not know either; the others come to `_dispatch`.
        return _response(error_reply(not_allowed({"GET", "POST", "PUT", "DELETE"})))
    return _response(error_reply(not_found()))


async def _failed(request: Request, error: Exception) -> Response:
    del request, error
    return _response(error_reply(ApiError(500, "server_error", "something went wrong here")))
