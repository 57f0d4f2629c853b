"""A person's own page: who she is here, and what is remembered about her (Grant 3.3.3, 5.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from uma_reference.authorization_server import words
from uma_reference.authorization_server.claim_words import Said, pairs, said
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.owner_pages import (
    Signed,
    no_page,
    notice,
    page,
    sends,
    shows,
)
from uma_reference.authorization_server.endpoints.place import Incoming, Place
from uma_reference.authorization_server.handles import PersistedClaims

HERE = "/me"


def places() -> tuple[Place, ...]:
    """Return where anybody who signed in sees herself; the bare issuer leads to her pages."""
    return (
        Place("GET", "/", shows(_home, owner=False)),
        Place("GET", HERE, shows(_show, owner=False)),
        Place("GET", "/me/forget", shows(_ask, owner=False)),
        Place("POST", "/me/forget", sends(_forget, owner=False)),
    )


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is remembered about a person for one client, until when at the latest."""

    client_id: str
    client: str
    said: tuple[Said, ...]
    expires_at: int


def _home(core: Core, incoming: Incoming, signed: Signed) -> Response:
    del incoming
    return core.pages.redirect(f"{core.base}{'/my/resources' if signed.account.owner else HERE}")


def _show(core: Core, incoming: Incoming, signed: Signed) -> Response:
    context = {
        "claims": pairs(signed.account.claims),
        "remembered": _remembered(core, signed),
        "done": notice(incoming),
    }
    return page(core, signed, "me.html", HERE, context)


def _remembered(core: Core, signed: Signed) -> Sequence[Remembered]:
    found = core.store.persisted_of(core.config.issuer, signed.account.id)
    by_client: dict[str, list[PersistedClaims]] = {}
    for item in found:
        if item.expires_at > core.clock.now():
            by_client.setdefault(item.client, []).append(item)
    return [
        Remembered(
            client_id,
            words.client(core, client_id),
            tuple(dict.fromkeys(line for item in items for line in said(core, item.claims))),
            max(item.expires_at for item in items),
        )
        for client_id, items in sorted(by_client.items())
    ]


def _found(core: Core, signed: Signed, client_id: str) -> Remembered:
    found = [item for item in _remembered(core, signed) if item.client_id == client_id]
    if not found:
        raise no_page()
    return found[0]


def _ask(core: Core, incoming: Incoming, signed: Signed) -> Response:
    item = _found(core, signed, incoming.request.query_params.get("client", ""))
    return page(core, signed, "forget.html", HERE, {"item": item})


def _forget(core: Core, incoming: Incoming, signed: Signed, form: Mapping[str, str]) -> Response:
    del incoming
    item = _found(core, signed, form.get("client", ""))
    core.store.forget_persisted(core.config.issuer, signed.account.id, item.client_id)
    return core.pages.redirect(f"{core.base}{HERE}?done=forgotten")
