"""The moves from one request to the next that several transitions share."""

from dataclasses import replace

from uma_reference.client.claims import ClaimToken
from uma_reference.client.events import event
from uma_reference.client.flow import Context, Flow, Move, Stage
from uma_reference.client.holdings import HeldRpt
from uma_reference.client.messages import HttpRequest
from uma_reference.client.metadata import discovery_url
from uma_reference.client.steps import (
    AskUser,
    FetchDiscovery,
    FindClaims,
    SendResourceRequest,
    SendTokenRequest,
    Stop,
)
from uma_reference.client.urls import origin_of, problem_of, with_query
from uma_reference.names import UMA_GRANT
from uma_reference.opaque import digest


def stop(flow: Flow, error: str, why: str, *, passing: bool = False) -> Move:
    """End a flow; its unused ticket goes with it."""
    ended = replace(flow, stage=Stage.ENDED, ticket="", state="")
    return Move(ended, Stop(error, why, passing))


def send_resource(flow: Flow, rpt: HeldRpt | None) -> Move:
    """Send the resource request, with an RPT only to the server it is for (Grant 3.4, 5.2)."""
    request = flow.request
    fits = rpt is not None and rpt.server == origin_of(request.url)
    carried = rpt.value if rpt is not None and fits else ""
    headers = request.headers
    if carried:
        headers = (*headers, ("Authorization", f"Bearer {carried}"))
    sent = HttpRequest(request.method, request.url, headers, request.body)
    tried = (*flow.tried, digest(carried)) if carried else flow.tried
    told = (
        event("Asking {url} with {rpt}.", url=request.url, rpt=carried)
        if carried
        else event("Asking {url} without a token.", url=request.url)
    )
    after = replace(flow, stage=Stage.RESOURCE, carried=carried, tried=tried)
    return Move(after, SendResourceRequest(sent), (told,))


def discover(flow: Flow, issuer: str) -> Move:
    """Go for the discovery document of an issuer; what was known of another one is dropped."""
    url = discovery_url(issuer)
    after = replace(
        flow, stage=Stage.DISCOVERY, issuer=issuer, metadata=None, client_id="", pct="", pushed=()
    )
    told = event("Looking up the authorization server at {url}.", url=url)
    return Move(after, FetchDiscovery(issuer, url), (told,))


def begin(flow: Flow, context: Context) -> Move:
    """Start to seek an RPT with the resource server's ticket (Grant 3.3)."""
    options = context.options
    metadata = flow.metadata
    # A claim token that was pushed in an earlier process may be needed again in this one.
    flow = replace(flow, pushed=(), first_request=True)
    static = metadata.claims_interaction_endpoint if metadata else ""
    if options.proactive and static and options.claims_redirect_uri and not flow.visits:
        return ask_user(flow, static, context)
    if options.push_first:
        after = replace(flow, stage=Stage.CLAIMS)
        return Move(after, FindClaims(flow.issuer, (), flow.pushed))
    return request_token(flow, None, context)


def request_token(flow: Flow, claim: ClaimToken | None, context: Context) -> Move:
    """Present the ticket at the token endpoint; with that it is used up (Grant 3.3.1, 5.5)."""
    if flow.metadata is None or not flow.ticket:
        return stop(flow, "no_ticket", "there is no ticket to go on with; start again")
    form = {"grant_type": UMA_GRANT, "ticket": flow.ticket}
    if claim is not None:
        form |= {"claim_token": claim.value, "claim_token_format": claim.format}
    offered = None if flow.restarted else _to_upgrade(flow)
    if flow.pct:
        form["pct"] = flow.pct
    if offered is not None:
        form["rpt"] = offered.value
    if context.options.scope:
        form["scope"] = " ".join(context.options.scope)
    after = replace(
        flow,
        stage=Stage.TOKEN,
        ticket="",
        spent=(*flow.spent, digest(flow.ticket)),
        pushed=(*flow.pushed, digest(claim.value)) if claim is not None else flow.pushed,
        offered=offered.value if offered is not None else "",
        redirect_user="",
    )
    extra = [name for name in ("claim_token", "pct", "rpt") if name in form]
    title = "Asking for an RPT with {ticket}" + "".join(f" and {{{name}}}" for name in extra)
    step = SendTokenRequest(flow.metadata, flow.client_id, form)
    return Move(after, step, (event(f"{title}.", **form),))


def ask_user(flow: Flow, endpoint: str, context: Context) -> Move:
    """Send the requesting party to the claims interaction endpoint (Grant 3.3.2).

    The ticket is used up with that, whether or not anybody comes back.
    """
    options = context.options
    problem = problem_of(endpoint, http_on_loopback=options.http_on_loopback)
    if problem:
        return stop(flow, "invalid_redirect", f"the claims interaction endpoint: {problem}")
    if flow.visits >= options.most_visits:
        why = f"the server sent the requesting party away {flow.visits} times already"
        return stop(flow, "too_many_visits", why)
    pairs = [
        ("client_id", flow.client_id),
        ("ticket", flow.ticket),
        ("claims_redirect_uri", options.claims_redirect_uri),
        ("state", context.fresh),
    ]
    after = replace(
        flow,
        stage=Stage.USER,
        ticket="",
        spent=(*flow.spent, digest(flow.ticket)),
        state=context.fresh,
        redirect_user="",
        visits=flow.visits + 1,
    )
    title = "Sending you to {endpoint} with {ticket}: the authorization server wants to ask you."
    told = event(title, endpoint=endpoint.partition("?")[0], **dict(pairs))
    return Move(after, AskUser(with_query(endpoint, pairs)), (told,))


def _to_upgrade(flow: Flow) -> HeldRpt | None:
    """Return the RPT to give for upgrade: one of this very server, client and party."""
    fitting = [
        item
        for item in flow.held
        if (item.server, item.issuer, item.client_id) == (flow.server, flow.issuer, flow.client_id)
    ]
    carried = [item for item in fitting if item.value == flow.carried]
    return next(iter([*carried, *reversed(fitting)]), None)
