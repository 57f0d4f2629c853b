"""Decisions about tokens that end or are replaced (Grant 3.3.5.1, 3.6, 3.7)."""

from collections.abc import Sequence

from uma_reference.authorization_server.handles import PersistedClaims, RefreshToken
from uma_reference.authorization_server.live import PoliciesOf, live
from uma_reference.authorization_server.model import AccessToken, Permission, Ticket
from uma_reference.authorization_server.store import Store


def revoked(store: Store, value: str, client_id: str) -> Sequence[AccessToken]:
    """End a token of a client and return the access tokens among what ended (Grant 3.7).

    A refresh token takes the RPTs of its grant along, without their being told of.
    """
    token = store.token(value)
    mine = token is not None and token.client == client_id
    if mine:
        store.drop_token(value)
    refresh = store.handle(RefreshToken, value)
    if refresh is not None and refresh.client == client_id:
        store.end_grant(refresh.grant)
    persisted = store.handle(PersistedClaims, value)
    if persisted is not None and persisted.client == client_id:
        store.take_handle(PersistedClaims, value)
    return [token] if token is not None and mine else []


def refreshable(
    found: RefreshToken, store: Store, policies_of: PoliciesOf | None, now: int
) -> tuple[Permission, ...]:
    """Return what a refreshed RPT permits: what is left of the old one, never more (Grant 3.6).

    Nothing is assessed, so claims and new policies play no part.
    """
    del store
    return live(found.permissions or (), policies_of, now)


def upgradable(
    old: AccessToken | None, ticket: Ticket, client_id: str, now: int
) -> AccessToken | None:
    """Return the RPT to upgrade: of the same client, party, owner and resource server.

    One that has expired or is of another kind is ignored (Grant 3.3.5.1).
    """
    if old is None or old.permissions is None or old.expires_at <= now:
        return None
    mine = (client_id, ticket.domain, ticket.claims.subject)
    return old if (old.client, old.domain, old.party) == mine else None


def superseded(store: Store, old: AccessToken) -> None:
    """End an RPT that was upgraded to one with another value (Grant 3.3.5.1)."""
    store.end_grant(old.grant)
