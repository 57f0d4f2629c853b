"""Requests that wait for the owner, her decisions, and what she decided (Grant 3.3.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from uma_reference.authorization_server import requests, words
from uma_reference.authorization_server.claim_words import asker, said
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.owner_pages import (
    Signed,
    Stretch,
    notice,
    page,
    sends,
    shows,
    stretch,
)
from uma_reference.authorization_server.endpoints.place import Incoming, Place
from uma_reference.authorization_server.model import Permission
from uma_reference.authorization_server.records import AccessRequest, Standing
from uma_reference.authorization_server.sharing_form import SCOPE, Problem, read_until

HERE = "/my/requests"
_ROWS = 20


def places() -> tuple[Place, ...]:
    """Return where an owner decides."""
    one = "/my/requests/{request_id}"
    return (
        Place("GET", HERE, shows(_list)),
        Place("GET", one, shows(_show)),
        Place("POST", one, sends(_decide)),
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for at one resource; `gone` when it is no longer registered."""

    resource_id: str
    name: str
    scopes: tuple[words.Scope, ...]
    gone: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A request as pages show it."""

    id: str
    who: words.Who | None
    client: str
    wanted: tuple[Wanted, ...]
    created_at: int
    decided_at: int
    standing: str


def _list(core: Core, incoming: Incoming, signed: Signed) -> Response:
    found = core.store.requests(signed.account.id)
    waiting = [item for item in found if item.standing is Standing.PENDING]
    decided = [item for item in found if item.standing is not Standing.PENDING]
    decided.sort(key=lambda item: item.decided_at, reverse=True)
    # Those that wait come first, so the pages go on from them to the others.
    shown: Stretch[AccessRequest] = stretch([*waiting, *decided], incoming, _ROWS)
    rows = [_row(core, item) for item in shown.rows]
    context = {
        "waiting": [item for item in rows if item.standing == Standing.PENDING],
        "decided": [item for item in rows if item.standing != Standing.PENDING],
        "count": len(waiting),
        "shown": shown,
        "done": notice(incoming),
    }
    return page(core, signed, "requests.html", HERE, context)


def _row(core: Core, request: AccessRequest) -> Row:
    return Row(
        request.id,
        asker(core, request.claims),
        words.client(core, request.client),
        tuple(_wanted(core, item) for item in request.permissions),
        request.created_at,
        request.decided_at,
        str(request.standing),
    )


def _wanted(core: Core, permission: Permission) -> Wanted:
    gone = core.store.resource(permission.resource_id) is None
    name = words.resource_name(core, permission)
    return Wanted(permission.resource_id, name, words.scopes(permission.scopes), gone)


def _show(core: Core, incoming: Incoming, signed: Signed) -> Response:
    found = requests.own_request(core, signed.account, incoming.path_value("request_id"))
    everything = {_field(item, scope): "yes" for item in found.permissions for scope in item.scopes}
    return _page(core, signed, found, everything, ())


def _page(
    core: Core,
    signed: Signed,
    request: AccessRequest,
    typed: Mapping[str, str],
    problems: Sequence[Problem],
) -> Response:
    context = {
        "row": _row(core, request),
        "said": said(core, request.claims),
        "typed": typed,
        "problems": problems,
        "wrong": {item.field: item.text for item in problems},
    }
    return page(core, signed, "request.html", HERE, context, 400 if problems else 200)


def _decide(core: Core, incoming: Incoming, signed: Signed, form: Mapping[str, str]) -> Response:
    found = requests.own_request(core, signed.account, incoming.path_value("request_id"))
    if found.standing is not Standing.PENDING:
        return core.pages.redirect(f"{core.base}{HERE}?done=settled")
    if form.get("decision") != "approve":
        requests.decide(core, signed.account, found.id, {"decision": "deny"})
        return core.pages.redirect(f"{core.base}{HERE}?done=denied")
    problems: list[Problem] = []
    chosen = [
        {
            "resource_id": item.resource_id,
            "resource_scopes": [s for s in sorted(item.scopes) if form.get(_field(item, s))],
        }
        for item in found.permissions
    ]
    if not any(item["resource_scopes"] for item in chosen):
        problems.append(Problem("scopes", "Choose at least one thing to approve, or deny it all."))
    end = read_until(form, core.clock.now(), problems)
    if problems:
        return _page(core, signed, found, form, problems)
    decision = {"decision": "approve", "permissions": chosen, "expires_at": end}
    requests.decide(core, signed.account, found.id, decision)
    return core.pages.redirect(f"{core.base}{HERE}?done=approved")


def _field(permission: Permission, scope: str) -> str:
    return f"{SCOPE}{permission.resource_id} {scope}"
