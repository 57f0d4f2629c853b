"""Transitions around the authorization server: discovery, the token endpoint, its answers."""

from dataclasses import replace

from uma_reference.client.answers import (
    Failed,
    Granted,
    NeedInfo,
    Submitted,
    Unusable,
    read_token_answer,
)
from uma_reference.client.events import event
from uma_reference.client.flow import (
    Context,
    DropPct,
    DropRpt,
    Effect,
    Flow,
    KeepPct,
    KeepRpt,
    Move,
    Stage,
)
from uma_reference.client.holdings import HeldPct, HeldRpt
from uma_reference.client.messages import HttpAnswer, NoAnswer
from uma_reference.client.metadata import UnusableMetadata, read_metadata
from uma_reference.client.requesting import ask_user, begin, request_token, send_resource, stop
from uma_reference.client.steps import (
    FindClaims,
    FindIdentity,
    FoundClaims,
    Identity,
    NoIdentity,
    SendTokenRequest,
    Wait,
)
from uma_reference.client.urls import without_query

_WORDS = {
    "request_denied": "the authorization server denies access",
    "invalid_scope": "a scope asked for is not available or not registered for this client",
    "invalid_client": "the authorization server does not accept this client's credentials",
    "unauthorized_client": "this client may not use the UMA grant there",
    "invalid_grant": "the authorization server does not accept the ticket, not even a fresh one",
}


def discovered(flow: Flow, answer: HttpAnswer | NoAnswer, context: Context) -> Move:
    """Read the discovery document; then the client has to know who it is there (Grant 2)."""
    if isinstance(answer, NoAnswer):
        why = f"the authorization server {flow.issuer} cannot be reached: {answer.why}"
        return stop(flow, "unreachable", why, passing=True)
    try:
        metadata = read_metadata(
            answer, flow.issuer, http_on_loopback=context.options.http_on_loopback
        )
    except UnusableMetadata as error:
        why = f"the discovery document of {flow.issuer} cannot be used: {error}"
        return stop(flow, "invalid_discovery", why, passing=answer.status >= 500)
    told = event(
        "It is the server it should be, with {token_endpoint}.",
        token_endpoint=metadata.token_endpoint,
    )
    return Move(
        replace(flow, stage=Stage.IDENTITY, metadata=metadata), FindIdentity(metadata), (told,)
    )


def identified(flow: Flow, answer: Identity | NoIdentity, context: Context) -> Move:
    """Go on as the client that the server knows."""
    if isinstance(answer, NoIdentity):
        return stop(flow, "no_client", answer.why, passing=answer.passing)
    flow = replace(flow, client_id=answer.client_id, pct=answer.pct)
    expired = flow.held_as(flow.refreshing)
    if expired is not None and expired.client_id == answer.client_id:
        return _refresh(flow, expired)
    return _without_refresh(flow, context)


def claims_found(flow: Flow, answer: FoundClaims, context: Context) -> Move:
    """Push a claim token; without one, the requesting party has to be asked (Grant 3.3.6)."""
    if answer.token is not None:
        return request_token(flow, answer.token, context)
    if flow.first_request:
        return request_token(flow, None, context)
    return _interact(flow, context)


def token_answered(  # noqa: PLR0911 - each answer has its own way on
    flow: Flow, answer: HttpAnswer | NoAnswer, context: Context
) -> Move:
    """Go on from the answer to a request for an RPT (Grant 3.3.5, 3.3.6)."""
    if isinstance(answer, NoAnswer):
        why = f"the authorization server cannot be reached: {answer.why}"
        return stop(flow, "unreachable", why, passing=True)
    flow = replace(flow, first_request=False)
    match read_token_answer(answer):
        case Granted() as granted:
            return _granted(flow, granted, context)
        case NeedInfo() | Submitted() as more if flow.is_spent(more.ticket):
            why = "the authorization server gave back a ticket that was used already"
            return stop(flow, "ticket_reused", why)
        case NeedInfo() as need:
            return _need_info(flow, need, context)
        case Submitted() as submitted:
            return _submitted(flow, submitted, context)
        case Failed("invalid_grant") if not flow.restarted:
            return _start_over(flow)
        case Failed(error, description):
            words = _WORDS.get(error, f"the authorization server answers with the error {error}")
            return stop(
                flow,
                error,
                f"{words}: {description}" if description else words,
                passing=error in {"temporarily_unavailable", "server_error"},
            )
        case Unusable(why, passing):
            return stop(flow, "invalid_answer", f"the authorization server: {why}", passing=passing)


def refreshed(flow: Flow, answer: HttpAnswer | NoAnswer, context: Context) -> Move:
    """Use the refreshed RPT, or seek a new one when there is none (Grant 3.6)."""
    old = flow.held_as(flow.refreshing)
    result = Unusable("") if isinstance(answer, NoAnswer) else read_token_answer(answer)
    if old is None or not isinstance(result, Granted):
        told = event("Refreshing does not work; the client seeks a new RPT.")
        effects: tuple[Effect, ...] = (told,)
        if old is not None and isinstance(result, Failed):
            spent = replace(old, refresh_token="")
            effects = (told, KeepRpt(spent, old.value))
            flow = _with(flow, spent, old.value)
        return _without_refresh(flow, context).after(*effects)
    new = replace(
        old,
        value=result.rpt,
        expires_at=context.now + result.expires_in if result.expires_in else 0,
        refresh_token=result.refresh_token or old.refresh_token,
    )
    told = event("It was refreshed: {rpt} instead of {old}.", rpt=new.value, old=old.value)
    flow = replace(_with(flow, new, old.value), refreshing="", ticket="")
    return send_resource(flow, new).after(told, KeepRpt(new, old.value))


