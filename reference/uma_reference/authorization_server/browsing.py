"""People at the authorization server: signing in, sessions, and forms that are really theirs."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from uma_reference.authorization_server.accounts import Account
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.place import Incoming
from uma_reference.authorization_server.errors import PageError, WireError
from uma_reference.authorization_server.handles import BrowserSession
from uma_reference.authorization_server.http import basic_pair, form_of
from uma_reference.opaque import digest
from uma_reference.web import Browser, form_token

COOKIE = "as-session"
# An address may fail for several names, and a name from several addresses, before all have to wait.
_ROOM = 10


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser at one of the pages: its cookie, and who signed in there, if anybody did."""

    browser: Browser
    account: Account | None
    fresh: str

    @property
    def cookie(self) -> str:
        """The value that forms on a page are tied to."""
        return self.browser.value or self.fresh

    @property
    def token(self) -> str:
        """The token of the forms on a page."""
        return form_token(self.cookie)

    def keep(self, core: Core, response: Response) -> Response:
        """Give a browser without a cookie one, for the forms on the page."""
        if not self.browser.value:
            self.browser.keep(response, self.fresh, core.config.lifetimes.session)
        return response


def visit_of(core: Core, request: Request) -> Visit:
    """Return who is at a page."""
    browser = Browser.of(request, COOKIE)
    session = core.store.handle(BrowserSession, browser.value) if browser.value else None
    live = session is not None and session.expires_at > core.clock.now()
    account = core.config.accounts.get(session.account) if session is not None and live else None
    return Visit(browser, account, core.randomness.token())


def sent_form(core: Core, incoming: Incoming) -> tuple[Visit, dict[str, str]]:
    """Return a form that a person sent from one of our pages; raise `PageError` for any other."""
    visit = visit_of(core, incoming.request)
    form = form_of(core, incoming)
    if not core.rules.is_genuine(incoming.request, core.origin, visit.browser.value, form):
        raise PageError(403, "This page is out of date", "Go back, load the page again and retry.")
    return visit, form


def sign_in(core: Core, name: str, password: str, address: str) -> Account | None:
    """Return whose name and password these are; raise `WireError` 429 after too many failures.

    Failures count for a name from one address, and more leniently for each of the two alone, so
    that neither a password nor a list of names can be tried out.
    """
    limits, now = core.config.limits, core.clock.now()
    keys = {
        f"sign-in {digest(f'{name.casefold()} {address}')}": limits.sign_ins,
        f"sign-in name {digest(name.casefold())}": limits.sign_ins * _ROOM,
        f"sign-in from {digest(address)}": limits.sign_ins * _ROOM,
    }
    if any(core.store.counted(key, now) >= most for key, most in keys.items()):
        wait = {"retry-after": f"{limits.sign_in_seconds}"}
        raise WireError(
            429, "too_many_attempts", "too many failures; try again later", headers=wait
        )
    found = core.account(name, password)
    if found is None:
        for key in keys:
            core.store.count(key, now, limits.sign_in_seconds)
    return found


def begin_session(core: Core, visit: Visit, account: Account, response: Response) -> Response:
    """Sign a browser in under a new value, whatever it held before."""
    end_session(core, visit)
    now, seconds = core.clock.now(), core.config.lifetimes.session
    value = core.randomness.token()
    core.store.put_handle(BrowserSession(value, account.id, now, now + seconds))
    visit.browser.keep(response, value, seconds)
    return response


def end_session(core: Core, visit: Visit) -> None:
    """End the session of a browser."""
    if visit.browser.value:
        core.store.take_handle(BrowserSession, visit.browser.value)


def owner_of(core: Core, incoming: Incoming) -> Account:
    """Authenticate a resource owner whose own program calls, by name and password."""
    pair = basic_pair(incoming.request)
    found = sign_in(core, *pair, address_of(incoming.request)) if pair is not None else None
    if found is None or not found.owner:
        raise WireError(
            401,
            "unauthorized",
            "sign in with the owner's name and password",
            headers={"www-authenticate": 'Basic realm="owner"'},
        )
    return found


def address_of(request: Request) -> str:
    """Return the address that a request comes from."""
    return request.client.host if request.client else ""
