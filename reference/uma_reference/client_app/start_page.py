"""The start page, and forgetting what is kept."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from uma_reference.client import Holdings
from uma_reference.client_app.addresses import problem_with, shown_origin
from uma_reference.client_app.site import Site, Visitor
from uma_reference.client_app.words import counted


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for a person about one resource server."""

    server: str
    shown: str
    urls: tuple[str, ...]


class StartPage:
    """Everything that a person can begin with."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> list[Route]:
        """Return the routes of the page and its forms."""
        return [
            Route("/", self._show),
            Route("/forget", self._forget, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        return await self.page(self._site.visitor(request))

    async def page(
        self, visitor: Visitor, address: str = "", problem: str = "", status: int = 200
    ) -> Response:
        """Return the page, perhaps with an address that cannot be opened."""
        site, session = self._site, visitor.signed_in
        party = session.person.id
        held = await site.kept()
        parties = {*(item.party for item in held.rpts), *(item.party for item in held.pcts)}
        context = {
            "address": address,
            "problem": problem,
            "shortcuts": site.config.shortcuts,
            "servers": [shown_origin(item) for item in site.config.resource_servers],
            "waiting": site.attempts.waiting(party),
            "kept": _kept(held, party),
            "any_kept": party in parties,
        }
        return site.page("start.html", visitor, context, status)

    async def _forget(self, request: Request) -> Response:
        site = self._site
        visitor = site.visitor(request)
        session = visitor.signed_in
        form = await site.form(request, visitor)
        party, server = session.person.id, form.get("server", "")
        problem = problem_with(server, site.config) if server else ""
        if problem:
            return await self.page(visitor, problem=problem, status=400)
        if not server:
            site.attempts.drop_of(party)
        done = await site.call(party, lambda: site.uma.revoker().forget(party, server))
        # What renews an access token is revoked by itself, so there can be more of that.
        removed, revoked = counted(done.removed, "token"), counted(done.revoked, "revocation")
        told = [f"Forgotten: {removed} removed here, {revoked} where they came from."]
        told += [f"{problem}." for problem in done.problems]
        session.notice = " ".join(told)
        return site.go("/")


def _kept(held: Holdings, party: str) -> list[Kept]:
    urls: dict[str, list[str]] = {}
    for rpt in held.rpts:
        if rpt.party == party:
            urls.setdefault(rpt.server, []).extend(rpt.resources)
    return [
        Kept(server, shown_origin(server), tuple(dict.fromkeys(known)))
        for server, known in urls.items()
    ]
