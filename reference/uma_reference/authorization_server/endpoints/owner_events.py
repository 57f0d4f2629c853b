"""What happened to an owner's resources, in sentences: her view of the append-only audit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from starlette.responses import Response

from uma_reference.authorization_server import words
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.owner_pages import (
    Signed,
    Stretch,
    page,
    page_number,
    shows,
)
from uma_reference.authorization_server.endpoints.place import Incoming, Place
from uma_reference.authorization_server.records import Event, EventKind
from uma_reference.authorization_server.telling import ANYONE, ASK, CONDITION, GROUP
from uma_reference.opaque import digest

HERE = "/my/events"
_ROWS = 25
_BATCH = 500
# So many entries are looked at for one page; the people to choose from come from the newest.
_FARTHEST = 20_000
_KEY_LENGTH = 32


def places() -> tuple[Place, ...]:
    """Return where an owner reads what happened."""
    return (Place("GET", HERE, shows(_list)),)


@dataclass(frozen=True, slots=True)
class Item:
    """A resource in an event; `here` tells whether it can be looked at."""

    resource_id: str
    name: str
    scopes: tuple[words.Scope, ...]
    here: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An event as pages show it; `whom` says what it can when nobody is named."""

    at: int
    kind: str
    who: words.Who | None
    whom: str
    client: str
    items: tuple[Item, ...]
    detail: str
    ask: bool
    condition: bool
    until: str


def _list(core: Core, incoming: Incoming, signed: Signed) -> Response:
    query = incoming.request.query_params
    resource, person = query.get("resource", ""), query.get("person", "")
    number = page_number(incoming)
    fitting = (
        event
        for event in _events(core, signed.account.id)
        if (not resource or any(item.resource_id == resource for item in event.permissions))
        and (not person or _key(event.party) == person)
    )
    rows = list(islice(fitting, (number - 1) * _ROWS, number * _ROWS + 1))
    shown = Stretch(rows[:_ROWS], number, number + (len(rows) > _ROWS), 0)
    context = {
        "lines": [_line(core, item) for item in shown.rows],
        "shown": shown,
        "resources": _resources(core, signed.account.id),
        "people": _people(core, signed.account.id),
        "resource": resource,
        "one": person,
        "query": {k: v for k, v in (("resource", resource), ("person", person)) if v},
    }
    return page(core, signed, "events.html", HERE, context)


def _events(core: Core, owner: str) -> Iterable[Event]:
    for skip in range(0, _FARTHEST, _BATCH):
        batch = core.store.events(owner, _BATCH, skip)
        yield from batch
        if len(batch) < _BATCH:
            return


def _resources(core: Core, owner: str) -> Sequence[tuple[str, str]]:
    named = [words.named(core, item) for item in core.store.owned(owner)]
    return sorted(((item.id, item.name) for item in named), key=lambda item: item[1].casefold())


def _people(core: Core, owner: str) -> Sequence[tuple[str, str]]:
    parties = {item.party for item in core.store.events(owner, _BATCH)}
    found = [(_key(text), words.party(core, text)) for text in parties]
    named = [(key, _called(who)) for key, who in found if who is not None]
    return sorted(named, key=lambda item: item[1].casefold())


def _called(who: words.Who) -> str:
    return f"{who.name} ({who.note})" if who.note else who.name


def _key(party: str) -> str:
    """Return what stands for a person in addresses, which do not spell her out."""
    return digest(party)[:_KEY_LENGTH]


def _line(core: Core, event: Event) -> Line:
    items: list[Item] = []
    for permission in event.permissions:
        here = core.store.resource(permission.resource_id) is not None
        name = words.resource_name(core, permission)
        items.append(Item(permission.resource_id, name, words.scopes(permission.scopes), here))
    ends = {permission.expires_at for permission in event.permissions}
    return Line(
        event.at,
        str(event.kind),
        words.party(core, event.party),
        _unnamed(event),
        words.server(core, event.client)
        if event.kind in {EventKind.REGISTERED, EventKind.DEREGISTERED}
        else words.client(core, event.client),
        tuple(items),
        event.detail,
        event.kind is EventKind.POLICY_SET and ASK in event.detail.split(),
        event.kind is EventKind.POLICY_SET and CONDITION in event.detail.split(),
        words.until(max(ends, default=0)) if len(ends) == 1 else "",
    )


def _unnamed(event: Event) -> str:
    if event.kind in {EventKind.POLICY_SET, EventKind.POLICY_WITHDRAWN}:
        told = event.detail.split()
        return "anyone" if ANYONE in told else "a group" if GROUP in told else "nobody"
    return "somebody unknown"
