"""What the protection API promises in the middle of a walk (FedAuthz 3.2, 4)."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from uma_conformance.drivers.protocol import Policy
from uma_conformance.exploring.state import Resource, Standing, Ticket, Violation, World
from uma_conformance.exploring.steps import Action, Step, Taken
from uma_conformance.jsonvalue import array_of, object_of, strings_of
from uma_conformance.trace import Exchange, parse_json

LIVE, GONE, UNSURE = Standing.LIVE, Standing.GONE, Standing.UNSURE


def judge_resource(world: World, step: Step, answer: Exchange) -> Iterator[Violation]:
    """Judge an answer about one resource, or a list, and learn from it."""
    match step.action:
        case Action.REGISTER:
            yield from _registered(world, step, answer)
        case Action.READ:
            yield from _read(world.resources[step.resource], answer)
        case Action.UPDATE:
            yield from _updated(world, world.resources[step.resource], answer)
        case Action.DELETE:
            yield from _deleted(world, world.resources[step.resource], answer)
        case _:
            yield from _listed(world, step, answer)


def _registered(world: World, step: Step, answer: Exchange) -> Iterator[Violation]:
    found = identifier(answer)
    if not answer.succeeded or not found:
        return
    if answer.status != 201:
        seen = f"create answered status {answer.status}, 201 expected"
        yield Violation(("F-3.2.1-03",), seen, bearable=True)
    name, scopes = _sent(answer)
    world.resources[step.result] = Resource(found, step.owner, name, scopes)


def _read(resource: Resource, answer: Exchange) -> Iterator[Violation]:
    if resource.standing is GONE:
        if answer.succeeded:
            yield Violation(("F-3.2.4-01",), "a deleted resource can still be read")
    elif resource.standing is LIVE:
        if answer.status == 404:
            yield Violation(("F-3.2.1-02",), "a registered resource cannot be read: status 404")
        elif answer.succeeded and answer.status != 200:
            yield Violation(("F-3.2.2-02",), f"read answered status {answer.status}, 200 expected")
        elif answer.succeeded:
            told = answer.members.get("resource_scopes")
            scopes = frozenset(strings_of(told))
            if scopes != resource.scopes or answer.members.get("name") != resource.name:
                # Scopes in another form can still be those that were sent.
                odd = len(strings_of(told)) != len(array_of(told))
                row = "F-3.2.3-01" if resource.version and not odd else "F-3.2.2-03"
                seen = (
                    f"the description reads {answer.members.get('name')!r} with the scopes "
                    f"{sorted(scopes)}, not {resource.name!r} with {sorted(resource.scopes)}"
                )
                yield Violation((row,), seen, bearable=odd)


def _updated(world: World, resource: Resource, answer: Exchange) -> Iterator[Violation]:
    if resource.standing is GONE:
        if answer.succeeded:
            yield Violation(("F-3.2-22",), f"an update of a deleted resource: {answer.outline}")
        return
    if resource.standing is LIVE and answer.status == 404:
        yield Violation(("F-3.2.1-02",), "a registered resource cannot be updated: status 404")
    world.policy_changes += 1
    resource.version += 1
    resource.sure = ()
    if not answer.succeeded:
        resource.standing = UNSURE
        return
    resource.name, resource.scopes = _sent(answer)
    if answer.status != 200:
        seen = f"update answered status {answer.status}, 200 expected"
        yield Violation(("F-3.2.3-02",), seen, bearable=True)
    elif "_id" not in answer.members:
        yield Violation(("F-3.2.3-03",), "the update response has no _id", bearable=True)


def _deleted(world: World, resource: Resource, answer: Exchange) -> Iterator[Violation]:
    if resource.standing is GONE:
        if answer.succeeded:
            yield Violation(("F-3.2-23",), f"a resource was deleted twice: {answer.outline}")
        return
    if resource.standing is LIVE and answer.status == 404:
        yield Violation(("F-3.2.1-02",), "a registered resource cannot be deleted: status 404")
    world.policy_changes += 1
    if answer.succeeded and answer.status not in {200, 204}:
        seen = f"delete answered status {answer.status}, 200 or 204 expected"
        yield Violation(("F-3.2.4-02",), seen)
    resource.standing = GONE if answer.succeeded else UNSURE


def _listed(world: World, step: Step, answer: Exchange) -> Iterator[Violation]:
    listed = set(strings_of(answer.json))
    if not answer.succeeded or len(strings_of(answer.json)) != len(array_of(answer.json)):
        return
    if not isinstance(answer.json, list):
        return
    for name, resource in world.resources.items():
        there = resource.id in listed
        if resource.owner != step.owner:
            if there:
                seen = f"{name} of {resource.owner} is in the list of {step.owner}"
                yield Violation(("F-1.3-10",), seen)
        elif resource.standing is LIVE and not there:
            seen = f"{name} is registered and not listed"
            yield Violation(("F-3.2.5-01",), seen, bearable=True)
        elif resource.standing is GONE and there:
            yield Violation(("F-3.2.4-01",), f"{name} was deleted and is still listed")


def judge_policy(world: World, step: Step) -> None:
    """Learn that the owner set or withdrew policies."""
    resource = world.resources[step.resource]
    world.policy_changes += 1
    policies: tuple[Policy, ...] = ()
    if step.action is Action.ALLOW:
        policies = (Policy(frozenset(step.scopes), step.party, by_visit=step.by_visit),)
    resource.sure = resource.maybe = policies
    for rpt in world.rpts.values():
        before = rpt.bounds.get(resource.id, frozenset[str]())
        allowed = resource.bound(rpt.parties)
        both = None if before is None or allowed is None else before | allowed
        rpt.bounds[resource.id] = both


def judge_asking(world: World, taken: Taken, answer: Exchange) -> Iterator[Violation]:
    """Judge an answer of the permission endpoint, and keep the ticket."""
    step, value = taken.step, _text(answer, "ticket")
    wanted = {name: world.resources[name] for name in step.wanted}
    known = all(item.standing is not UNSURE for item in wanted.values())
    gone = [name for name, item in wanted.items() if item.standing is GONE]
    wrong = [
        name
        for name, item in wanted.items()
        if item.standing is LIVE and not set(step.wanted[name]) <= item.scopes
    ]
    if not answer.succeeded:
        if known and not gone and not wrong and answer.status in {400, 404}:
            row = "F-4-07" if len(wanted) > 1 else "F-3-01"
            row = row if all(step.wanted.values()) else "F-4-08"
            seen = f"no ticket for what is registered: {answer.outline}"
            yield Violation((row,), seen)
        return
    if gone:
        yield Violation(("F-3-02",), f"a ticket was issued for {gone[0]}, which was deleted")
    elif wrong:
        seen = f"a ticket was issued for scopes that {wrong[0]} does not have"
        yield Violation(("F-4.3-05",), seen)
    if any(value == ticket.value for ticket in world.tickets.values()):
        yield Violation(("G-5.4-01",), "the ticket is the same string as an earlier one")
    if value:
        world.tickets[step.result] = Ticket(
            value,
            {name: frozenset(scopes) for name, scopes in step.wanted.items()},
            {name: item.version for name, item in wanted.items()},
            taken.seconds,
        )


def identifier(answer: Exchange) -> str:
    """Return the identifier of a created resource: from the body, else from Location."""
    found = _text(answer, "_id")
    locations = answer.headers("location")
    if found or not locations:
        return found
    return urlsplit(locations[0]).path.rstrip("/").rpartition("/")[2]


def _text(answer: Exchange, name: str) -> str:
    value = answer.members.get(name)
    return value if isinstance(value, str) else ""


def _sent(answer: Exchange) -> tuple[str, frozenset[str]]:
    """Return the name and the scopes of the description that was sent."""
    members = object_of(parse_json(answer.request.body))
    name = members.get("name")
    return name if isinstance(name, str) else "", frozenset(
        strings_of(members.get("resource_scopes"))
    )
