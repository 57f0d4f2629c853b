"""The authorization endpoint: an owner lets a resource server act for her (FedAuthz 1.3)."""

from collections.abc import Mapping

from starlette.responses import Response

from uma_reference.authorization_server.authorization_request import (
    PARAMETERS,
    AuthorizationRequest,
    RefusedRequest,
    read_authorization_request,
)
from uma_reference.authorization_server.browsing import Visit, sent_form, visit_of
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.place import Incoming, Place
from uma_reference.authorization_server.endpoints.sign_in import to_sign_in
from uma_reference.authorization_server.errors import PageError
from uma_reference.authorization_server.handles import AuthorizationCode
from uma_reference.authorization_server.model import Domain
from uma_reference.authorization_server.records import Event, EventKind
from uma_reference.web_addresses import with_query


def places() -> tuple[Place, ...]:
    """Return where an owner decides about a resource server."""
    return (Place("GET", "/authorize", _ask), Place("POST", "/authorize", _decide))


def _ask(core: Core, incoming: Incoming) -> Response:
    pairs = incoming.request.query_params.multi_items()
    try:
        request = read_authorization_request(core, pairs)
    except RefusedRequest as refused:
        return _back(core, refused.redirect_uri, refused.state, {"error": refused.error})
    visit = visit_of(core, incoming.request)
    if visit.account is None:
        url = incoming.request.url
        return to_sign_in(core, f"{url.path}?{url.query}")
    return _page(core, visit, request, {k: v for k, v in pairs if k in PARAMETERS and v})


def _page(
    core: Core, visit: Visit, request: AuthorizationRequest, sent: Mapping[str, str]
) -> Response:
    _owner_only(visit)
    context = {
        "person": visit.account,
        "here": "",
        "token": visit.token,
        "client": request.client,
        "parameters": sent,
    }
    return core.pages.page("authorize.html", context, leads_to=[request.redirect_uri])


def _decide(core: Core, incoming: Incoming) -> Response:
    visit, form = sent_form(core, incoming)
    try:
        request = read_authorization_request(core, list(form.items()))
    except RefusedRequest as refused:
        return _back(core, refused.redirect_uri, refused.state, {"error": refused.error})
    _owner_only(visit)
    if form.get("decision") != "allow":
        return _back(core, request.redirect_uri, request.state, {"error": "access_denied"})
    owner = visit.account.id if visit.account else ""
    value = core.randomness.token()
    core.store.put_handle(
        AuthorizationCode(
            value,
            request.client.id,
            Domain(owner, request.client.resource_server or request.client.id),
            request.scope,
            request.redirect_uri,
            request.redirect_uri_given,
            request.challenge,
            core.clock.now() + core.config.lifetimes.code,
            core.randomness.token(),
        )
    )
    core.store.append(Event(core.clock.now(), EventKind.CONNECTED, owner, request.client.id))
    return _back(core, request.redirect_uri, request.state, {"code": value})


def _owner_only(visit: Visit) -> None:
    if visit.account is None or not visit.account.owner:
        raise PageError(
            403, "Only an owner can do this", "Sign in as the owner of the resources, and go back."
        )


def _back(core: Core, address: str, state: str | None, members: Mapping[str, str]) -> Response:
    more = {"state": state} if state is not None else {}
    # The issuer goes along against mix-up of servers (RFC 9207).
    return core.pages.redirect(with_query(address, {**members, **more, "iss": core.config.issuer}))
