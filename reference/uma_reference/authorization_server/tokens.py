"""Decisions about tokens and tickets: who may use them, and what they show."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from uma_reference.authorization_server.assessment import Inputs
from uma_reference.authorization_server.errors import (
    insufficient_scope,
    invalid_grant,
    invalid_scope,
    invalid_token,
)
from uma_reference.authorization_server.model import (
    PROTECTION_SCOPE,
    AccessToken,
    Domain,
    Permission,
    Resource,
    Ticket,
)


def protected_domain(token: AccessToken | None, now: int) -> Domain:
    """Return what a PAT stands for; raise an error for any other token (FedAuthz 1.3)."""
    if token is None or token.expires_at <= now:
        raise invalid_token("the token is unknown or has expired")
    if PROTECTION_SCOPE not in token.scope or token.domain is None:
        raise insufficient_scope()
    return token.domain


def belongs(resource: Resource, domain: Domain) -> bool:
    """Tell whether a resource is visible to an owner at a resource server (FedAuthz 1.3)."""
    return resource.domain == domain


def redeem(ticket: Ticket | None, client_id: str, now: int) -> Ticket:
    """Return a ticket that was presented, or raise `invalid_grant` (Grant 3.3.6, 5.5).

    A ticket from the resource server is open to any client, one of a later step to its client.
    """
    if ticket is None:
        raise invalid_grant("the permission ticket is unknown or was used")
    if ticket.expires_at <= now:
        raise invalid_grant("the permission ticket has expired")
    if ticket.client not in {"", client_id}:
        raise invalid_grant("the permission ticket was issued to another client")
    return ticket


def check_scopes(inputs: Inputs) -> None:
    """Raise `invalid_scope` for a requested scope that no resource of the ticket has."""
    available = {scope for scopes in inputs.available.values() for scope in scopes}
    if inputs.requested_scopes - available:
        raise invalid_scope("a requested scope is available on no resource of the ticket")


def introspected(
    token: AccessToken | None, domain: Domain, now: int, issuer: str
) -> Mapping[str, object]:
    """Return the introspection response for a token, as seen by a PAT (FedAuthz 5.1.1)."""
    if token is None or token.expires_at <= now or token.domain != domain:
        return {"active": False}
    common: dict[str, object] = {
        "active": True,
        "client_id": token.client,
        "exp": token.expires_at,
        "iat": token.issued_at,
        "iss": issuer,
        "token_type": "Bearer",
    }
    if token.permissions is None:
        return {**common, "scope": " ".join(sorted(token.scope))}
    ends = token.expires_at
    return {**common, "permissions": shown_permissions(token.permissions, token.issued_at, ends)}


def shown_permissions(
    permissions: Iterable[Permission], issued_at: int, expires_at: int
) -> list[Mapping[str, object]]:
    """Return the permissions of an RPT as a resource server reads them (FedAuthz 5.1.1)."""
    return [
        {
            "resource_id": item.resource_id,
            "resource_scopes": sorted(item.scopes),
            "exp": min(item.expires_at or expires_at, expires_at),
            "iat": issued_at,
            "nbf": issued_at,
        }
        for item in permissions
    ]


def token_response(token: AccessToken, now: int) -> Mapping[str, object]:
    """Return the response that hands a token to its client (Grant 3.3.5)."""
    return {
        "access_token": token.value,
        "token_type": "Bearer",
        "expires_in": token.expires_at - now,
    }


def rotated(ticket: Ticket, value: str, client_id: str, expires_at: int) -> Ticket:
    """Return the ticket for the next step of a process, with a new value (Grant 3.3.6)."""
    return replace(ticket, value=value, expires_at=expires_at, client=client_id)
