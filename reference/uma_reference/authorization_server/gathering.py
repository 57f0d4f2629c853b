"""Interactive claims gathering, apart from HTTP: what is asked, and what becomes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from uma_reference.authorization_server.accounts import Account
from uma_reference.authorization_server.assessment import Inputs
from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.config import Config, Feature, Hint
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.handles import Gathering
from uma_reference.authorization_server.model import SELF_ASSERTED, Claims, Condition, Ticket
from uma_reference.opaque import digest


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the requesting party states herself, in a field of the form."""

    claim: str
    label: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a requesting party is asked for: claims of her account, and statements of her own."""

    claims: tuple[str, ...]
    questions: tuple[Question, ...]

    @property
    def digest(self) -> str:
        """What tells this apart from what else could be asked."""
        return digest(repr(self))


def can_gather(config: Config, client: Client) -> bool:
    """Tell whether a client can send its users to the claims interaction endpoint."""
    on = Feature.INTERACTIVE_CLAIMS in config.features
    return on and bool(client.claims_redirect_uris)


def reachable(
    config: Config, client: Client, conditions: Sequence[Condition]
) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """Return the conditions that pushed claims can meet, and those that a visit can.

    What is left out of `need_info` by configuration is offered all the same where it is the only
    way: one of the two hints has to be there (Grant 3.3.6).
    """
    trusted = {item.issuer for item in config.trusted_issuers} - _own_issuers(config)
    # A condition without an issuer is met by any.
    heard = trusted | {""} if trusted else trusted
    pushed = tuple(item for item in conditions if item.issuer in heard)
    visited = tuple(item for item in conditions if item.issuer in {"", *_own_issuers(config)})
    if not can_gather(config, client):
        visited = ()
    if Hint.REQUIRED_CLAIMS not in config.need_info and visited:
        pushed = ()
    if Hint.REDIRECT_USER not in config.need_info and pushed:
        visited = ()
    return pushed, visited


def _own_issuers(config: Config) -> frozenset[str]:
    return frozenset({SELF_ASSERTED, config.issuer})


def asked(core: Core, client: Client, ticket: Ticket, account: Account) -> Asked:
    """Return what could help the requesting party with her ticket; never what values would.

    She is asked to state only what is still in the way once it is known who she is, and nothing for
    a policy that asks this server for what her account does not have.
    """
    claims = _without_others(core, ticket.claims, account)
    ours = [
        item
        for item in _unmet(core, client, ticket, claims)
        if item.issuer in {"", core.config.issuer}
    ]
    names = tuple(dict.fromkeys(["sub", *(item.claim for item in ours)]))
    told = _vouched(core, claims, account, names)
    lacking = {item.claim: None for item in ours if item.issuer and item.claim not in told.values}
    known = replace(told, values={**told.values, **lacking}).added_to(claims)
    stated = {
        item.claim: item.friendly_name or item.claim
        for item in _unmet(core, client, ticket, known)
        if item.issuer == SELF_ASSERTED
    }
    return Asked(names, tuple(Question(claim, label) for claim, label in stated.items()))


def _unmet(core: Core, client: Client, ticket: Ticket, claims: Claims) -> list[Condition]:
    """Return the conditions that stand in the way, and that further claims could meet."""
    available = {
        found.id: found.scopes
        for found in (core.store.resource(item.resource_id) for item in ticket.permissions)
        if found is not None
    }
    now = core.clock.now()
    inputs = Inputs(
        ticket.permissions,
        client.scopes,
        frozenset(),
        available,
        {
            name: tuple(item for item in core.store.policies(name) if item.operative(now))
            for name in available
        },
        claims,
    )
    return [item for assessed in core.rules.assess(inputs) for item in assessed.unmet]


def given(account: Account, names: Sequence[str]) -> Mapping[str, object]:
    """Return the claims of an account by these names; the server vouches for them."""
    known = {**account.claims, "sub": account.id}
    return {name: known[name] for name in names if name in known}


def gathered(
    core: Core, gathering: Gathering, account: Account, stated: Mapping[str, str], *, persist: bool
) -> Ticket:
    """Return the ticket that goes back to the client, with what was gathered (Grant 3.3.3)."""
    ticket = gathering.ticket
    client = core.client(gathering.client)
    names = asked(core, client, ticket, account).claims if client is not None else ("sub",)
    earlier = _without_others(core, ticket.claims, account)
    claims = _vouched(core, earlier, account, names).added_to(earlier).with_stated(stated)
    expires_at = core.clock.now() + core.config.lifetimes.ticket
    following = replace(ticket, claims=claims, persist=persist)
    return core.rules.returned_ticket(
        following, core.randomness.token(), gathering.client, expires_at
    )


def _vouched(core: Core, earlier: Claims, account: Account, names: Sequence[str]) -> Claims:
    """Return what this server vouches for: claims of an account, with those told earlier."""
    before = _vouched_here(core, earlier)
    known: Mapping[str, object] = before.values if before is not None else {}
    return Claims(core.config.issuer, {**known, **given(account, names)})


def _vouched_here(core: Core, claims: Claims) -> Claims | None:
    return next((item for item in claims.each if item.issuer == core.config.issuer), None)


def _without_others(core: Core, claims: Claims, account: Account) -> Claims:
    """Return claims without what another person told at an earlier visit of the same process."""
    before = _vouched_here(core, claims)
    if before is None or before.values.get("sub") == account.id:
        return claims
    kept = [item for item in claims.each if item.issuer not in _own_issuers(core.config)]
    first, *rest = kept or [Claims()]
    return replace(first, further=tuple(replace(item, further=()) for item in rest))
