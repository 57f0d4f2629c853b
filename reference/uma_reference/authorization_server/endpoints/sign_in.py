"""Signing in and out, for resource owners and requesting parties."""

import re
from urllib.parse import quote, unquote

from starlette.responses import Response

from uma_reference.authorization_server.browsing import (
    Visit,
    address_of,
    begin_session,
    end_session,
    sent_form,
    sign_in,
    visit_of,
)
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.place import Incoming, Place
from uma_reference.authorization_server.errors import WireError

_WRONG = "This name and password do not go together."
_TOO_MANY = "Too many attempts. Wait for some minutes, and try again."


def places() -> tuple[Place, ...]:
    """Return where people sign in and out."""
    return (
        Place("GET", "/sign-in", _show),
        Place("POST", "/sign-in", _sign_in),
        Place("POST", "/sign-out", _sign_out),
    )


def to_sign_in(core: Core, place: str) -> Response:
    """Send a browser to sign in and then to one of our own pages."""
    return core.pages.redirect(f"{core.base}/sign-in?next={quote(place, safe='')}")


def _show(core: Core, incoming: Incoming) -> Response:
    place = incoming.request.query_params.get("next", "")
    return _form(core, visit_of(core, incoming.request), place)


def _sign_in(core: Core, incoming: Incoming) -> Response:
    visit, form = sent_form(core, incoming)
    name, place = form.get("name", ""), form.get("next", "")
    try:
        account = sign_in(core, name, form.get("password", ""), address_of(incoming.request))
    except WireError as error:
        return _form(core, visit, place, name, _TOO_MANY, error.status)
    if account is None:
        return _form(core, visit, place, name, _WRONG, 403)
    home = "/my/resources" if account.owner else "/me"
    return begin_session(
        core, visit, account, core.pages.redirect(_own_page(core, place) or f"{core.base}{home}")
    )


def _sign_out(core: Core, incoming: Incoming) -> Response:
    visit, _ = sent_form(core, incoming)
    end_session(core, visit)
    response = core.pages.redirect(f"{core.base}/sign-in")
    visit.browser.forget(response)
    return response


def _own_page(core: Core, place: str) -> str:
    """Return a place if it is a path below the issuer, else nothing: no open redirect."""
    below = place.startswith(f"{core.base}/") and not place.startswith("//")
    plain = place.isascii() and place.isprintable() and "\\" not in place
    # What stands on the same host beside the issuer is somebody else's.
    climbing = ".." in unquote(re.split(r"[?#]", place, maxsplit=1)[0])
    return place if below and plain and not climbing else ""


def _form(  # noqa: PLR0913 - what a page shows
    core: Core, visit: Visit, place: str, name: str = "", problem: str = "", status: int = 200
) -> Response:
    context = {
        "person": None,
        "token": visit.token,
        "next": place,
        "name": name,
        "problem": problem,
        "reason": "",
    }
    return visit.keep(core, core.pages.page("sign_in.html", context, status))
