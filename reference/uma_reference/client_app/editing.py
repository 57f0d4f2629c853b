"""Changing a resource: its text in a form, sent back with PUT."""

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from uma_reference.client import Done, HttpAnswer
from uma_reference.client_app.attempts import Attempt
from uma_reference.client_app.opening import Opening, visitor_and_attempt
from uma_reference.client_app.problem import Problem
from uma_reference.client_app.showing import Shown, file_name, is_editable, show
from uma_reference.client_app.site import Site, Visitor


class Editing:
    """The form with a document's text. Saving may need more scopes, which the library asks for."""

    def __init__(self, site: Site, opening: Opening) -> None:
        self._site = site
        self._opening = opening

    def routes(self) -> list[Route]:
        """Return the routes of the form."""
        return [
            Route("/requests/{key}/edit", self._show),
            Route("/requests/{key}/edit", self._save, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        visitor, attempt = visitor_and_attempt(self._site, request)
        _, document = self._editable(attempt)
        text = document.text if attempt.draft is None else attempt.draft
        return self._page(visitor, attempt, text or "")

    async def _save(self, request: Request) -> Response:
        visitor, attempt = visitor_and_attempt(self._site, request)
        session = visitor.signed_in
        form = await self._site.form(request, visitor)
        answer, document = self._editable(attempt)
        text = form.get("content", "")
        if "\r\n" not in (document.raw or ""):
            # Browsers send each end of a line as two characters.
            text = text.replace("\r\n", "\n")
        problem = _problem_with(text, document)
        if problem:
            return self._page(visitor, attempt, text, problem)
        attempt.draft = text
        change = await self._opening.begin(
            session, attempt.url, "PUT", text.encode(), _headers(answer)
        )
        change.edits = attempt.id
        if change.saved:
            attempt.draft = None
        return self._opening.lead(change)

    def _editable(self, attempt: Attempt) -> tuple[HttpAnswer, Shown]:
        if isinstance(attempt.outcome, Done) and attempt.succeeded:
            document = show(attempt.outcome.response)
            if is_editable(document, self._site.config.limits.body_bytes):
                return attempt.outcome.response, document
        raise Problem(404, "There is nothing to edit", "Open a document that is text first.")

    def _page(self, visitor: Visitor, attempt: Attempt, text: str, problem: str = "") -> Response:
        context = {
            "attempt": attempt,
            "name": file_name(attempt.url),
            "text": text,
            "problem": problem,
        }
        return self._site.page("edit.html", visitor, context, 400 if problem else 200)


def _headers(answer: HttpAnswer) -> tuple[tuple[str, str], ...]:
    """Return the headers of a change: the same type, and only if nobody else was faster."""
    kinds, tags = answer.header("content-type"), answer.header("etag")
    kind = ("Content-Type", kinds[0] if kinds else "text/plain; charset=utf-8")
    strong = [tag for tag in tags if not tag.startswith("W/")]
    return (kind, ("If-Match", strong[0])) if strong else (kind,)


def _problem_with(text: str, document: Shown) -> str:
    if not document.is_json:
        return ""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"This is no JSON: {error.msg}, in line {error.lineno}, column {error.colno}."
    except (ValueError, RecursionError):
        return "This JSON cannot be read."
    return ""
