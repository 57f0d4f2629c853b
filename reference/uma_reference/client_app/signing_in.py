"""Signing in and out."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from uma_reference.client_app.people import Person
from uma_reference.client_app.site import SIGN_IN, Site, Visitor
from uma_reference.client_app.words import lasting
from uma_reference.web import Browser

_WRONG = "This name and this password do not belong together."
_NOBODY = Person("", password_hash="none")  # noqa: S106 - no hash at all, which takes its time


class SigningIn:
    """The pages before and after a session."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> list[Route]:
        """Return the routes of these pages."""
        return [
            Route(SIGN_IN, self._show),
            Route(SIGN_IN, self._sign_in, methods=["POST"]),
            Route("/sign-out", self._sign_out, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        visitor = self._site.visitor(request)
        return self._site.go("/") if visitor.session is not None else self._page(visitor)

    async def _sign_in(self, request: Request) -> Response:
        site = self._site
        visitor = site.visitor(request)
        form = await site.form(request, visitor)
        name, now = form.get("name", ""), site.clock.now()
        wait = site.throttle.wait(name, now)
        if wait:
            problem = f"There were too many tries with this name. Try again in {lasting(wait)}."
            response = self._page(visitor, name, problem, 429)
            response.headers["retry-after"] = str(wait)
            return response
        site.throttle.count(name, now)
        person = site.config.people.get(name, _NOBODY)
        right = await site.call("", lambda: person.has_password(form.get("password", "")))
        if not right or person is _NOBODY:
            return self._page(visitor, name, _WRONG, 403)
        site.throttle.succeeded(name)
        self._end(visitor)
        value, seconds = site.randomness.token(), site.config.limits.session_seconds
        site.sessions.begin(value, person, now, seconds)
        response = site.go("/")
        visitor.browser.keep(response, value, seconds)
        return response

    async def _sign_out(self, request: Request) -> Response:
        visitor = self._site.visitor(request)
        await self._site.form(request, visitor)
        self._end(visitor)
        response = self._site.go(SIGN_IN)
        visitor.browser.forget(response)
        return response

    def _end(self, visitor: Visitor) -> None:
        if visitor.session is not None:
            self._site.attempts.end(visitor.session)
            self._site.sessions.end(visitor.session)

    def _page(
        self, visitor: Visitor, name: str = "", problem: str = "", status: int = 200
    ) -> Response:
        value = visitor.browser.value or self._site.randomness.token()
        known = Visitor(Browser(visitor.browser.cookie, value), None)
        context = {"name": name, "problem": problem}
        response = self._site.page("sign_in.html", known, context, status)
        if value != visitor.browser.value:
            known.browser.keep(response, value, self._site.config.limits.session_seconds)
        return response
