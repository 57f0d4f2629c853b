"""What all pages of the application share: who is there, forms, calls, and how pages are made."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from uma_reference.client import Holdings, WalletError
from uma_reference.client_app.attempts import Attempts
from uma_reference.client_app.calls import Calls, TooBusy
from uma_reference.client_app.config import Config
from uma_reference.client_app.forms import read_form
from uma_reference.client_app.problem import Problem
from uma_reference.client_app.sessions import Session, Sessions
from uma_reference.client_app.uma import Uma
from uma_reference.clock import Clock, Randomness
from uma_reference.throttle import Throttle
from uma_reference.web import Browser, Pages, came_from_elsewhere, form_token, is_ours

COOKIE = "app-session"
SIGN_IN = "/sign-in"
Result = TypeVar("Result")


class NotSignedIn(Exception):  # noqa: N818 - the name of what it is
    """Nobody is signed in in this browser."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """The browser that sent a request, and the session in it."""

    browser: Browser
    session: Session | None

    @property
    def signed_in(self) -> Session:
        """Return the session; raise `NotSignedIn`."""
        if self.session is None:
            raise NotSignedIn
        return self.session


@dataclass(frozen=True, slots=True)
class Site:
    """The parts of one application."""

    config: Config
    pages: Pages
    sessions: Sessions
    attempts: Attempts
    throttle: Throttle
    calls: Calls
    uma: Uma
    clock: Clock
    randomness: Randomness

    def visitor(self, request: Request) -> Visitor:
        """Return who sent a request."""
        browser = Browser.of(request, COOKIE)
        return Visitor(browser, self.sessions.find(browser.value, self.clock.now()))

    async def form(self, request: Request, visitor: Visitor) -> dict[str, str]:
        """Read a form that a page of ours sent; raise `Problem`."""
        if came_from_elsewhere(request, self.config.origin):
            raise Problem(403, "That came from another site", "Use the forms of these pages.")
        form = await read_form(request, self.config.limits.body_bytes)
        if not is_ours(visitor.browser.value, form):
            text = "Go back, load the page again, and send the form from there."
            raise Problem(403, "That form is too old", text)
        return form

    async def call(self, party: str, work: Callable[[], Result]) -> Result:
        """Run what blocks; raise `Problem` when there is no room for it."""
        try:
            return await self.calls.run(party, work)
        except TooBusy:
            text = "Requests are still under way. Try again in a moment."
            raise Problem(503, "Too much at once", text) from None
        except WalletError as error:
            raise _unkept(error) from None

    async def kept(self) -> Holdings:
        """Return what is kept; there is room for that at any time. Raise `Problem`."""
        try:
            return await run_in_threadpool(self.uma.wallet.read)
        except WalletError as error:
            raise _unkept(error) from None

    def page(
        self, name: str, visitor: Visitor, context: Mapping[str, object], status: int = 200
    ) -> Response:
        """Return a page; a notice of the session is on it, once."""
        session = visitor.session
        notice = ""
        if session is not None:
            notice, session.notice = session.notice, ""
        common = {
            "person": session.person.shown if session is not None else "",
            "token": form_token(visitor.browser.value),
            "notice": notice,
        }
        servers = self.config.authorization_servers
        return self.pages.page(name, {**common, **context}, status, servers)

    def go(self, path: str) -> Response:
        """Send the browser to a page of ours."""
        return self.pages.redirect(f"{self.config.base}{path}")


def _unkept(error: WalletError) -> Problem:
    logging.getLogger(__name__).error("%s", error)
    text = "What is kept for you cannot be read or written at the moment."
    return Problem(500, "Something is wrong here", text)
