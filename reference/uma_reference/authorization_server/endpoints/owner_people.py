"""Who has access to what, person by person, and taking all of it away from one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from uma_reference.authorization_server import owner as owners
from uma_reference.authorization_server import words
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.owner_pages import (
    Signed,
    no_page,
    notice,
    page,
    sends,
    shows,
    stretch,
)
from uma_reference.authorization_server.endpoints.place import Incoming, Place
from uma_reference.authorization_server.model import Policy
from uma_reference.authorization_server.people import Person, only, people_of

HERE = "/my/people"
_ROWS = 20


def places() -> tuple[Place, ...]:
    """Return where an owner sees people."""
    withdraw = "/my/people/{person}/withdraw"
    return (
        Place("GET", HERE, shows(_list)),
        Place("GET", withdraw, shows(_ask)),
        Place("POST", withdraw, sends(_withdraw)),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A policy in words, with the name of its resource; `others` are named by it beside her."""

    resource: str
    sentence: words.Sentence
    others: int


@dataclass(frozen=True, slots=True)
class Row:
    """A person, and what she may do."""

    key: str
    who: words.Who
    lines: Sequence[Line]


def _list(core: Core, incoming: Incoming, signed: Signed) -> Response:
    policies = _operative(core, signed)
    wanted = incoming.request.query_params.get("find", "").strip()
    people = [
        (words.who(core, person), person, found) for person, found in _by_person(policies).items()
    ]
    fitting = [
        item
        for item in people
        if wanted.casefold() in f"{item[0].name} {item[0].note} {item[1].value}".casefold()
    ]
    fitting.sort(key=lambda item: (item[0].name.casefold(), item[0].note, item[1].claim))
    shown = stretch(fitting, incoming, _ROWS)
    context = {
        "rows": [_row(core, *item) for item in shown.rows],
        "shown": shown,
        "find": wanted,
        "any": bool(people),
        "others": [_line(core, item) for item in policies if not people_of(item)],
        "done": notice(incoming),
    }
    return page(core, signed, "people.html", HERE, context)


def _operative(core: Core, signed: Signed) -> Sequence[Policy]:
    now = core.clock.now()
    return [item for item in core.store.policies_of(signed.account.id) if item.operative(now)]


def _by_person(policies: Sequence[Policy]) -> Mapping[Person, Sequence[Policy]]:
    found: dict[Person, list[Policy]] = {}
    for policy in policies:
        for person in people_of(policy):
            found.setdefault(person, []).append(only(policy, person))
    return found


def _row(core: Core, who: words.Who, person: Person, policies: Sequence[Policy]) -> Row:
    return Row(person.key, who, [_line(core, item) for item in policies])


def _line(core: Core, policy: Policy) -> Line:
    resource = core.store.resource(policy.resource_id)
    name = words.named(core, resource).name if resource is not None else ""
    whole = core.store.policy(policy.id)
    others = len(people_of(whole)) - 1 if whole is not None else 0
    return Line(name, words.sentence(core, policy), max(others, 0))


def _found(core: Core, incoming: Incoming, signed: Signed) -> tuple[Person, Sequence[Policy]]:
    wanted = incoming.path_value("person")
    for person, policies in _by_person(core.store.policies_of(signed.account.id)).items():
        if person.key == wanted:
            return person, policies
    raise no_page()


def _ask(core: Core, incoming: Incoming, signed: Signed) -> Response:
    person, policies = _found(core, incoming, signed)
    context = {
        "row": _row(core, words.who(core, person), person, policies),
        "at_once": core.config.withdrawal_ends_rpts,
    }
    return page(core, signed, "withdraw_all.html", HERE, context)


def _withdraw(core: Core, incoming: Incoming, signed: Signed, form: Mapping[str, str]) -> Response:
    del form
    person, _ = _found(core, incoming, signed)
    owners.withdraw_from(core, signed.account, person)
    return core.pages.redirect(f"{core.base}{HERE}?done=withdrawn")
