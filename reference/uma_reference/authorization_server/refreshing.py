"""The refresh token grant: for RPTs, never with an assessment (Grant 3.6), and for PATs."""

from collections.abc import Mapping

from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.code_grant import refresh_pat
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.errors import (
    invalid_grant,
    invalid_request,
    invalid_scope,
)
from uma_reference.authorization_server.handles import RefreshToken
from uma_reference.authorization_server.issuing import policies_of, refresh_token, rpt, tell
from uma_reference.authorization_server.live import narrowed
from uma_reference.authorization_server.records import EventKind


def refresh(core: Core, client: Client, form: Mapping[str, str]) -> Mapping[str, object]:
    """Exchange a refresh token for an RPT with what is left of its permissions, and a new one.

    The RPT before it ends. A refresh token of another client stays as it was.
    """
    value = form.get("refresh_token")
    if not value:
        raise invalid_request("refresh_token is missing")
    found = core.store.handle(RefreshToken, value)
    now = core.clock.now()
    if found is None or found.client != client.id or found.expires_at <= now:
        raise invalid_grant("the refresh token is unknown, has expired or is another client's")
    if found.permissions is None:
        return refresh_pat(core, client, found, form)
    permissions = core.rules.refreshable(found, core.store, policies_of(core), now)
    if not permissions:
        raise invalid_grant("nothing is left of what was granted")
    wanted = frozenset(form.get("scope", "").split())
    granted = narrowed(permissions, wanted) if wanted else permissions
    if wanted - {scope for item in granted for scope in item.scopes}:
        raise invalid_scope("a requested scope was not granted")
    if core.store.take_handle(RefreshToken, value) is None:
        raise invalid_grant("the refresh token was used")
    core.store.end_grant(found.grant)
    token = rpt(
        core,
        client,
        found.domain,
        granted,
        party=found.party,
        grant=found.grant,
        fresh=core.randomness.token(),
    )
    tell(core, token, EventKind.REFRESHED)
    return {**core.rules.token_response(token, now), **refresh_token(core, token, permissions)}
