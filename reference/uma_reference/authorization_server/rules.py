"""The decisions of the server as one value, so that each can be replaced from outside.

The defaults are the specified behaviour. A deliberately wrong variant is made with
`dataclasses.replace`, and needs no wrong code in the server.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from uma_reference.authorization_server.assessment import Assessed, Inputs, assess
from uma_reference.authorization_server.claims import KeySource, Presentation, verify_claims
from uma_reference.authorization_server.claims_address import claims_address
from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.config import Config, TrustedIssuer
from uma_reference.authorization_server.descriptions import (
    accept_description,
    replace_description,
)
from uma_reference.authorization_server.documents import read_form, read_json
from uma_reference.authorization_server.handles import (
    Gathering,
    PersistedClaims,
    RefreshToken,
    is_form_of,
)
from uma_reference.authorization_server.live import PoliciesOf, united
from uma_reference.authorization_server.metadata import metadata
from uma_reference.authorization_server.model import (
    AccessToken,
    Claims,
    Domain,
    Permission,
    Resource,
    Ticket,
)
from uma_reference.authorization_server.permissions import accept_permissions
from uma_reference.authorization_server.records import AccessRequest
from uma_reference.authorization_server.remembering import pct_value, recalled, remembered
from uma_reference.authorization_server.replacing import (
    refreshable,
    revoked,
    superseded,
    upgradable,
)
from uma_reference.authorization_server.results import Granted, Result, determine, heeded
from uma_reference.authorization_server.store import Store
from uma_reference.authorization_server.tokens import (
    belongs,
    check_scopes,
    introspected,
    protected_domain,
    redeem,
    rotated,
    token_response,
)
from uma_reference.web import is_genuine


def take_ticket(store: Store, value: str) -> Ticket | None:
    """Take a ticket out of the store: its one and only presentation (Grant 5.5)."""
    return store.take_ticket(value)


def listing(store: Store, domain: Domain) -> Sequence[Resource]:
    """Return the resources that a list shows (FedAuthz 3.2.5)."""
    return store.resources(domain)


def delete_resource(store: Store, resource: Resource) -> None:
    """Deregister a resource (FedAuthz 3.2.4)."""
    store.delete_resource(resource.id)


def decide(assessed: Sequence[Assessed], config: Config) -> Result:
    """Determine the result as the configuration wants it (Grant 3.3.4)."""
    return determine(assessed, partial_grants=config.partial_grants)


def permitted(granted: Granted, ticket: Ticket) -> tuple[Permission, ...]:
    """Return the permissions of an RPT; nothing but what was granted gets in."""
    del ticket
    return granted.permissions


def fresh_value(value: str, ticket: Ticket) -> str:
    """Return the value of a new RPT, which is never that of an older one (Grant 1.3)."""
    del ticket
    return value


@dataclass(frozen=True, slots=True)
class Rules:
    """Every decision of the authorization server."""

    metadata: Callable[[Config], Mapping[str, object]] = metadata
    read_json: Callable[[bytes], object] = read_json
    read_form: Callable[[bytes], dict[str, str]] = read_form
    protected_domain: Callable[[AccessToken | None, int], Domain] = protected_domain
    belongs: Callable[[Resource, Domain], bool] = belongs
    listing: Callable[[Store, Domain], Sequence[Resource]] = listing
    delete_resource: Callable[[Store, Resource], None] = delete_resource
    accept_description: Callable[[object], Mapping[str, object]] = accept_description
    replace_description: Callable[
        [Mapping[str, object], Mapping[str, object]], Mapping[str, object]
    ] = replace_description
    accept_permissions: Callable[
        [object, Callable[[str], Resource | None]], tuple[Permission, ...]
    ] = accept_permissions
    take_ticket: Callable[[Store, str], Ticket | None] = take_ticket
    take_ticket_of_visit: Callable[[Store, str], Ticket | None] = take_ticket
    claims_address: Callable[[Client | None, Mapping[str, str]], str] = claims_address
    is_genuine: Callable[[Request, str, str, Mapping[str, str]], bool] = is_genuine
    is_form_of: Callable[[Gathering, Mapping[str, str]], bool] = is_form_of
    redeem: Callable[[Ticket | None, str, int], Ticket] = redeem
    rotated: Callable[[Ticket, str, str, int], Ticket] = rotated
    returned_ticket: Callable[[Ticket, str, str, int], Ticket] = rotated
    verify_claims: Callable[[Presentation, Sequence[TrustedIssuer], KeySource], Claims] = (
        verify_claims
    )
    recalled: Callable[[PersistedClaims | None, Ticket, str, int], PersistedClaims | None] = (
        recalled
    )
    check_scopes: Callable[[Inputs], None] = check_scopes
    assess: Callable[[Inputs], tuple[Assessed, ...]] = assess
    decide: Callable[[Sequence[Assessed], Config], Result] = decide
    heeded: Callable[[Result, AccessRequest | None], Result] = heeded
    upgradable: Callable[[AccessToken | None, Ticket, str, int], AccessToken | None] = upgradable
    united: Callable[[Iterable[Permission], Iterable[Permission]], tuple[Permission, ...]] = united
    superseded: Callable[[Store, AccessToken], None] = superseded
    refreshable: Callable[[RefreshToken, Store, PoliciesOf | None, int], tuple[Permission, ...]] = (
        refreshable
    )
    revoked: Callable[[Store, str, str], Sequence[AccessToken]] = revoked
    permitted: Callable[[Granted, Ticket], tuple[Permission, ...]] = permitted
    fresh_value: Callable[[str, Ticket], str] = fresh_value
    remembered: Callable[[Ticket, PersistedClaims | None], Claims | None] = remembered
    pct_value: Callable[[str, Ticket], str] = pct_value
    token_response: Callable[[AccessToken, int], Mapping[str, object]] = token_response
    introspected: Callable[[AccessToken | None, Domain, int, str], Mapping[str, object]] = (
        introspected
    )
