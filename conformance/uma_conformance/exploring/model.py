"""The model: what the specifications promise of a walk, as a function of its recorded steps.

It is never tighter than they are: where they leave something open, every answer is taken, and what
follows from it is open as well.
"""

from collections.abc import Iterable, Iterator

from uma_conformance.exploring.granting import judge_redeeming, judge_refreshing, judge_visit
from uma_conformance.exploring.looking import judge_introspection, judge_revocation
from uma_conformance.exploring.protection import judge_asking, judge_policy, judge_resource
from uma_conformance.exploring.state import Violation, World
from uma_conformance.exploring.steps import Action, Taken
from uma_conformance.trace import Exchange

_POLICIES = frozenset({Action.ALLOW, Action.WITHDRAW})
_RESOURCES = frozenset({Action.REGISTER, Action.READ, Action.UPDATE, Action.DELETE, Action.LIST})


def take(world: World, taken: Taken) -> tuple[Violation, ...]:
    """Take one step: return what it breaks, and learn from it."""
    step, answer = taken.step, taken.exchange
    if world.lost:
        return ()
    if step.action in _POLICIES:
        judge_policy(world, step)
        return ()
    if answer is None or not _is_clear(step.action, answer):
        world.lost = True
        return ()
    return tuple(_judged(world, taken, answer))


def _judged(world: World, taken: Taken, answer: Exchange) -> Iterator[Violation]:
    step = taken.step
    if step.action in _RESOURCES:
        yield from judge_resource(world, step, answer)
        return
    match step.action:
        case Action.ASK:
            yield from judge_asking(world, taken, answer)
        case Action.VISIT:
            yield from judge_visit(world, taken)
        case Action.REDEEM:
            yield from judge_redeeming(world, taken, answer)
        case Action.INTROSPECT:
            yield from judge_introspection(world, taken, answer)
        case Action.REFRESH:
            yield from judge_refreshing(world, taken, answer)
        case _:
            judge_revocation(world, step, answer)


def _is_clear(action: Action, answer: Exchange) -> bool:
    """Tell whether an answer is one of the protocol: an outage says nothing about a row."""
    unclear = {0, 401, 429}
    if action in _RESOURCES or action is Action.ASK:
        unclear |= {403}
    return answer.status not in unclear and answer.status < 500


def broken(walk: Iterable[Taken]) -> tuple[tuple[int, Violation], ...]:
    """Return what a walk breaks, with the place of each step in it.

    It ends with a break after which the model does not know any more what a target that goes wrong
    still has to do.
    """
    world, found = World(), list[tuple[int, Violation]]()
    for place, taken in enumerate(walk):
        here = take(world, taken)
        found += ((place, violation) for violation in here)
        if not all(violation.bearable for violation in here):
            break
    return tuple(found)
