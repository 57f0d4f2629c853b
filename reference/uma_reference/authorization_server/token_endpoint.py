"""The token endpoint: one function for each grant type (RFC 6749 section 3.2, Grant 3.3)."""

from collections.abc import Mapping

from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.config import Feature
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.errors import WireError, invalid_request, invalid_scope
from uma_reference.authorization_server.refreshing import refresh
from uma_reference.authorization_server.uma_grant import uma_grant
from uma_reference.names import UMA_GRANT


def token(core: Core, client: Client, form: Mapping[str, str]) -> Mapping[str, object]:
    """Answer a token request of an authenticated client; raise `WireError` on failure."""
    match form.get("grant_type"):
        case "client_credentials":
            return _client_credentials(core, client, form)
        case grant if grant == UMA_GRANT:
            return uma_grant(core, client, form)
        case "refresh_token" if core.has(Feature.REFRESH):
            return refresh(core, client, form)
        case None:
            raise invalid_request("grant_type is missing")
        case _:
            raise WireError(400, "unsupported_grant_type", "this grant type is not supported")


def _client_credentials(
    core: Core, client: Client, form: Mapping[str, str]
) -> Mapping[str, object]:
    scope = frozenset(form.get("scope", "").split())
    if scope - client.scopes:
        raise invalid_scope("the client is not registered for a requested scope")
    issued = core.issue(
        core.randomness.token(), client, client.domain, core.config.lifetimes.pat, scope=scope
    )
    return {
        "access_token": issued.value,
        "token_type": "Bearer",
        "expires_in": core.config.lifetimes.pat,
        "scope": " ".join(sorted(scope)),
    }
