"""The discovery document (Grant 2, FedAuthz 2) and the server's public keys."""

from starlette.responses import Response

from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.place import Incoming, Place
from uma_reference.authorization_server.http import document
from uma_reference.authorization_server.metadata import JWKS_PATH
from uma_reference.names import WELL_KNOWN


def places() -> tuple[Place, ...]:
    """Return where the server describes itself."""
    return (Place("GET", WELL_KNOWN, _metadata), Place("GET", JWKS_PATH, _jwks))


def _metadata(core: Core, incoming: Incoming) -> Response:
    del incoming
    return document(core.rules.metadata(core.config))


def _jwks(core: Core, incoming: Incoming) -> Response:
    del incoming
    return document(core.signer.jwks())
