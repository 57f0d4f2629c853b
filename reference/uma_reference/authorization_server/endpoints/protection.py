"""The protection API: registration, permission and introspection (FedAuthz 3, 4, 5)."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from starlette.responses import Response

from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.place import Incoming, Place
from uma_reference.authorization_server.errors import invalid_request, not_found
from uma_reference.authorization_server.http import document, domain_of, form_of, json_of
from uma_reference.authorization_server.issuing import policies_of
from uma_reference.authorization_server.licensing import with_licences
from uma_reference.authorization_server.live import live
from uma_reference.authorization_server.model import AccessToken, Domain, Resource, Ticket
from uma_reference.authorization_server.records import EventKind
from uma_reference.authorization_server.telling import tell_resource


def places() -> tuple[Place, ...]:
    """Return what a resource server uses with its PAT; the collection has two spellings."""
    return (
        Place("POST", "/rreg", _create),
        Place("GET", "/rreg", _list),
        Place("POST", "/rreg/", _create),
        Place("GET", "/rreg/", _list),
        Place("GET", "/rreg/{resource_id}", _read),
        Place("PUT", "/rreg/{resource_id}", _update),
        Place("DELETE", "/rreg/{resource_id}", _delete),
        Place("POST", "/perm", _permission),
        Place("POST", "/introspect", _introspect),
    )


def _find(core: Core, domain: Domain, resource_id: str) -> Resource | None:
    found = core.store.resource(resource_id)
    return found if found is not None and core.rules.belongs(found, domain) else None


def _resource(core: Core, incoming: Incoming) -> Resource:
    domain = domain_of(core, incoming)
    found = _find(core, domain, incoming.path_value("resource_id"))
    if found is None:
        raise not_found()
    return found


def _create(core: Core, incoming: Incoming) -> Response:
    domain = domain_of(core, incoming)
    description = core.rules.accept_description(json_of(core, incoming))
    resource = Resource(core.randomness.token(), domain, description)
    core.store.put_resource(resource)
    tell_resource(core, resource, EventKind.REGISTERED)
    location = f"{core.config.issuer}/rreg/{resource.id}"
    return document(
        {"_id": resource.id, **_policy_uri(core, resource)}, 201, {"location": location}
    )


def _policy_uri(core: Core, resource: Resource) -> Mapping[str, object]:
    """Tell where the owner sees who may do what with a resource, and shares it."""
    if not core.config.policy_uris:
        return {}
    return {"user_access_policy_uri": f"{core.config.issuer}/my/resources/{resource.id}"}


def _list(core: Core, incoming: Incoming) -> Response:
    domain = domain_of(core, incoming)
    return document([resource.id for resource in core.rules.listing(core.store, domain)])


def _read(core: Core, incoming: Incoming) -> Response:
    resource = _resource(core, incoming)
    return document({**resource.description, "_id": resource.id, **_policy_uri(core, resource)})


def _update(core: Core, incoming: Incoming) -> Response:
    resource = _resource(core, incoming)
    accepted = core.rules.accept_description(json_of(core, incoming))
    description = core.rules.replace_description(resource.description, accepted)
    core.store.put_resource(Resource(resource.id, resource.domain, description))
    return document({"_id": resource.id, **_policy_uri(core, resource)})


def _delete(core: Core, incoming: Incoming) -> Response:
    resource = _resource(core, incoming)
    core.rules.delete_resource(core.store, resource)
    tell_resource(core, resource, EventKind.DEREGISTERED)
    return Response(status_code=204)


def _permission(core: Core, incoming: Incoming) -> Response:
    domain = domain_of(core, incoming)
    wanted = json_of(core, incoming)
    permissions = core.rules.accept_permissions(wanted, partial(_find, core, domain))
    expires_at = core.clock.now() + core.config.lifetimes.ticket
    ticket = Ticket(core.randomness.token(), domain, permissions, expires_at)
    core.store.put_ticket(ticket)
    return document({"ticket": ticket.value}, 201)


def _introspect(core: Core, incoming: Incoming) -> Response:
    domain = domain_of(core, incoming)
    form = form_of(core, incoming)
    if "token" not in form:
        raise invalid_request("token is missing")
    found = _with_live_permissions(core, core.store.token(form["token"]))
    answer = core.rules.introspected(found, domain, core.clock.now(), core.config.issuer)
    return document(with_licences(core, found, answer) if core.config.licences else answer)


def _with_live_permissions(core: Core, token: AccessToken | None) -> AccessToken | None:
    if token is None or not token.permissions:
        return token
    remaining = live(token.permissions, policies_of(core), core.clock.now())
    return replace(token, permissions=remaining) if remaining else None
