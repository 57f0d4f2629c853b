"""Steps in plain words, for people who read a counterexample."""

from collections.abc import Callable, Iterable, Mapping

from uma_conformance.exploring.steps import Action, Step, Taken


def said(step: Step) -> str:
    """Say what is done in a step."""
    return _SAID[step.action](step)


def _visit(step: Step) -> str:
    wish = " and agrees to be remembered" if step.remember else ""
    place = f"{step.party} comes to the claims page with {_ticket(step.ticket)}"
    return f"{place} for {step.client}{wish}; {step.result} is what comes back"


def _redeem(step: Step) -> str:
    beside = [f"the claims of {step.party}"] if step.party else []
    beside += [f"the RPT of {step.rpt}"] if step.rpt else []
    beside += [f"the PCT of {step.pct}"] if step.pct else []
    together = f" with {', '.join(beside)}" if beside else ""
    return f"{step.client} presents {_ticket(step.ticket)}{together}: {step.result}"


def _allow(step: Step) -> str:
    how = ", who has to visit the claims page," if step.by_visit else ""
    allowed = " and ".join(step.scopes)
    return f"The owner allows {step.party}{how} to {allowed} {step.resource}, and no more"


def _ask(step: Step) -> str:
    parts = [f"{_scopes(found)} of {name}" for name, found in step.wanted.items()]
    return f"Ask for {step.result}: {'; '.join(parts)}"


def outcome(taken: Taken) -> str:
    """Say in a few words what came of a step."""
    return taken.exchange.outline if taken.exchange else "done"


def _ticket(name: str) -> str:
    return f"the ticket of {name}" if name.startswith("answer") else name


def _scopes(scopes: Iterable[str]) -> str:
    found = " and ".join(scopes)
    return f"scopes {found}" if found else "no scopes"


_SAID: Mapping[Action, Callable[[Step], str]] = {
    Action.REGISTER: lambda s: f"Register {s.result} of {s.owner} with {_scopes(s.scopes)}",
    Action.READ: lambda s: f"Read the description of {s.resource}",
    Action.UPDATE: lambda s: f"Replace the description of {s.resource}: {_scopes(s.scopes)}",
    Action.DELETE: lambda s: f"Deregister {s.resource}",
    Action.LIST: lambda s: f"List the resources of {s.owner}",
    Action.ALLOW: _allow,
    Action.WITHDRAW: lambda s: f"The owner withdraws all policies of {s.resource}",
    Action.ASK: _ask,
    Action.VISIT: _visit,
    Action.REDEEM: _redeem,
    Action.INTROSPECT: lambda s: f"Introspect the RPT of {s.answer}",
    Action.REFRESH: lambda s: f"Refresh the RPT of {s.answer}: {s.result}",
    Action.REVOKE: lambda s: f"Revoke the {s.kind} of {s.answer}",
}
