"""Between HTTP and the core: reading requests, checking credentials, writing responses."""

import base64
from collections.abc import Mapping
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from uma_reference.authorization_server.client_authentication import Credentials, authenticate
from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.config import Config
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.place import Incoming
from uma_reference.authorization_server.errors import (
    WireError,
    invalid_request,
    invalid_token,
)
from uma_reference.authorization_server.model import Domain

NO_STORE = {"cache-control": "no-store", "pragma": "no-cache"}
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


def document(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a JSON response that no cache may keep."""
    return JSONResponse(value, status, {**NO_STORE, **(headers or {})})


def error_response(error: WireError) -> Response:
    """Return the response of an error."""
    return document(error.document, error.status, error.headers)


async def body_of(config: Config, request: Request) -> bytes:
    """Read a request's body up to the configured limit."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > config.limits.body_bytes:
            raise WireError(413, "invalid_request", "the body is too large")
        chunks.append(chunk)
    return b"".join(chunks)


def form_of(core: Core, incoming: Incoming) -> dict[str, str]:
    """Read a form."""
    if _media_type(incoming.request) != _FORM:
        raise invalid_request(f"the body has to be {_FORM}")
    return core.rules.read_form(incoming.body)


def json_of(core: Core, incoming: Incoming) -> object:
    """Read a JSON document."""
    if _media_type(incoming.request) != _JSON:
        raise invalid_request(f"the body has to be {_JSON}")
    return core.rules.read_json(incoming.body)


def client_of(core: Core, incoming: Incoming, form: dict[str, str]) -> Client:
    """Authenticate the client, by header or by form (RFC 6749 section 2.3)."""
    pair = basic_pair(incoming.request)
    if pair is not None:
        pair = (unquote_plus(pair[0]), unquote_plus(pair[1]))
    return authenticate(core, Credentials(pair, form))


def domain_of(core: Core, incoming: Incoming) -> Domain:
    """Return what the PAT of a request stands for (FedAuthz 1.3)."""
    scheme, _, value = incoming.request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value:
        raise invalid_token("a PAT is needed as a bearer token")
    return core.rules.protected_domain(core.store.token(value.strip()), core.clock.now())


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def basic_pair(request: Request) -> tuple[str, str] | None:
    """Return name and secret of HTTP Basic authentication (RFC 7617)."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, separator, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        # Not base64, or not UTF-8 in it; both errors are of this kind.
        return None
    return (name, secret) if separator else None
