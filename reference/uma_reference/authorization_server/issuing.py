"""Issuing RPTs, and what may come beside them: a PCT, a refresh token (Grant 3.3.5)."""

from collections.abc import Mapping
from dataclasses import replace

from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.config import Feature, RptFormat
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.handles import PersistedClaims, RefreshToken
from uma_reference.authorization_server.live import PoliciesOf, live
from uma_reference.authorization_server.model import AccessToken, Domain, Permission, Ticket
from uma_reference.authorization_server.records import Event, EventKind
from uma_reference.authorization_server.results import Granted
from uma_reference.authorization_server.tokens import shown_permissions


def issue_rpt(  # noqa: PLR0913 - each is an input of the result
    core: Core,
    client: Client,
    ticket: Ticket,
    granted: Granted,
    previous: str,
    persisted: PersistedClaims | None,
) -> Mapping[str, object]:
    """Issue an RPT and return the response; `previous` is the RPT that came with the request."""
    permissions = core.rules.permitted(granted, ticket)
    old = _upgradable(core, client, ticket, previous)
    if old is not None:
        permissions = core.rules.united(_kept(core, old), permissions)
        core.rules.superseded(core.store, old)
    fresh = core.rules.fresh_value(core.randomness.token(), ticket)
    party, grant = ticket.claims.subject, core.randomness.token()
    token = rpt(core, client, ticket.domain, permissions, party=party, grant=grant, fresh=fresh)
    tell(core, token, EventKind.UPGRADED if old is not None else EventKind.GRANTED)
    return {
        **core.rules.token_response(token, core.clock.now()),
        **({"upgraded": True} if old is not None else {}),
        **_pct(core, client, ticket, persisted),
        **refresh_token(core, token, permissions),
    }


def rpt(  # noqa: PLR0913 - an RPT has these parts
    core: Core,
    client: Client,
    domain: Domain,
    permissions: tuple[Permission, ...],
    *,
    party: str,
    grant: str,
    fresh: str,
) -> AccessToken:
    """Issue an RPT in the configured form; `fresh` is what makes it unguessable."""
    now = core.clock.now()
    expires_at = now + core.config.lifetimes.rpt
    value = fresh
    if core.config.rpt_format is RptFormat.JWT:
        value = core.signer.sign(
            "at+jwt",
            {
                "iss": core.config.issuer,
                "aud": domain.resource_server,
                # Resource servers have no business with who it is, nor with comparing notes.
                "sub": core.signer.pseudonym(f"{domain.resource_server} {party or client.id}"),
                "client_id": client.id,
                "iat": now,
                "exp": expires_at,
                "jti": fresh,
                "permissions": shown_permissions(permissions, now, expires_at),
            },
        )
    token = AccessToken(
        value, client.id, domain, now, expires_at, frozenset(), permissions, party, grant
    )
    core.store.put_token(token)
    return token


def policies_of(core: Core) -> PoliciesOf | None:
    """Return where live permissions look for their policies; nowhere if withdrawal ends none."""
    return core.store.policies if core.config.withdrawal_ends_rpts else None


def refresh_token(
    core: Core, token: AccessToken, permissions: tuple[Permission, ...]
) -> Mapping[str, object]:
    """Issue a refresh token beside an RPT, if the server does so (Grant 3.6)."""
    client = core.client(token.client)
    if not core.has(Feature.REFRESH) or token.domain is None:
        return {}
    if client is None or not client.uses("refresh_token"):
        return {}
    value = core.randomness.token()
    expires_at = core.clock.now() + core.config.lifetimes.refresh
    core.store.put_handle(
        RefreshToken(
            value, token.client, token.domain, permissions, expires_at, token.grant, token.party
        )
    )
    return {"refresh_token": value}


def tell(core: Core, token: AccessToken, kind: EventKind) -> None:
    """Write to the audit what became of an RPT."""
    owner = token.domain.owner if token.domain else ""
    permissions = token.permissions or ()
    core.store.append(Event(core.clock.now(), kind, owner, token.client, token.party, permissions))


def _upgradable(core: Core, client: Client, ticket: Ticket, value: str) -> AccessToken | None:
    if not core.has(Feature.RPT_UPGRADE) or not value:
        return None
    found = core.store.token(value)
    old = core.rules.upgradable(found, ticket, client.id, core.clock.now())
    return old if old is not None and _kept(core, old) else None


def _kept(core: Core, old: AccessToken) -> tuple[Permission, ...]:
    """Return the live permissions of an RPT, each with the end that it had."""
    remaining = live(old.permissions or (), policies_of(core), core.clock.now())
    return tuple(
        replace(item, expires_at=min(item.expires_at or old.expires_at, old.expires_at))
        for item in remaining
    )


def _pct(
    core: Core, client: Client, ticket: Ticket, persisted: PersistedClaims | None
) -> Mapping[str, object]:
    """Persist the claims of the process, if there is something new to persist."""
    claims = core.rules.remembered(ticket, persisted)
    if not core.has(Feature.PCT) or claims is None:
        return {}
    if persisted is not None:
        core.store.take_handle(PersistedClaims, persisted.value)
    value = core.rules.pct_value(core.randomness.token(), ticket)
    expires_at = core.clock.now() + core.config.lifetimes.pct
    core.store.put_handle(PersistedClaims(value, client.id, claims, expires_at))
    return {"pct": value}
