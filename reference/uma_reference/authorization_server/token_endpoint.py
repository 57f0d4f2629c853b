"""The token endpoint: one function for each grant type (RFC 6749 section 3.2, Grant 3.3)."""

from collections.abc import Callable, Mapping

from uma_reference.authorization_server.client_authentication import require_grant
from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.code_grant import exchange_code
from uma_reference.authorization_server.config import refreshes
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.errors import WireError, invalid_request, invalid_scope
from uma_reference.authorization_server.refreshing import refresh
from uma_reference.authorization_server.uma_grant import uma_grant
from uma_reference.names import UMA_GRANT

Grant = Callable[[Core, Client, Mapping[str, str]], Mapping[str, object]]


def token(core: Core, client: Client, form: Mapping[str, str]) -> Mapping[str, object]:
    """Answer a token request of an authenticated client; raise `WireError` on failure."""
    grant = form.get("grant_type")
    if grant is None:
        raise invalid_request("grant_type is missing")
    found = _grants(core).get(grant)
    if found is None:
        raise WireError(400, "unsupported_grant_type", "this grant type is not supported")
    require_grant(client, grant)
    return found(core, client, form)


def _grants(core: Core) -> Mapping[str, Grant]:
    return {
        "authorization_code": exchange_code,
        "client_credentials": _client_credentials,
        UMA_GRANT: uma_grant,
        **({"refresh_token": refresh} if refreshes(core.config) else {}),
    }


def _client_credentials(
    core: Core, client: Client, form: Mapping[str, str]
) -> Mapping[str, object]:
    if client.public:
        raise WireError(400, "unauthorized_client", "a public client cannot do this")
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
