"""The UMA grant: a permission ticket, claims and their assessment for an RPT (Grant 3.3)."""

from collections.abc import Mapping
from dataclasses import replace

from uma_reference.authorization_server.assessment import Inputs
from uma_reference.authorization_server.claims import InvalidClaimToken, Presentation
from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.config import Feature
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.errors import WireError, invalid_request
from uma_reference.authorization_server.gathering import reachable
from uma_reference.authorization_server.handles import PersistedClaims
from uma_reference.authorization_server.issuing import issue_rpt
from uma_reference.authorization_server.metadata import CLAIMS_PATH
from uma_reference.authorization_server.model import Condition, Permission, Policy, Ticket
from uma_reference.authorization_server.records import (
    AccessRequest,
    Event,
    EventKind,
    Standing,
)
from uma_reference.authorization_server.results import Denied, Granted, NeedInfo, Submitted
from uma_reference.names import ID_TOKEN_FORMAT


def uma_grant(core: Core, client: Client, form: Mapping[str, str]) -> Mapping[str, object]:
    """Answer a request for an RPT; raise `WireError` for every other result."""
    value = form.get("ticket")
    if not value:
        raise invalid_request("ticket is missing")
    if ("claim_token" in form) != ("claim_token_format" in form):
        raise invalid_request("claim_token and claim_token_format go together")
    now = core.clock.now()
    presented = core.rules.take_ticket(core.store, value)
    ticket = core.rules.redeem(presented, client.id, now)
    ticket, problem = _with_pushed(core, client, form, ticket, now)
    persisted = _persisted(core, client, form, ticket, now)
    if persisted is not None:
        ticket = replace(ticket, claims=ticket.claims.joined(persisted.claims))
    inputs = _inputs(core, client, form, ticket)
    core.rules.check_scopes(inputs)
    asked = core.store.request(ticket.request) if ticket.request else None
    assessed = core.rules.decide(core.rules.assess(inputs), core.config)
    result = core.rules.heeded(assessed, asked)
    if isinstance(result, Granted):
        return issue_rpt(core, client, ticket, result, form.get("rpt", ""), persisted)
    raise _failure(core, client, ticket, result, asked, problem)


def _failure(  # noqa: PLR0913 - what a failure depends on
    core: Core,
    client: Client,
    ticket: Ticket,
    result: NeedInfo | Submitted | Denied,
    asked: AccessRequest | None,
    problem: str,
) -> WireError:
    standing = asked.standing if asked is not None else None
    match result:
        case NeedInfo(conditions):
            return _need_info(core, client, ticket, conditions, problem)
        case Submitted() if standing is Standing.PENDING:
            return _polled(core, client, ticket)
        case Submitted(permissions) if _answered(asked, permissions):
            return _denied(core, client, ticket, "the resource owner said no to a part")
        case Submitted(permissions):
            return _submitted(core, client, ticket, permissions, problem)
        case Denied() if standing is Standing.DENIED:
            return _denied(core, client, ticket, "the resource owner said no")
        case Denied():
            return _denied(core, client, ticket, problem)


def _with_pushed(
    core: Core, client: Client, form: Mapping[str, str], ticket: Ticket, now: int
) -> tuple[Ticket, str]:
    """Return the ticket with the pushed claims, or as it was and what is wrong with them."""
    if "claim_token" not in form:
        return ticket, ""
    try:
        return _with_claims(core, client, form, ticket, now), ""
    except InvalidClaimToken as error:
        return ticket, f"the claim token does not count: {error}"


def _answered(asked: AccessRequest | None, permissions: tuple[Permission, ...]) -> bool:
    """Tell whether the owner was asked about all of this before, and approved less."""
    known = {item.resource_id: item.scopes for item in asked.permissions} if asked else {}
    return all(item.scopes <= known.get(item.resource_id, frozenset()) for item in permissions)


def _operative(core: Core, resource_id: str) -> tuple[Policy, ...]:
    now = core.clock.now()
    return tuple(item for item in core.store.policies(resource_id) if item.operative(now))


