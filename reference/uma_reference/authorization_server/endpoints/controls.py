"""Moving the server's time, in test deployments only."""

from starlette.responses import Response

from uma_reference.authorization_server.clock import AdjustableClock
from uma_reference.authorization_server.config import Config
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.documents import members_of
from uma_reference.authorization_server.endpoints.place import Incoming, Place
from uma_reference.authorization_server.errors import invalid_request, not_found
from uma_reference.authorization_server.http import document, json_of

_LONGEST_ADVANCE = 10 * 365 * 86_400


def places(config: Config) -> tuple[Place, ...]:
    """Return where the clock can be moved, if the configuration opens it."""
    return (Place("POST", "/controls/clock", _advance),) if config.controls else ()


def _advance(core: Core, incoming: Incoming) -> Response:
    seconds = members_of(json_of(core, incoming), "the body").get("advance")
    if not isinstance(core.clock, AdjustableClock):
        raise not_found()
    if not isinstance(seconds, int) or not 0 <= seconds <= _LONGEST_ADVANCE:
        raise invalid_request(f"advance has to be 0 to {_LONGEST_ADVANCE} seconds")
    core.clock.advance(seconds)
    return document({"now": core.clock.now()})
