"""Making walks short: what is tried first, and what is left."""

from uma_conformance.exploring.shortening import Steps, shortened
from uma_conformance.exploring.steps import Action, Step


def _register(number: int) -> Step:
    return Step(Action.REGISTER, f"resource {number}", scopes=("view",))


def _long_walk() -> Steps:
    others = tuple(map(_register, range(2, 30)))
    changed = (
        Step(Action.ALLOW, resource="resource 1", party="bob", scopes=("view",)),
        Step(Action.ASK, "ticket 1", wanted={"resource 1": ("view",)}),
        Step(Action.REDEEM, "answer 1", ticket="ticket 1", client="app", party="bob"),
    )
    return (_register(1), *others, *changed, *map(_register, range(30, 60)))


def test_what_the_last_step_rests_on_is_tried_first() -> None:
    tried: list[Steps] = []

    def attempt(steps: Steps) -> Steps | None:
        tried.append(steps)
        return steps if tried[0] == steps else None

    walk = (*_long_walk(), Step(Action.INTROSPECT, answer="answer 1"))
    found = shortened(walk, attempt)
    assert found == tried[0]
    assert [step.action for step in found] == [
        *(Action.REGISTER, Action.ALLOW, Action.ASK, Action.REDEEM, Action.INTROSPECT),
    ]
    assert len(tried) < 20


def test_where_that_is_not_enough_steps_are_left_out_of_the_whole() -> None:
    def attempt(steps: Steps) -> Steps | None:
        known = {step.result for step in steps}
        rests = (known >= {step.resource, step.ticket, *step.wanted} - {""} for step in steps)
        return steps if "resource 17" in known and all(rests) else None

    found = shortened((*_long_walk(), Step(Action.LIST)), attempt)
    assert [step.action for step in found] == [Action.REGISTER, Action.LIST]
