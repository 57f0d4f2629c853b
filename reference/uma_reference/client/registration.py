"""Dynamic registration of the client (RFC 7591, Grant 2)."""

import json

from uma_reference.client.authentication import METHODS
from uma_reference.client.flow import Options
from uma_reference.client.holdings import Credentials
from uma_reference.client.messages import HttpAnswer, HttpRequest, parse_object, plain, text_of
from uma_reference.client.metadata import ServerMetadata
from uma_reference.names import UMA_GRANT

_WITHOUT_KEY = ("client_secret_basic", "client_secret_post", "none")


class NotRegistered(Exception):  # noqa: N818 - the name of what happened
    """The server did not register the client; the message says why."""


def registration_request(metadata: ServerMetadata, name: str, options: Options) -> HttpRequest:
    """Return the request that registers the client, with its claims redirection URI."""
    # RFC 8414: a server that names no method takes client_secret_basic.
    offered = metadata.authentication_methods or ("client_secret_basic",)
    method = next((item for item in _WITHOUT_KEY if item in offered), "client_secret_basic")
    document: dict[str, object] = {
        "client_name": name,
        "grant_types": [UMA_GRANT, "refresh_token"],
        "token_endpoint_auth_method": method,
    }
    if options.claims_redirect_uri:
        document["claims_redirect_uris"] = [options.claims_redirect_uri]
    if options.scope:
        document["scope"] = " ".join(options.scope)
    headers = (("Content-Type", "application/json"), ("Accept", "application/json"))
    return HttpRequest(
        "POST", metadata.registration_endpoint, headers, json.dumps(document).encode()
    )


def read_registration(answer: HttpAnswer, issuer: str, options: Options) -> Credentials:
    """Read what the server registered; raise `NotRegistered`."""
    document = None if answer.truncated else parse_object(answer.body)
    if document is None or answer.status not in {200, 201}:
        words = plain(
            text_of(document or {}, "error_description") or text_of(document or {}, "error")
        )
        raise NotRegistered(f"status {answer.status}{f': {words}' if words else ''}")
    client_id, secret = text_of(document, "client_id"), text_of(document, "client_secret")
    standard = "client_secret_basic" if secret else "none"
    method = text_of(document, "token_endpoint_auth_method") or standard
    if not client_id or method not in METHODS or ((method in METHODS[:2]) and not secret):
        raise NotRegistered("the answer holds no client that this one can be")
    if method == "private_key_jwt":
        raise NotRegistered("the answer asks for a key that was not registered")
    expires = document.get("client_secret_expires_at")
    return Credentials(
        client_id,
        method,
        secret,
        issuer=issuer,
        claims_redirect_uris=(options.claims_redirect_uri,) if options.claims_redirect_uri else (),
        expires_at=expires if type(expires) is int else 0,
    )
