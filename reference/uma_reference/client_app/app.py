"""The client as a Starlette application."""

from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from uma_reference.client import Sender, Wallet
from uma_reference.client_app.attempts import Attempts
from uma_reference.client_app.calls import Calls
from uma_reference.client_app.config import Config
from uma_reference.client_app.editing import Editing
from uma_reference.client_app.opening import Opening
from uma_reference.client_app.problem import Problem
from uma_reference.client_app.request_page import RequestPage
from uma_reference.client_app.sessions import Sessions
from uma_reference.client_app.signing_in import SigningIn
from uma_reference.client_app.site import SIGN_IN, NotSignedIn, Site
from uma_reference.client_app.start_page import StartPage
from uma_reference.client_app.uma import Uma
from uma_reference.client_app.wallets import AppWallet
from uma_reference.clock import Clock, Randomness
from uma_reference.throttle import Throttle
from uma_reference.web import Pages


def create_app(
    config: Config, sender: Sender, wallet: Wallet, clock: Clock, randomness: Randomness
) -> Starlette:
    """Put the application together from its configuration and collaborators."""
    limits = config.limits
    path = urlsplit(config.base).path
    pages = Pages("uma_reference.client_app", config.title, path)
    kept = AppWallet(wallet, config.credentials)
    site = Site(
        config,
        pages,
        Sessions(),
        Attempts(limits.requests),
        Throttle(limits.sign_ins, limits.sign_in_seconds),
        Calls(limits.calls),
        Uma(config, sender, kept, clock, randomness),
        clock,
        randomness,
    )
    start_page = StartPage(site)
    opening = Opening(site, start_page)
    ours = [
        *SigningIn(site).routes(),
        *start_page.routes(),
        *opening.routes(),
        *Editing(site, opening).routes(),
        *RequestPage(site, opening).routes(),
    ]
    routes = [*pages.routes(), Mount(path, routes=ours)]
    errors = _Errors(site)
    return Starlette(
        routes=routes,
        exception_handlers={
            NotSignedIn: errors.not_signed_in,
            Problem: errors.problem,
            HTTPException: errors.unknown_place,
            Exception: errors.failure,
        },
    )


class _Errors:
    """Turns what ends a request into pages."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def not_signed_in(self, request: Request, error: Exception) -> Response:
        del request, error
        return self._site.go(SIGN_IN)

    async def problem(self, request: Request, error: Exception) -> Response:
        return self._page(request, error) if isinstance(error, Problem) else self._failed(request)

    async def unknown_place(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        text = "Nothing is here for this address, or not in this way."
        return self._page(request, Problem(status, "There is no such page", text))

    async def failure(self, request: Request, error: Exception) -> Response:
        del error
        return self._failed(request)

    def _failed(self, request: Request) -> Response:
        text = "The application failed. Go back to the start page and try again."
        return self._page(request, Problem(500, "Something is wrong here", text))

    def _page(self, request: Request, problem: Problem) -> Response:
        visitor = self._site.visitor(request)
        context = {"heading": problem.heading, "text": problem.text}
        return self._site.page("message.html", visitor, context, problem.status)