def _refresh(flow: Flow, expired: HeldRpt) -> Move:
    if flow.metadata is None:
        return stop(flow, "no_discovery", "the authorization server is not known")
    form = {"grant_type": "refresh_token", "refresh_token": expired.refresh_token}
    step = SendTokenRequest(flow.metadata, flow.client_id, form)
    told = event("Refreshing {rpt} with {refresh_token}.", rpt=expired.value, **form)
    return Move(replace(flow, stage=Stage.REFRESH), step, (told,))


def _without_refresh(flow: Flow, context: Context) -> Move:
    flow = replace(flow, refreshing="")
    return begin(flow, context) if flow.ticket else send_resource(flow, None)


def _granted(flow: Flow, granted: Granted, context: Context) -> Move:
    """Keep what was issued and send the resource request with the RPT (Grant 3.3.5.1, 3.4)."""
    old = flow.held_as(flow.offered)
    resource = without_query(flow.request.url)
    upgraded = granted.upgraded and old is not None
    new = HeldRpt(
        flow.server,
        flow.issuer,
        flow.party,
        flow.client_id,
        granted.rpt,
        context.now + granted.expires_in if granted.expires_in else 0,
        granted.refresh_token,
        tuple(dict.fromkeys((*(old.resources if old and upgraded else ()), resource))),
    )
    effects: list[Effect] = [event("The authorization server grants {rpt}.", rpt=new.value)]
    if old and upgraded:
        title = "It holds the permissions of {old} too, which the client throws away."
        effects.append(event(title, old=old.value))
    elif old is not None and old.value != new.value:
        # Without an upgrade the old RPT stays for what it was got for, except for this resource.
        left = replace(old, resources=tuple(item for item in old.resources if item != resource))
        effects.append(KeepRpt(left, old.value) if left.resources else DropRpt(old))
        flow = _with(flow, left if left.resources else None, old.value)
    instead_of = old.value if old and upgraded else ""
    effects.append(KeepRpt(new, instead_of))
    if granted.pct:
        pct = HeldPct(flow.issuer, flow.client_id, flow.party, granted.pct)
        title = "It also gives {pct}, which saves claims next time."
        effects += [event(title, pct=granted.pct), KeepPct(pct)]
    flow = replace(
        _with(flow, new, instead_of),
        rounds=flow.rounds + 1,
        offered="",
        pct=granted.pct or flow.pct,
    )
    return send_resource(flow, new).after(*effects)


def _need_info(flow: Flow, need: NeedInfo, context: Context) -> Move:
    told = event(
        "The authorization server needs more information: {what}. It gives {ticket}.",
        ticket=need.ticket,
        what=_what(need),
    )
    flow = replace(flow, ticket=need.ticket, redirect_user=need.redirect_user)
    if not need.required_claims:
        return _interact(flow, context).after(told)
    step = FindClaims(flow.issuer, need.required_claims, flow.pushed)
    return Move(replace(flow, stage=Stage.CLAIMS), step, (told,))


def _interact(flow: Flow, context: Context) -> Move:
    """Ask the requesting party: at `redirect_user`, or once at the static endpoint (Grant 2)."""
    static = flow.metadata.claims_interaction_endpoint if flow.metadata else ""
    endpoint = flow.redirect_user or ("" if flow.visits else static)
    if not endpoint:
        why = "the authorization server needs claims, and there is no claim token left that fits"
        return stop(flow, "need_info", why)
    if not context.options.claims_redirect_uri:
        why = "the authorization server wants to ask the requesting party, and nobody is there"
        return stop(flow, "need_info", why)
    return ask_user(flow, endpoint, context)


def _what(need: NeedInfo) -> str:
    names = [item.friendly_name or item.name or "a claim" for item in need.required_claims]
    wanted = [f"claims ({', '.join(names)})"] if names else []
    if need.redirect_user:
        wanted.append("a visit of the requesting party")
    return " or ".join(wanted) or "it does not say what"


def _submitted(flow: Flow, submitted: Submitted, context: Context) -> Move:
    options = context.options
    interval = options.interval if submitted.interval is None else submitted.interval
    seconds = max(1, min(interval, options.longest_interval))
    until = context.now + seconds
    told = event(
        "The resource owner has been asked. The client asks again with {ticket} "
        "after {interval} seconds.",
        ticket=submitted.ticket,
        interval=str(seconds),
    )
    flow = replace(flow, stage=Stage.APPROVAL, ticket=submitted.ticket, not_before=until)
    return Move(flow, Wait(until), (told,))


def _start_over(flow: Flow) -> Move:
    """Get a fresh ticket, once; the PCT may be what was wrong, so it goes (Grant 3.3.6)."""
    effects: list[Effect] = [
        event("The authorization server does not know the ticket any more; getting a fresh one.")
    ]
    if flow.pct:
        effects.append(DropPct(HeldPct(flow.issuer, flow.client_id, flow.party, flow.pct)))
    flow = replace(flow, restarted=True, pct="", offered="", pushed=(), visits=0)
    return send_resource(flow, None).after(*effects)


def _with(flow: Flow, new: HeldRpt | None, instead_of: str) -> Flow:
    rest = tuple(
        item
        for item in flow.held
        if item.value != instead_of and (new is None or item.value != new.value)
    )
    return replace(flow, held=rest if new is None else (*rest, new))
