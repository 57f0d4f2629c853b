"""Transitions around the resource server: request, challenge, answer (Grant 3.1-3.5)."""

from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from uma_reference.client.challenge import UmaChallenge, parse_challenges, uma_challenge
from uma_reference.client.events import event
from uma_reference.client.flow import Context, Flow, Move, Stage
from uma_reference.client.holdings import HeldRpt
from uma_reference.client.messages import HttpAnswer, HttpRequest, NoAnswer
from uma_reference.client.requesting import begin, discover, send_resource, stop
from uma_reference.client.steps import Finish
from uma_reference.client.urls import origin_of, problem_of, without_query
from uma_reference.opaque import digest

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UNREACHABLE = "uma authorization server unreachable"
_NOT_FOR_OTHERS = frozenset({"authorization", "cookie", "proxy-authorization"})


def start(request: HttpRequest, party: str, held: tuple[HeldRpt, ...], context: Context) -> Move:
    """Begin a flow: with an RPT that is held for this server, without one otherwise (Grant 3.1).

    `held` are the RPTs of this requesting party for this server, the newest last.
    """
    flow = Flow(Stage.RESOURCE, request, party)
    problem = problem_of(request.url, http_on_loopback=context.options.http_on_loopback)
    if problem:
        return stop(flow, "invalid_url", f"this resource cannot be asked for: {problem}")
    if any(name.lower() == "authorization" for name, _ in request.headers):
        why = "leave out the Authorization header: the client puts the RPT there"
        return stop(flow, "invalid_request", why)
    server = origin_of(request.url)
    if not _may_ask(server, context):
        return stop(flow, "unknown_server", f"{server} is not to be dealt with")
    mine = tuple(item for item in held if (item.server, item.party) == (server, party))
    flow = replace(flow, held=mine, server=server)
    best = _best(mine, request.url)
    if best is not None and best.expired(context.now):
        if best.refresh_token:
            told = event("{rpt} has expired; it can be refreshed.", rpt=best.value)
            refreshing = replace(flow, refreshing=best.value, refreshed=True)
            return discover(refreshing, best.issuer).after(told)
        best = None
    return send_resource(flow, best)


def resource_answered(  # noqa: PLR0911 - each answer has its own way on
    flow: Flow, answer: HttpAnswer | NoAnswer, context: Context
) -> Move:
    """Go on from the resource server's answer."""
    if isinstance(answer, NoAnswer):
        why = f"the resource server cannot be reached: {answer.why}"
        return stop(flow, "unreachable", why, passing=True)
    if answer.truncated:
        return stop(
            flow, "too_large", "the resource server's answer is longer than this client reads"
        )
    if answer.status in _REDIRECTS and flow.request.method in {"GET", "HEAD"}:
        return _redirected(flow, answer, context)
    if answer.status >= 400:
        challenge = uma_challenge(answer.header("www-authenticate"))
        if challenge is not None:
            return _challenged(flow, challenge, context)
        if any(_UNREACHABLE in value.lower() for value in answer.header("warning")):
            why = "the resource server cannot reach its authorization server, so it has no ticket"
            return stop(flow, "authorization_server_unreachable", f"{why}; try later", passing=True)
    if answer.status == 401:
        return stop(flow, "no_challenge", _unchallenged(answer))
    told = event("The resource server answers with status {status}.", status=str(answer.status))
    ended = replace(flow, stage=Stage.ENDED, ticket="", state="")
    return Move(ended, Finish(answer), (told,))


def _unchallenged(answer: HttpAnswer) -> str:
    found = parse_challenges(answer.header("www-authenticate"))
    if any(item.scheme == "uma" for item in found):
        return (
            "the resource server's UMA challenge lacks as_uri or ticket, so the client cannot go on"
        )
    names = ", ".join(sorted({item.scheme for item in found})) or "none"
    return f"the resource server asks for no UMA token; the schemes it names: {names}"


