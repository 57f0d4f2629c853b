"""Making a counterexample short and plain: steps are left out, and what is left made simpler.

What the last step rests on is tried first: where that is enough, a slow target is asked little.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from uma_conformance.drivers.protocol import CLIENT, OTHER_CLIENT, OTHER_PARTY, OWNER, PARTY
from uma_conformance.exploring.steps import Action, Step

Steps = tuple[Step, ...]
_CHANGES = frozenset({Action.UPDATE, Action.DELETE, Action.ALLOW, Action.WITHDRAW})


def shortened(steps: Steps, attempt: Callable[[Steps], Steps | None]) -> Steps:
    """Return the shortest walk that is found; `attempt` returns what was done of one that breaks.

    It returns None for a walk that does not break the same any more.
    """
    best = _without_parts(attempt(_basis(steps)) or steps, attempt)
    for simpler in _simpler(best):
        found = attempt(simpler(best))
        best = found if found is not None and len(found) <= len(best) else best
    return renamed(_without_parts(best, attempt))


def _basis(steps: Steps) -> Steps:
    """Return the last step, all that it rests on, and what was done to those resources."""
    wanted, found = _names(steps[-1]), [steps[-1]]
    for step in reversed(steps[:-1]):
        if step.result in wanted or (step.action in _CHANGES and step.resource in wanted):
            wanted |= _names(step)
            found.append(step)
    return tuple(reversed(found))


def _names(step: Step) -> set[str]:
    told = {step.resource, step.ticket, step.answer, step.rpt, step.pct, *step.wanted}
    return told - {""}


def _without_parts(steps: Steps, attempt: Callable[[Steps], Steps | None]) -> Steps:
    best = steps
    size = max(len(best) // 2, 1)
    while size:
        # The last step is the one that breaks.
        at = len(best) - 1 - size
        while at >= 0:
            found = attempt(best[:at] + best[at + size :])
            if found is not None and len(found) < len(best):
                best = found
                at = min(at, len(best) - 1) - size
            else:
                at -= size
        size //= 2
    return best


def _simpler(steps: Steps) -> Iterator[Callable[[Steps], Steps]]:
    """Yield ways to make a walk plainer, of each step by itself and of all together."""
    yield lambda walk: tuple(_with_party(step, OTHER_PARTY, PARTY) for step in walk)
    yield lambda walk: tuple(_with_client(step, OTHER_CLIENT, CLIENT) for step in walk)
    yield lambda walk: tuple(replace(step, owner=OWNER) for step in walk)
    yield lambda walk: tuple(_with_scopes(step, ("view",)) for step in walk)
    for place, step in enumerate(steps):
        for change in _changes(step):
            yield partial(_changed, place=place, change=change)


def _changes(step: Step) -> Iterator[Callable[[Step], Step]]:
    if step.rpt:
        yield lambda one: replace(one, rpt="")
    if step.pct:
        yield lambda one: replace(one, pct="")
    if step.party and step.action is Action.REDEEM:
        yield lambda one: replace(one, party="")
    if step.remember:
        yield lambda one: replace(one, remember=False)
    if step.by_visit:
        yield lambda one: replace(one, by_visit=False)
    if len(step.scopes) > 1 or any(len(scopes) > 1 for scopes in step.wanted.values()):
        yield lambda one: _with_scopes(one, ("view",))
    for name in step.wanted if len(step.wanted) > 1 else ():
        yield partial(_without, name=name)


def _without(step: Step, name: str) -> Step:
    wanted = {key: scopes for key, scopes in step.wanted.items() if key != name}
    return replace(step, wanted=wanted)


def _changed(walk: Steps, place: int, change: Callable[[Step], Step]) -> Steps:
    return tuple(change(step) if at == place else step for at, step in enumerate(walk))


def _with_party(step: Step, old: str, new: str) -> Step:
    return replace(step, party=new) if step.party == old else step


def _with_client(step: Step, old: str, new: str) -> Step:
    return replace(step, client=new) if step.client == old else step


def _with_scopes(step: Step, scopes: tuple[str, ...]) -> Step:
    wanted = {name: scopes if found else found for name, found in step.wanted.items()}
    return replace(step, scopes=scopes if step.scopes else (), wanted=wanted)


def renamed(steps: Sequence[Step]) -> Steps:
    """Return the steps with the things in them numbered in the order in which they come."""
    names: dict[str, str] = {"": ""}
    counts: dict[str, int] = {}
    found: list[Step] = []
    for step in steps:
        kind = step.result.rpartition(" ")[0]
        if step.result and step.result not in names:
            counts[kind] = counts.get(kind, 0) + 1
            names[step.result] = f"{kind} {counts[kind]}"
        found.append(
            replace(
                step,
                result=names[step.result],
                resource=names[step.resource],
                ticket=names[step.ticket],
                answer=names[step.answer],
                rpt=names[step.rpt],
                pct=names[step.pct],
                wanted={names[name]: scopes for name, scopes in step.wanted.items()},
            )
        )
    return tuple(found)
