"""The claims interaction endpoint: a requesting party comes, tells, and goes back (Grant 3.3.2)."""

from collections.abc import Mapping

from starlette.responses import Response

from uma_reference.authorization_server import words
from uma_reference.authorization_server.browsing import Visit, sent_form, visit_of
from uma_reference.authorization_server.claims_request import RefusedVisit, read_visit
from uma_reference.authorization_server.config import Config, Feature
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.place import Incoming, Place
from uma_reference.authorization_server.endpoints.sign_in import to_sign_in
from uma_reference.authorization_server.errors import PageError
from uma_reference.authorization_server.gathering import asked, gathered, given
from uma_reference.authorization_server.handles import Gathering
from uma_reference.authorization_server.metadata import CLAIMS_PATH
from uma_reference.authorization_server.records import Event, EventKind
from uma_reference.web import Browser
from uma_reference.web_addresses import with_query

_COOKIE = "as-gathering"
_VISIT_PATH = f"{CLAIMS_PATH}/visit"
_STATED = "stated."
_LONGEST_STATEMENT = 500


def places(config: Config) -> tuple[Place, ...]:
    """Return where requesting parties are asked, if the configuration has it."""
    if Feature.INTERACTIVE_CLAIMS not in config.features:
        return ()
    return (
        Place("GET", CLAIMS_PATH, _arrive),
        Place("GET", _VISIT_PATH, _show),
        Place("POST", _VISIT_PATH, _finish),
    )


def _arrive(core: Core, incoming: Incoming) -> Response:
    """Use up the ticket, and go on at an address that does not hold it."""
    if incoming.request.method == "HEAD":
        # Looking ahead uses no ticket up.
        return Response()
    try:
        gathering = read_visit(core, incoming.request.query_params.multi_items())
    except RefusedVisit as refused:
        return _back(core, refused.redirect_uri, refused.state, {"error": refused.error})
    core.store.put_handle(gathering)
    response = core.pages.redirect(f"{core.base}{_VISIT_PATH}")
    _browser(incoming).keep(response, gathering.value, core.config.lifetimes.gathering)
    return response


def _show(core: Core, incoming: Incoming) -> Response:
    gathering = _gathering(core, incoming)
    visit = visit_of(core, incoming.request)
    if visit.account is None:
        return to_sign_in(core, f"{core.base}{_VISIT_PATH}")
    return _page(core, visit, gathering)


def _page(  # noqa: PLR0913 - what a page shows
    core: Core,
    visit: Visit,
    gathering: Gathering,
    typed: Mapping[str, str] | None = None,
    missing: Mapping[str, str] | None = None,
    problem: str = "",
) -> Response:
    client = core.client(gathering.client)
    if client is None or visit.account is None:
        raise _over()
    wanted = asked(core, client, gathering.ticket, visit.account)
    context = {
        "person": visit.account,
        "here": "",
        "token": visit.token,
        "visit": gathering.shown,
        "asked": wanted.digest,
        "client": client,
        "server": words.server(core, gathering.ticket.domain.resource_server),
        "claims": words.claims(given(visit.account, wanted.claims)),
        "questions": wanted.questions,
        "typed": typed or {},
        "missing": missing or {},
        "can_persist": core.has(Feature.PCT),
        "problem": problem,
    }
    status = 400 if problem else 200
    return core.pages.page("gathering.html", context, status, [gathering.redirect_uri])


def _finish(core: Core, incoming: Incoming) -> Response:
    visit, form = sent_form(core, incoming)
    gathering = _gathering(core, incoming)
    client = core.client(gathering.client)
    ours = core.rules.is_form_of(gathering, form)
    if not ours or client is None or visit.account is None:
        raise _over()
    wanted = asked(core, client, gathering.ticket, visit.account)
    stated = {
        question.claim: form.get(_STATED + question.claim, "").strip()[:_LONGEST_STATEMENT]
        for question in wanted.questions
    }
    going_on = form.get("decision") == "continue"
    if going_on and form.get("asked") != wanted.digest:
        # A policy changed meanwhile. Nothing is used that she did not see on the page.
        return _page(core, visit, gathering, form, problem="Something else is asked by now.")
    missing = {claim: "fill this in" for claim, value in stated.items() if not value}
    if going_on and missing:
        return _page(core, visit, gathering, form, missing, "Something is missing below.")
    if core.store.take_handle(Gathering, gathering.value) is None:
        raise _over()
    members = {"error": "access_denied"}
    if going_on:
        persist = form.get("persist") == "yes"
        ticket = gathered(core, gathering, visit.account, stated, persist=persist)
        core.store.put_ticket(ticket)
        core.store.append(
            Event(
                core.clock.now(),
                EventKind.CLAIMS_GIVEN,
                ticket.domain.owner,
                client.id,
                ticket.claims.subject,
                ticket.permissions,
            )
        )
        members = {"ticket": ticket.value}
    state = gathering.state if gathering.state_given else None
    response = _back(core, gathering.redirect_uri, state, members)
    _browser(incoming).forget(response)
    return response


def _gathering(core: Core, incoming: Incoming) -> Gathering:
    value = _browser(incoming).value
    found = core.store.handle(Gathering, value) if value else None
    if found is None or found.expires_at <= core.clock.now():
        raise _over()
    return found


def _browser(incoming: Incoming) -> Browser:
    return Browser.of(incoming.request, _COOKIE)


def _over() -> PageError:
    return PageError(
        400,
        "This visit is over",
        "It took too long, or it went on in another window. Go back to where you came from.",
    )


def _back(core: Core, address: str, state: str | None, members: Mapping[str, str]) -> Response:
    """Return the requesting party to the client, with `state` just if it was sent (Grant 3.3.3)."""
    more = {"state": state} if state is not None else {}
    return core.pages.redirect(with_query(address, {**members, **more}))
