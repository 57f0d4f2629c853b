"""The owner's resources: a list, and for each one who may do what (Grant 1.1, FedAuthz 3.2)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.responses import Response

from uma_reference.authorization_server import owner as owners
from uma_reference.authorization_server import words
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints.owner_pages import (
    Signed,
    notice,
    page,
    sends,
    shows,
    stretch,
)
from uma_reference.authorization_server.endpoints.place import Incoming, Place
from uma_reference.authorization_server.model import Policy, Resource
from uma_reference.authorization_server.people import people_of
from uma_reference.authorization_server.records import Standing
from uma_reference.authorization_server.sharing_form import Problem, choices, read_sharing

HERE = "/my/resources"
_ROWS = 25


def places() -> tuple[Place, ...]:
    """Return where an owner sees and shares her resources."""
    one, withdraw = "/my/resources/{resource_id}", "/my/policies/{policy_id}/withdraw"
    return (
        Place("GET", HERE, shows(_list)),
        Place("GET", one, shows(_show)),
        Place("POST", one, sends(_share)),
        Place("GET", withdraw, shows(_ask)),
        Place("POST", withdraw, sends(_withdraw)),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A resource in the list, with how many people have access and how many requests wait."""

    resource: words.Named
    people: int
    anyone: bool
    group: bool
    waiting: int


def _list(core: Core, incoming: Incoming, signed: Signed) -> Response:
    owned = core.store.owned(signed.account.id)
    found = [words.named(core, item) for item in owned]
    wanted = incoming.request.query_params.get("find", "").strip()
    fitting = [item for item in found if wanted.casefold() in item.name.casefold()]
    fitting.sort(key=lambda item: (item.server.casefold(), item.name.casefold()))
    shown = stretch(fitting, incoming, _ROWS)
    waiting = Counter(
        permission.resource_id
        for request in core.store.requests(signed.account.id)
        if request.standing is Standing.PENDING
        for permission in request.permissions
    )
    groups: dict[str, list[Row]] = {}
    for item in shown.rows:
        groups.setdefault(item.server, []).append(_row(core, item, waiting[item.id]))
    context = {
        "groups": groups,
        "shown": shown,
        "find": wanted,
        "any": bool(owned),
        "issuer": core.config.issuer,
    }
    return page(core, signed, "resources.html", HERE, context)


def _row(core: Core, resource: words.Named, waiting: int) -> Row:
    now = core.clock.now()
    policies = [item for item in core.store.policies(resource.id) if item.operative(now)]
    open_policies = [item for item in policies if not item.ask]
    people = {person for policy in open_policies for person in people_of(policy)}
    others = [policy for policy in open_policies if not people_of(policy)]
    anyone = any(not policy.conditions for policy in others)
    return Row(resource, len(people), anyone, any(policy.conditions for policy in others), waiting)


def _show(core: Core, incoming: Incoming, signed: Signed) -> Response:
    resource = owners.own_resource(core, signed.account, incoming.path_value("resource_id"))
    return _page(core, signed, resource, notice(incoming), {}, ())


def _page(  # noqa: PLR0913 - what the page shows
    core: Core,
    signed: Signed,
    resource: Resource,
    done: str,
    typed: Mapping[str, str],
    problems: Sequence[Problem],
) -> Response:
    waiting = [
        request
        for request in core.store.requests(signed.account.id)
        if request.standing is Standing.PENDING
        and any(item.resource_id == resource.id for item in request.permissions)
    ]
    context = {
        "resource": words.named(core, resource),
        "sentences": _sentences(core, core.store.policies(resource.id)),
        "waiting": len(waiting),
        "choices": choices(core, signed.account),
        "typed": typed,
        "problems": problems,
        "wrong": {item.field: item.text for item in problems},
        "done": done,
    }
    return page(core, signed, "resource.html", HERE, context, 400 if problems else 200)


def _sentences(core: Core, policies: Iterable[Policy]) -> Sequence[words.Sentence]:
    found = [words.sentence(core, item) for item in policies]
    return sorted(found, key=lambda item: item.ended)


def _share(core: Core, incoming: Incoming, signed: Signed, form: Mapping[str, str]) -> Response:
    resource = owners.own_resource(core, signed.account, incoming.path_value("resource_id"))
    offered = choices(core, signed.account)
    document, problems = read_sharing(core, offered, resource, form)
    if problems:
        return _page(core, signed, resource, "", form, problems)
    policy = owners.new_policy(core, resource.id, document)
    same = [
        item for item in core.store.policies(resource.id) if replace(item, id=policy.id) == policy
    ]
    if not same:
        owners.set_policy(core, signed.account, policy)
    code = "same" if same else "shared"
    return core.pages.redirect(f"{core.base}{HERE}/{resource.id}?done={code}")


def _ask(core: Core, incoming: Incoming, signed: Signed) -> Response:
    policy = owners.own_policy(core, signed.account, incoming.path_value("policy_id"))
    resource = owners.own_resource(core, signed.account, policy.resource_id)
    context = {
        "resource": words.named(core, resource),
        "sentence": words.sentence(core, policy),
        "at_once": core.config.withdrawal_ends_rpts,
    }
    return page(core, signed, "withdraw.html", HERE, context)


def _withdraw(core: Core, incoming: Incoming, signed: Signed, form: Mapping[str, str]) -> Response:
    del form
    policy = owners.own_policy(core, signed.account, incoming.path_value("policy_id"))
    owners.delete_policy(core, signed.account, policy.id)
    return core.pages.redirect(f"{core.base}{HERE}/{policy.resource_id}?done=withdrawn")
