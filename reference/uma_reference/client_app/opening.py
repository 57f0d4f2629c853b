"""Opening resources: from the address to where the request goes on."""

from collections.abc import Callable
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from uma_reference.client import NeedsUser, Waiting
from uma_reference.client.urls import origin_of
from uma_reference.client_app.addresses import problem_with
from uma_reference.client_app.attempts import Attempt
from uma_reference.client_app.problem import Problem
from uma_reference.client_app.sessions import Session
from uma_reference.client_app.site import Site, Visitor
from uma_reference.client_app.start_page import StartPage


class Opening:
    """Begins requests and goes on with them, each step in a thread."""

    def __init__(self, site: Site, start_page: StartPage) -> None:
        self._site = site
        self._start_page = start_page

    def routes(self) -> list[Route]:
        """Return the routes of the form and of the claims redirection URI."""
        return [
            Route("/open", self._open, methods=["POST"]),
            Route("/return", self._return),
        ]

    async def _open(self, request: Request) -> Response:
        visitor = self._site.visitor(request)
        session = visitor.signed_in
        form = await self._site.form(request, visitor)
        address = form.get("address", "").strip()
        problem = problem_with(address, self._site.config)
        if problem:
            return await self._start_page.page(visitor, address, problem, 400)
        return self.lead(await self.begin(session, address))

    async def begin(
        self,
        session: Session,
        url: str,
        method: str = "GET",
        body: bytes = b"",
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Attempt:
        """Make a request for the person of a session; raise `Problem` when there is no room."""
        site = self._site
        attempt = Attempt(site.randomness.token(), session.person.id, session.id, url, method)
        site.attempts.add(attempt, site.sessions.ids())
        try:
            await site.call(
                attempt.party, lambda: site.uma.start(attempt, session.person, body, headers)
            )
        except Problem:
            site.attempts.drop(attempt)
            raise
        return attempt

    async def poll(self, attempt: Attempt, session: Session) -> None:
        """Ask whether the resource owner has decided, if the request waits for that."""
        waiting = attempt.outcome
        if isinstance(waiting, Waiting):
            await self._go_on(
                attempt, session, lambda: self._site.uma.poll(attempt, session.person, waiting)
            )

    def lead(self, attempt: Attempt) -> Response:
        """Send the browser where a request goes on: away, or to its page.

        A form may lead to the configured servers only; to others there is a link on that page.
        """
        if isinstance(attempt.outcome, NeedsUser):
            known = {origin_of(item) for item in self._site.config.authorization_servers}
            if origin_of(attempt.outcome.url) in known:
                return self._site.pages.redirect(attempt.outcome.url)
        return self._site.go(f"/requests/{attempt.id}")

    async def _return(self, request: Request) -> Response:
        """Take a requesting party back whose `state` is of this very browser (Grant 3.3.3)."""
        site = self._site
        session = site.visitor(request).session
        query = request.url.query
        attempt = self._left_with(query, session) if session is not None else None
        visit = attempt.outcome if attempt is not None else None
        if session is None or attempt is None or not isinstance(visit, NeedsUser):
            text = (
                "No request of this browser waits for this return. Perhaps it was used already, "
                "or you are not signed in here any more. Open the document again."
            )
            raise Problem(400, "This return belongs to nobody here", text)
        await self._go_on(
            attempt, session, lambda: site.uma.resume(attempt, session.person, visit, query)
        )
        return self.lead(attempt)

    def _left_with(self, query: str, session: Session) -> Attempt | None:
        states = [value for name, value in parse_qsl(query) if name == "state"]
        return self._site.attempts.of_state(states[0], session) if states else None

    async def _go_on(self, attempt: Attempt, session: Session, work: Callable[[], None]) -> None:
        """Take the flow out before it goes on, so that it goes on only once."""
        before = attempt.outcome
        attempt.outcome, attempt.session = None, session.id
        try:
            await self._site.call(attempt.party, work)
        except Problem:
            attempt.outcome = before
            raise


def visitor_and_attempt(site: Site, request: Request) -> tuple[Visitor, Attempt]:
    """Return who asks and for which request; raise `Problem` when it is none of theirs."""
    visitor = site.visitor(request)
    attempt = site.attempts.find(request.path_params["key"], visitor.signed_in)
    if attempt is None:
        text = "This request was made in another session, or too long ago. Open the document again."
        raise Problem(404, "This request is gone", text)
    return visitor, attempt
