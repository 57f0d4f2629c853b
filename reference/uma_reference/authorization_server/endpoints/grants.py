"""The token endpoint and the revocation endpoint (Grant 3.3, 3.7)."""

from starlette.responses import Response

from uma_reference.authorization_server.config import Config, Feature
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.place import Incoming, Place
from uma_reference.authorization_server.http import client_of, document, form_of
from uma_reference.authorization_server.revocation import revoke
from uma_reference.authorization_server.token_endpoint import token


def places(config: Config) -> tuple[Place, ...]:
    """Return where clients get tokens and give them back."""
    found = [Place("POST", "/token", _token)]
    if Feature.REVOCATION in config.features:
        found.append(Place("POST", "/revoke", _revoke))
    return tuple(found)


def _token(core: Core, incoming: Incoming) -> Response:
    form = form_of(core, incoming)
    return document(token(core, client_of(core, incoming, form), form))


def _revoke(core: Core, incoming: Incoming) -> Response:
    form = form_of(core, incoming)
    revoke(core, client_of(core, incoming, form), form)
    return document({})
