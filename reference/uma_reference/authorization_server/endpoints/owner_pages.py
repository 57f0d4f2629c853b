"""What the pages of signed-in people share: who may see them, notices, and many rows on few pages.

A page that is sent back with POST is shown at the same address with GET.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.responses import Response

from uma_reference.authorization_server.accounts import Account
from uma_reference.authorization_server.browsing import Visit, sent_form, visit_of
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.place import Handler, Incoming
from uma_reference.authorization_server.endpoints.sign_in import to_sign_in
from uma_reference.authorization_server.errors import PageError, WireError

Row = TypeVar("Row")

# What an address says by a code, so that nobody can put words on a page with a link.
NOTICES: Mapping[str, str] = {
    "shared": "Shared. What you allowed stands below.",
    "same": "You had shared just this before; nothing has changed.",
    "withdrawn": "Withdrawn.",
    "approved": "Approved. It is among what you share now.",
    "denied": "Denied.",
    "settled": "This was decided before.",
    "forgotten": "Forgotten.",
}


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed-in person at a page."""

    account: Account
    token: str


Show = Callable[[Core, Incoming, Signed], Response]
_GoOn = Callable[[Signed], Response]
Send = Callable[[Core, Incoming, Signed, Mapping[str, str]], Response]


def shows(handler: Show, *, owner: bool = True) -> Handler:
    """Return what answers GET: for owners, or for everybody who is signed in."""

    def answer(core: Core, incoming: Incoming) -> Response:
        visit = visit_of(core, incoming.request)
        return _for(core, incoming, visit, lambda who: handler(core, incoming, who), owner=owner)

    return answer


def sends(handler: Send, *, owner: bool = True) -> Handler:
    """Return what answers POST: a form of our own page."""

    def answer(core: Core, incoming: Incoming) -> Response:
        try:
            visit, form = sent_form(core, incoming)
        except WireError as error:
            raise PageError(error.status, "This form cannot be read", error.hint) from None
        return _for(
            core, incoming, visit, lambda who: handler(core, incoming, who, form), owner=owner
        )

    return answer


def _for(
    core: Core,
    incoming: Incoming,
    visit: Visit,
    go_on: Callable[[Signed], Response],
    *,
    owner: bool,
) -> Response:
    if visit.account is None:
        url = incoming.request.url
        return to_sign_in(core, f"{url.path}?{url.query}" if url.query else url.path)
    if owner and not visit.account.owner:
        raise PageError(
            403, "This page is for owners of resources", "You are signed in as somebody else."
        )
    try:
        return go_on(Signed(visit.account, visit.token))
    except WireError as error:
        if error.status == 404:
            raise no_page() from None
        raise PageError(error.status, "This cannot be done", error.hint) from None


def no_page() -> PageError:
    """Return the error for what is not there, or not hers; the two look the same."""
    return PageError(404, "There is nothing here", "It may be gone, or it is not yours to see.")


def page(  # noqa: PLR0913 - what a page shows
    core: Core,
    signed: Signed,
    template: str,
    here: str,
    context: Mapping[str, object],
    status: int = 200,
) -> Response:
    """Return a page with its frame; `here` is the address of the entry it belongs to."""
    shared = {"person": signed.account, "token": signed.token, "here": here}
    return core.pages.page(template, {**shared, **context}, status)


def notice(incoming: Incoming) -> str:
    """Return what the page says about what was just done."""
    return NOTICES.get(incoming.request.query_params.get("done", ""), "")


@dataclass(frozen=True, slots=True)
class Stretch(Generic[Row]):
    """Some of many rows, with the numbers of the pages before and after, 0 for none."""

    rows: Sequence[Row]
    number: int
    last: int
    total: int

    @property
    def newer(self) -> int:
        """The number of the page before."""
        return self.number - 1

    @property
    def older(self) -> int:
        """The number of the page after."""
        return self.number + 1 if self.number < self.last else 0


def stretch(rows: Sequence[Row], incoming: Incoming, size: int) -> Stretch[Row]:
    """Return the rows of the page that the address names, of the nearest one if there is none."""
    last = max(-(-len(rows) // size), 1)
    number = min(page_number(incoming), last)
    return Stretch(rows[(number - 1) * size : number * size], number, last, len(rows))


def page_number(incoming: Incoming) -> int:
    """Return the page that the address names, counted from 1."""
    wanted = incoming.request.query_params.get("page", "")
    return max(int(wanted), 1) if wanted.isascii() and wanted.isdigit() and len(wanted) < 7 else 1
