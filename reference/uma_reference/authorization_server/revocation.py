"""Token revocation: RPTs, refresh tokens and PCTs of the client that asks (Grant 3.7, RFC 7009)."""

from collections.abc import Mapping

from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.errors import invalid_request
from uma_reference.authorization_server.issuing import tell
from uma_reference.authorization_server.records import EventKind


def revoke(core: Core, client: Client, form: Mapping[str, str]) -> None:
    """End a token of the client; one that is unknown or another client's is left as it is.

    The hint only speeds a search up, so it is not needed here.
    """
    value = form.get("token")
    if not value:
        raise invalid_request("token is missing")
    for token in core.rules.revoked(core.store, value, client.id):
        tell(core, token, EventKind.REVOKED)