def _challenged(  # noqa: PLR0911 - each kind of challenge has its own way on
    flow: Flow, challenge: UmaChallenge, context: Context
) -> Move:
    options = context.options
    problem = problem_of(challenge.as_uri, http_on_loopback=options.http_on_loopback)
    if problem or urlsplit(challenge.as_uri).query:
        return stop(flow, "invalid_challenge", f"as_uri: {problem or 'it has a query'}")
    if options.issuers and challenge.as_uri not in options.issuers:
        why = f"the resource server names {challenge.as_uri}, which is not to be dealt with"
        return stop(flow, "untrusted_issuer", why)
    if flow.is_spent(challenge.ticket):
        return stop(
            flow, "ticket_reused", "the resource server gave a ticket that was used already"
        )
    if flow.rounds >= options.most_rounds:
        why = "the RPT that was just issued is not enough for this resource"
        return stop(flow, "insufficient", why)
    told = event(
        "The resource server asks for an RPT from {as_uri} and gives {ticket}.",
        as_uri=challenge.as_uri,
        ticket=challenge.ticket,
    )
    carried = flow.held_as(flow.carried)
    if carried is None or carried.issuer != challenge.as_uri:
        other = _untried(flow, challenge.as_uri, context.now)
        if other is not None:
            return send_resource(flow, other).after(told)
    flow = replace(flow, ticket=challenge.ticket, server=origin_of(flow.request.url))
    can_refresh = carried is not None and carried.refresh_token and not carried.expires_at
    if carried and can_refresh and not flow.refreshed and carried.issuer == challenge.as_uri:
        flow = replace(flow, refreshing=carried.value, refreshed=True)
        return discover(flow, challenge.as_uri).after(told)
    if flow.metadata is not None and flow.issuer == challenge.as_uri:
        return begin(flow, context).after(told)
    return discover(flow, challenge.as_uri).after(told)


def _redirected(flow: Flow, answer: HttpAnswer, context: Context) -> Move:
    """Follow a redirection; to another origin goes neither the RPT nor another credential."""
    places = answer.header("location")
    try:
        url = urljoin(flow.request.url, places[0]) if places else ""
        url = url.partition("#")[0]
        problem = problem_of(url, http_on_loopback=context.options.http_on_loopback)
    except ValueError as error:
        url, problem = "", str(error)
    if problem or flow.redirects >= context.options.most_redirects:
        why = problem or "there are too many of them"
        return stop(flow, "invalid_redirect", f"the resource server's redirection: {why}")
    if not _may_ask(origin_of(url), context):
        why = f"the resource server sends the client on to {origin_of(url)}"
        return stop(flow, "unknown_server", f"{why}, which is not to be dealt with")
    old, headers = flow.request, flow.request.headers
    carried = flow.held_as(flow.carried)
    stays = origin_of(url) == origin_of(old.url)
    if not stays:
        headers = tuple(item for item in headers if item[0].lower() not in _NOT_FOR_OTHERS)
    flow = replace(
        flow,
        request=HttpRequest(old.method, url, headers, old.body),
        redirects=flow.redirects + 1,
        held=flow.held if stays else (),
        ticket="",
    )
    told = event("The resource server sends the client on to {url}.", url=without_query(url))
    return send_resource(flow, carried if stays else None).after(told)


def _may_ask(server: str, context: Context) -> bool:
    known = context.options.resource_servers
    return not known or server in known


def _best(held: tuple[HeldRpt, ...], url: str) -> HeldRpt | None:
    """Return the RPT that was got for a URL, or else the newest one."""
    known = [item for item in held if without_query(url) in item.resources]
    return next(iter([*reversed(known), *reversed(held)]), None)


def _untried(flow: Flow, issuer: str, now: int) -> HeldRpt | None:
    """Return an RPT of an issuer that this flow has not sent, when another one's was sent."""
    if not flow.carried:
        return None
    server = origin_of(flow.request.url)
    fitting = [
        item
        for item in flow.held
        if (item.server, item.issuer) == (server, issuer)
        and digest(item.value) not in flow.tried
        and not item.expired(now)
    ]
    return fitting[-1] if fitting else None
