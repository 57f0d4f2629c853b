"""The token endpoint: PATs by client credentials, RPTs by the UMA grant (Grant 3.3)."""

from collections.abc import Mapping
from dataclasses import replace

from uma_reference.authorization_server.assessment import Inputs
from uma_reference.authorization_server.claims import (
    ID_TOKEN_FORMAT,
    InvalidClaimToken,
    Presentation,
)
from uma_reference.authorization_server.config import Client
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.errors import (
    WireError,
    invalid_request,
    invalid_scope,
)
from uma_reference.authorization_server.metadata import UMA_GRANT
from uma_reference.authorization_server.model import Condition, Ticket
from uma_reference.authorization_server.results import Denied, Granted, NeedInfo


def token(core: Core, client: Client, form: Mapping[str, str]) -> Mapping[str, object]:
    """Answer a token request of an authenticated client; raise `WireError` on failure."""
    match form.get("grant_type"):
        case "client_credentials":
            return _client_credentials(core, client, form)
        case grant if grant == UMA_GRANT:
            return _uma_grant(core, client, form)
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


def _uma_grant(core: Core, client: Client, form: Mapping[str, str]) -> Mapping[str, object]:
    value = form.get("ticket")
    if not value:
        raise invalid_request("ticket is missing")
    if ("claim_token" in form) != ("claim_token_format" in form):
        raise invalid_request("claim_token and claim_token_format go together")
    now = core.clock.now()
    presented = core.rules.take_ticket(core.store, value)
    ticket = core.rules.redeem(presented, client.id, now)
    problem = ""
    if "claim_token" in form:
        try:
            ticket = _with_claims(core, client, form, ticket, now)
        except InvalidClaimToken as error:
            problem = f"the claim token does not count: {error}"
    inputs = _inputs(core, client, form, ticket)
    core.rules.check_scopes(inputs)
    match core.rules.decide(core.rules.assess(inputs), core.config):
        case Granted() as granted:
            return _rpt(core, client, ticket, granted)
        case NeedInfo(conditions):
            raise _need_info(core, client, ticket, conditions, problem)
        case Denied():
            raise WireError(403, "request_denied", problem)


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
        policies={name: tuple(core.store.policies(name)) for name in available},
        claims=ticket.claims,
    )


def _rpt(core: Core, client: Client, ticket: Ticket, granted: Granted) -> Mapping[str, object]:
    issued = core.issue(
        core.rules.fresh_value(core.randomness.token(), ticket),
        client,
        ticket.domain,
        core.config.lifetimes.rpt,
        permissions=core.rules.permitted(granted, ticket),
        party=ticket.claims.subject,
    )
    return core.rules.token_response(issued, core.clock.now())


def _need_info(
    core: Core,
    client: Client,
    ticket: Ticket,
    conditions: tuple[Condition, ...],
    problem: str,
) -> WireError:
    expires_at = core.clock.now() + core.config.lifetimes.ticket
    following = core.rules.rotated(ticket, core.randomness.token(), client.id, expires_at)
    core.store.put_ticket(following)
    return WireError(
        403,
        "need_info",
        problem,
        {
            "ticket": following.value,
            "required_claims": [_required(item) for item in conditions],
        },
    )


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
