"""The client registration endpoint (RFC 7591)."""

from starlette.responses import Response

from uma_reference.authorization_server.browsing import address_of
from uma_reference.authorization_server.config import Config, Feature
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.place import Incoming, Place
from uma_reference.authorization_server.errors import WireError
from uma_reference.authorization_server.http import document, json_of
from uma_reference.authorization_server.metadata import REGISTRATION_PATH
from uma_reference.authorization_server.registration import register
from uma_reference.opaque import digest

_HOUR = 3600


def places(config: Config) -> tuple[Place, ...]:
    """Return where clients register themselves, if the configuration lets them."""
    if Feature.DYNAMIC_REGISTRATION not in config.features:
        return ()
    return (Place("POST", REGISTRATION_PATH, _register),)


def _register(core: Core, incoming: Incoming) -> Response:
    # Each registration is kept for good, so one address can have only so many.
    key = f"registration {digest(address_of(incoming.request))}"
    if core.store.counted(key, core.clock.now()) >= core.config.limits.registrations:
        raise WireError(
            429, "too_many_requests", "too many registrations", headers={"retry-after": str(_HOUR)}
        )
    _, registered = register(core, json_of(core, incoming))
    core.store.count(key, core.clock.now(), _HOUR)
    return document(registered, 201)
