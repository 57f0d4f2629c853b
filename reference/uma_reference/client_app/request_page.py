"""The page of one request: on its way, away, waiting, refused, or the document."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from uma_reference.client import Done, NeedsUser, Refused, Waiting
from uma_reference.client_app.addresses import host_of
from uma_reference.client_app.attempts import Attempt
from uma_reference.client_app.opening import Opening, visitor_and_attempt
from uma_reference.client_app.problem import Problem
from uma_reference.client_app.refusals import Refusal, of_answer, of_refused
from uma_reference.client_app.showing import file_name, is_editable, show
from uma_reference.client_app.site import Site, Visitor

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
        context: dict[str, object] = {"attempt": attempt, "host": host_of(attempt.url)}
        match attempt.outcome:
            case None:
                return self._refreshing("under_way.html", visitor, context, _LOOK_AGAIN)
            case NeedsUser(_, url):
                context |= {"url": url, "there": host_of(url)}
                return self._site.page("away.html", visitor, context)
            case Waiting(flow, until):
                seconds = max(1, until - self._site.clock.now())
                there = host_of(flow.issuer)
                context |= {"until": until, "seconds": seconds, "there": there, "still": still}
                if still:
                    return self._site.page("waiting.html", visitor, context)
                return self._refreshing("waiting.html", visitor, context, seconds)
            case Refused() as refused:
                return self._refusal(visitor, context, of_refused(refused))
            case Done(answer) if not attempt.succeeded:
                return self._refusal(visitor, context, of_answer(answer))
            case Done(answer):
                document = show(answer)
                context |= {
                    "name": file_name(attempt.url),
                    "document": document,
                    "editable": is_editable(document, self._site.config.limits.body_bytes),
                }
                return self._site.page("document.html", visitor, context)

    def _refusal(self, visitor: Visitor, context: dict[str, object], refusal: Refusal) -> Response:
        return self._site.page("refused.html", visitor, {**context, "refusal": refusal})

    def _refreshing(
        self, name: str, visitor: Visitor, context: dict[str, object], seconds: int
    ) -> Response:
        response = self._site.page(name, visitor, context)
        response.headers["refresh"] = str(seconds)
        return response

    async def _ask(self, request: Request) -> Response:
        visitor, attempt = visitor_and_attempt(self._site, request)
        session = visitor.signed_in
        await self._site.form(request, visitor)
        await self._opening.poll(attempt, session)
        if isinstance(attempt.outcome, Waiting):
            session.notice = "The owner has not decided yet."
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
