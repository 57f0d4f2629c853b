"""The owner's API, outside of UMA: policies, requests and the audit."""

from starlette.responses import Response

from uma_reference.authorization_server import owner as owners
from uma_reference.authorization_server import requests
from uma_reference.authorization_server.browsing import owner_of
from uma_reference.authorization_server.config import Config, Feature
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.place import Incoming, Place
from uma_reference.authorization_server.http import document, json_of


def places(config: Config) -> tuple[Place, ...]:
    """Return what an owner's own programs use, with her name and password."""
    policies = "/owner/resources/{resource_id}/policies"
    found = [
        Place("GET", policies, _policies),
        Place("POST", policies, _add_policy),
        Place("PUT", policies, _replace_policies),
        Place("DELETE", "/owner/policies/{policy_id}", _delete_policy),
        Place("GET", "/owner/events", _events),
    ]
    if Feature.REQUEST_SUBMITTED in config.features:
        found.append(Place("GET", "/owner/requests", _requests))
        found.append(Place("POST", "/owner/requests/{request_id}", _decide))
    return tuple(found)


def _policies(core: Core, incoming: Incoming) -> Response:
    owner = owner_of(core, incoming)
    return document(owners.policies_of(core, owner, incoming.path_value("resource_id")))


def _add_policy(core: Core, incoming: Incoming) -> Response:
    owner = owner_of(core, incoming)
    resource_id = incoming.path_value("resource_id")
    return document(owners.add_policy(core, owner, resource_id, json_of(core, incoming)), 201)


def _replace_policies(core: Core, incoming: Incoming) -> Response:
    owner = owner_of(core, incoming)
    resource_id = incoming.path_value("resource_id")
    return document(owners.replace_policies(core, owner, resource_id, json_of(core, incoming)))


def _delete_policy(core: Core, incoming: Incoming) -> Response:
    owners.delete_policy(core, owner_of(core, incoming), incoming.path_value("policy_id"))
    return Response(status_code=204)


def _requests(core: Core, incoming: Incoming) -> Response:
    return document(requests.requests_of(core, owner_of(core, incoming)))


def _decide(core: Core, incoming: Incoming) -> Response:
    owner = owner_of(core, incoming)
    request_id = incoming.path_value("request_id")
    return document(requests.decide(core, owner, request_id, json_of(core, incoming)))


def _events(core: Core, incoming: Incoming) -> Response:
    return document(requests.events_of(core, owner_of(core, incoming)))