def _persisted(
    core: Core, client: Client, form: Mapping[str, str], ticket: Ticket, now: int
) -> PersistedClaims | None:
    if not core.has(Feature.PCT) or "pct" not in form:
        return None
    found = core.store.handle(PersistedClaims, form["pct"])
    return core.rules.recalled(found, ticket, client.id, now)


def _with_claims(
    core: Core, client: Client, form: Mapping[str, str], ticket: Ticket, now: int
) -> Ticket:
    presented = Presentation(
        form["claim_token"], form["claim_token_format"], client.id, core.config.issuer, now
    )
    claims = core.rules.verify_claims(presented, core.config.trusted_issuers, core.keys)
    return replace(ticket, claims=claims.added_to(ticket.claims))


def _inputs(core: Core, client: Client, form: Mapping[str, str], ticket: Ticket) -> Inputs:
    available: dict[str, frozenset[str]] = {}
    for permission in ticket.permissions:
        resource = core.store.resource(permission.resource_id)
        if resource is not None:
            available[resource.id] = resource.scopes
    return Inputs(
        ticket=ticket.permissions,
        registered_scopes=client.scopes,
        requested_scopes=frozenset(form.get("scope", "").split()),
        available=available,
        policies={name: _operative(core, name) for name in available},
        claims=ticket.claims,
    )


def _next(core: Core, client: Client, ticket: Ticket) -> Ticket:
    expires_at = core.clock.now() + core.config.lifetimes.ticket
    following = core.rules.rotated(ticket, core.randomness.token(), client.id, expires_at)
    core.store.put_ticket(following)
    return following


def _tell(core: Core, client: Client, ticket: Ticket, kind: EventKind, detail: str = "") -> None:
    core.store.append(
        Event(
            core.clock.now(),
            kind,
            ticket.domain.owner,
            client.id,
            ticket.claims.subject,
            ticket.permissions,
            detail,
        )
    )


def _need_info(
    core: Core,
    client: Client,
    ticket: Ticket,
    conditions: tuple[Condition, ...],
    problem: str,
) -> WireError:
    pushed, visited = reachable(core.config, client, conditions)
    if not pushed and not visited:
        return _denied(core, client, ticket, problem)
    following = _next(core, client, ticket)
    _tell(core, client, ticket, EventKind.NEED_INFO, problem)
    members: dict[str, object] = {"ticket": following.value}
    if pushed:
        members["required_claims"] = [_required(item) for item in pushed]
    if visited:
        members["redirect_user"] = f"{core.config.issuer}{CLAIMS_PATH}"
    return WireError(403, "need_info", problem, members)


def _denied(core: Core, client: Client, ticket: Ticket, problem: str) -> WireError:
    _tell(core, client, ticket, EventKind.DENIED, problem)
    return WireError(403, "request_denied", problem)


def _submitted(
    core: Core, client: Client, ticket: Ticket, permissions: tuple[Permission, ...], problem: str
) -> WireError:
    """Ask the owner, who has to know who it is that asks; the same question is put once."""
    if not ticket.claims.identities:
        who = Condition("sub", frozenset(), friendly_name="who you are")
        return _need_info(core, client, ticket, (who,), problem)
    asked = AccessRequest(
        core.randomness.token(),
        ticket.domain,
        client.id,
        ticket.claims,
        permissions,
        core.clock.now(),
    )
    kept = core.store.submit(asked)
    if kept.id == asked.id:
        _tell(core, client, ticket, EventKind.SUBMITTED)
    return _polled(core, client, replace(ticket, request=kept.id))


def _polled(core: Core, client: Client, ticket: Ticket) -> WireError:
    following = _next(core, client, ticket)
    members = {"ticket": following.value, "interval": core.config.interval_seconds}
    return WireError(403, "request_submitted", "", members)


def _required(condition: Condition) -> Mapping[str, object]:
    hints: dict[str, object] = {
        "claim_token_format": [ID_TOKEN_FORMAT],
        "claim_type": "string",
        "name": condition.claim,
    }
    if condition.friendly_name:
        hints["friendly_name"] = condition.friendly_name
    if condition.issuer:
        hints["issuer"] = [condition.issuer]
    return hints
