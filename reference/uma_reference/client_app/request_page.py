"""The page of one request: on its way, away, waiting, refused, or the document."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from uma_reference.client import Done, HttpAnswer, NeedsUser, Refused, Waiting
from uma_reference.client_app.addresses import host_of
from uma_reference.client_app.attempts import Attempt
from uma_reference.client_app.opening import Opening, visitor_and_attempt
from uma_reference.client_app.problem import Problem
from uma_reference.client_app.refusals import refusal_of
from uma_reference.client_app.showing import file_name, is_editable, show
from uma_reference.client_app.site import Site, Visitor
from uma_reference.client_app.words import lasting

_LOOK_AGAIN = 2


class RequestPage:
    """Shows how a request stands, and what can be done with it."""

    def __init__(self, site: Site, opening: Opening) -> None:
        self._site = site
        self._opening = opening

    def routes(self) -> list[Route]:
        """Return the routes of the page and its forms."""
        return [
            Route("/requests/{key}", self._show),
            Route("/requests/{key}/ask", self._ask, methods=["POST"]),
            Route("/requests/{key}/drop", self._drop, methods=["POST"]),
            Route("/requests/{key}/download", self._download),
        ]

    async def _show(self, request: Request) -> Response:
        visitor, attempt = visitor_and_attempt(self._site, request)
        outcome = attempt.outcome
        if isinstance(outcome, Waiting) and self._site.clock.now() >= outcome.until:
            await self._opening.poll(attempt, visitor.signed_in)
            if isinstance(attempt.outcome, NeedsUser):
                return self._opening.lead(attempt)
        return self._page(visitor, attempt, still="still" in request.query_params)

    def _page(self, visitor: Visitor, attempt: Attempt, *, still: bool) -> Response:
        name, more, seconds = self._contents(attempt)
        context = {"attempt": attempt, "still": still, **more}
        response = self._site.page(name, visitor, context)
        if seconds and not still:
            response.headers["refresh"] = str(seconds)
        return response

    def _contents(self, attempt: Attempt) -> tuple[str, Mapping[str, object], int]:
        """Return a template, what it needs, and after how many seconds to look again."""
        match attempt.outcome:
            case None:
                return "under_way.html", {}, _LOOK_AGAIN
            case NeedsUser(_, url):
                return "away.html", {"url": url, "there": host_of(url)}, 0
            case Waiting(flow, until):
                seconds = max(1, until - self._site.clock.now())
                more = {"again": lasting(seconds), "there": host_of(flow.issuer)}
                return "waiting.html", more, seconds
            case Done(answer) if attempt.succeeded:
                return "document.html", self._document(attempt, answer), 0
            case Done() | Refused() as end:
                return (
                    "refused.html",
                    {"refusal": refusal_of(end, change=attempt.method != "GET")},
                    0,
                )

    def _document(self, attempt: Attempt, answer: HttpAnswer) -> dict[str, object]:
        document = show(answer)
        editable = is_editable(document, self._site.config.limits.body_bytes)
        return {"name": file_name(attempt.url), "document": document, "editable": editable}

    async def _ask(self, request: Request) -> Response:
        visitor, attempt = visitor_and_attempt(self._site, request)
        session = visitor.signed_in
        await self._site.form(request, visitor)
        early = isinstance(attempt.outcome, Waiting) and (
            attempt.outcome.until - self._site.clock.now()
        )
        await self._opening.poll(attempt, session)
        if isinstance(attempt.outcome, Waiting):
            session.notice = _not_yet(early)
        return self._opening.lead(attempt)

    async def _drop(self, request: Request) -> Response:
        visitor, attempt = visitor_and_attempt(self._site, request)
        session = visitor.signed_in
        await self._site.form(request, visitor)
        self._site.attempts.drop(attempt)
        session.notice = "This application does not ask for that document any more."
        return self._site.go("/")

    async def _download(self, request: Request) -> Response:
        _, attempt = visitor_and_attempt(self._site, request)
        if not isinstance(attempt.outcome, Done) or not attempt.succeeded:
            raise Problem(404, "There is no document", "Open it first.")
        return self._site.pages.attachment(attempt.outcome.response.body, file_name(attempt.url))


def _not_yet(seconds: int) -> str:
    if seconds > 0:
        return f"It is too early to ask again: the server wants {lasting(seconds)} more."
    return "The owner has not decided yet."
