"""Whether an act ended as it should: pure functions of the act and the stage's answer."""

from collections.abc import Iterator, Mapping

from uma_scenarios.model import Act, Ending, Scenario, Verb
from uma_scenarios.stage import Answer

Permitted = Mapping[str, frozenset[str]]


def problem_of(scenario: Scenario, act: Act, answer: Answer) -> str:
    """Return what is wrong with an answer, the first thing alone; empty when nothing is."""
    return next(_problems(scenario, act, answer), "")


def remark_of(act: Act, answer: Answer) -> str:
    """Return what is worth saying of an answer that is right, but not the one of the story."""
    if answer.ending is act.expect:
        return ""
    return f"the story has {act.expect} here; {answer.ending} is legal too"


def _problems(scenario: Scenario, act: Act, answer: Answer) -> Iterator[str]:
    if answer.ending not in act.endings:
        wanted = " or ".join(str(item) for item in (act.expect, *sorted(act.legal - {act.expect})))
        yield f"{wanted} was expected, {answer.ending} came ({answer.said})"
    yield from _forbidden(act, answer.permits or {})
    if answer.ending is not act.expect or answer.unseen:
        return
    yield from _wrong_permissions(act, answer.permits or {})
    if act.gives_pct is not None and act.gives_pct is not bool(answer.pct):
        yield "a PCT came, which must not be" if answer.pct else "no PCT came"
    if act.hints and answer.ending is Ending.NEED_INFO and not act.hints & answer.hints:
        yield f"need_info came without {' or '.join(sorted(act.hints))}"
    if act.verb is Verb.USE and answer.ending is Ending.SERVED and act.operation == "read":
        resource = scenario.resources[act.resource]
        if answer.document != resource.document:
            yield f"what was served as {resource.id} is not its document"


def _wrong_permissions(act: Act, found: Permitted) -> Iterator[str]:
    if act.permits is not None and _without_empty(found) != _without_empty(act.permits):
        yield f"the RPT permits {shown(found)}, not {shown(act.permits)}"
    for resource, scopes in act.at_least.items():
        if not scopes <= found.get(resource, frozenset()):
            yield f"the RPT permits {shown(found)}, and not {shown({resource: scopes})}"


def _forbidden(act: Act, found: Permitted) -> Iterator[str]:
    for resource, scopes in act.never.items():
        wrong = scopes & found.get(resource, frozenset())
        if wrong:
            yield f"the RPT permits {shown({resource: wrong})}, which must never be"


def shown(permitted: Permitted) -> str:
    """Put permissions into words."""
    given = _without_empty(permitted)
    parts = (f"{name} ({', '.join(sorted(scopes))})" for name, scopes in sorted(given.items()))
    return ", ".join(parts) or "nothing"


def _without_empty(permitted: Permitted) -> Permitted:
    return {name: scopes for name, scopes in permitted.items() if scopes}
