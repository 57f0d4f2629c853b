"""The authorization server as a Starlette application."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from uma_reference.authorization_server import owner as owners
from uma_reference.authorization_server import requests
from uma_reference.authorization_server.claims import FetchedKeys, KeySource
from uma_reference.authorization_server.clock import AdjustableClock, Clock, Randomness
from uma_reference.authorization_server.config import Config, Feature
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.documents import members_of
from uma_reference.authorization_server.errors import (
    WireError,
    invalid_request,
    not_found,
)
from uma_reference.authorization_server.http import (
    client_of,
    document,
    domain_of,
    error_response,
    form_of,
    json_of,
    owner_of,
)
from uma_reference.authorization_server.issuing import policies_of
from uma_reference.authorization_server.live import live
from uma_reference.authorization_server.model import (
    AccessToken,
    Domain,
    Resource,
    Ticket,
)
from uma_reference.authorization_server.revocation import revoke
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.store import Store
from uma_reference.authorization_server.token_endpoint import token
from uma_reference.names import WELL_KNOWN

_LONGEST_ADVANCE = 10 * 365 * 86_400
Handler = Callable[[Core, Request], Awaitable[Response]]


def create_app(  # noqa: PLR0913 - every collaborator is given from outside
    config: Config,
    store: Store,
    clock: Clock,
    randomness: Randomness,
    rules: Rules | None = None,
    keys: KeySource | None = None,
) -> Starlette:
    """Put an authorization server together from its configuration and collaborators."""
    core = Core(config, store, clock, randomness, keys or FetchedKeys(), rules or Rules())
    base = urlsplit(config.issuer).path
    places: list[tuple[str, str, Handler]] = [
        ("GET", WELL_KNOWN, _metadata),
        ("POST", "/token", _token),
        ("POST", "/rreg", _create),
        ("GET", "/rreg", _list),
        ("POST", "/rreg/", _create),
        ("GET", "/rreg/", _list),
        ("GET", "/rreg/{resource_id}", _read),
        ("PUT", "/rreg/{resource_id}", _update),
        ("DELETE", "/rreg/{resource_id}", _delete),
        ("POST", "/perm", _permission),
        ("POST", "/introspect", _introspect),
        ("GET", "/owner/resources/{resource_id}/policies", _policies),
        ("POST", "/owner/resources/{resource_id}/policies", _add_policy),
        ("PUT", "/owner/resources/{resource_id}/policies", _replace_policies),
        ("DELETE", "/owner/policies/{policy_id}", _delete_policy),
    ]
    if Feature.REQUEST_SUBMITTED in config.features:
        places.append(("GET", "/owner/requests", _requests))
        places.append(("POST", "/owner/requests/{request_id}", _decide))
    places.append(("GET", "/owner/events", _events))
    if Feature.REVOCATION in config.features:
        places.append(("POST", "/revoke", _revoke))
    if config.controls:
        places.append(("POST", "/controls/clock", _advance))
    methods: dict[str, dict[str, Handler]] = {}
    for method, path, handler in places:
        methods.setdefault(base + path, {})[method] = handler
    routes = [
        Route(path, partial(_dispatch, core, handlers), methods=_EVERY)
        for path, handlers in methods.items()
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _unknown_place})


_EVERY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


async def _dispatch(core: Core, handlers: dict[str, Handler], request: Request) -> Response:
    handler = handlers.get("GET" if request.method == "HEAD" else request.method)
    if handler is None:
        allowed = ", ".join(sorted(handlers))
        return error_response(
            WireError(405, "unsupported_method_type", f"use {allowed}", headers={"allow": allowed})
        )
    try:
        return await handler(core, request)
    except WireError as error:
        return error_response(error)


async def _unknown_place(request: Request, error: Exception) -> Response:
    del request
    if isinstance(error, HTTPException) and error.status_code == 405:
        # A method that HTTP does not know either; the others come to `_dispatch`.
        unsupported = WireError(405, "unsupported_method_type", "nobody knows this method")
        return error_response(unsupported)
    return error_response(WireError(404, "not_found", "nothing lives at this address"))


async def _metadata(core: Core, request: Request) -> Response:
    del request
    return document(core.rules.metadata(core.config))


async def _token(core: Core, request: Request) -> Response:
    form = await form_of(core, request)
    return document(token(core, client_of(core, request, form), form))


def _find(core: Core, domain: Domain, resource_id: str) -> Resource | None:
    found = core.store.resource(resource_id)
    return found if found is not None and core.rules.belongs(found, domain) else None


def _resource(core: Core, request: Request) -> Resource:
    domain = domain_of(core, request)
    found = _find(core, domain, request.path_params["resource_id"])
    if found is None:
        raise not_found()
    return found


async def _create(core: Core, request: Request) -> Response:
    domain = domain_of(core, request)
    description = core.rules.accept_description(await json_of(core, request))
    resource = Resource(core.randomness.token(), domain, description)
    core.store.put_resource(resource)
    location = f"{core.config.issuer}/rreg/{resource.id}"
    return document({"_id": resource.id}, 201, {"location": location})


async def _list(core: Core, request: Request) -> Response:
    domain = domain_of(core, request)
    return document([resource.id for resource in core.rules.listing(core.store, domain)])


async def _read(core: Core, request: Request) -> Response:
    resource = _resource(core, request)
    return document({**resource.description, "_id": resource.id})


async def _update(core: Core, request: Request) -> Response:
    resource = _resource(core, request)
    accepted = core.rules.accept_description(await json_of(core, request))
    description = core.rules.replace_description(resource.description, accepted)
    core.store.put_resource(Resource(resource.id, resource.domain, description))
    return document({"_id": resource.id})


async def _delete(core: Core, request: Request) -> Response:
    core.rules.delete_resource(core.store, _resource(core, request))
    return Response(status_code=204)


async def _permission(core: Core, request: Request) -> Response:
    domain = domain_of(core, request)
    wanted = await json_of(core, request)
    permissions = core.rules.accept_permissions(wanted, partial(_find, core, domain))
    expires_at = core.clock.now() + core.config.lifetimes.ticket
    ticket = Ticket(core.randomness.token(), domain, permissions, expires_at)
    core.store.put_ticket(ticket)
    return document({"ticket": ticket.value}, 201)


async def _introspect(core: Core, request: Request) -> Response:
    domain = domain_of(core, request)
    form = await form_of(core, request)
    if "token" not in form:
        raise invalid_request("token is missing")
    found = _with_live_permissions(core, core.store.token(form["token"]))
    return document(core.rules.introspected(found, domain, core.clock.now(), core.config.issuer))


def _with_live_permissions(core: Core, token: AccessToken | None) -> AccessToken | None:
    if token is None or not token.permissions:
        return token
    remaining = live(token.permissions, policies_of(core), core.clock.now())
    return replace(token, permissions=remaining) if remaining else None


async def _revoke(core: Core, request: Request) -> Response:
    form = await form_of(core, request)
    revoke(core, client_of(core, request, form), form)
    return document({})


async def _requests(core: Core, request: Request) -> Response:
    return document(requests.requests_of(core, owner_of(core, request)))


async def _decide(core: Core, request: Request) -> Response:
    owner = owner_of(core, request)
    request_id: str = request.path_params["request_id"]
    return document(requests.decide(core, owner, request_id, await json_of(core, request)))


async def _events(core: Core, request: Request) -> Response:
    return document(requests.events_of(core, owner_of(core, request)))


async def _policies(core: Core, request: Request) -> Response:
    owner = owner_of(core, request)
    return document(owners.policies_of(core, owner, request.path_params["resource_id"]))


async def _add_policy(core: Core, request: Request) -> Response:
    owner = owner_of(core, request)
    resource_id: str = request.path_params["resource_id"]
    return document(owners.add_policy(core, owner, resource_id, await json_of(core, request)), 201)


async def _replace_policies(core: Core, request: Request) -> Response:
    owner = owner_of(core, request)
    resource_id: str = request.path_params["resource_id"]
    return document(owners.replace_policies(core, owner, resource_id, await json_of(core, request)))


async def _delete_policy(core: Core, request: Request) -> Response:
    owners.delete_policy(core, owner_of(core, request), request.path_params["policy_id"])
    return Response(status_code=204)


async def _advance(core: Core, request: Request) -> Response:
    seconds = members_of(await json_of(core, request), "the body").get("advance")
    if not isinstance(core.clock, AdjustableClock):
        raise not_found()
    if not isinstance(seconds, int) or not 0 <= seconds <= _LONGEST_ADVANCE:
        raise invalid_request(f"advance has to be 0 to {_LONGEST_ADVANCE} seconds")
    core.clock.advance(seconds)
    return document({"now": core.clock.now()})
