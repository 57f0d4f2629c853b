"""Steps in plain words, for people who read a counterexample."""

from collections.abc import Iterable

from uma_conformance.exploring.steps import Action, Step, Taken


def said(step: Step) -> str:
    """Say what is done in a step."""
    match step.action:
        case Action.REGISTER:
            return f"Register {step.result} of {step.owner} with {_scopes(step.scopes)}"
        case Action.READ:
            return f"Read the description of {step.resource}"
        case Action.UPDATE:
            return f"Replace the description of {step.resource}: {_scopes(step.scopes)}"
        case Action.DELETE:
            return f"Deregister {step.resource}"
        case Action.LIST:
            return f"List the resources of {step.owner}"
        case Action.ALLOW:
            how = ", who has to visit the claims page," if step.by_visit else ""
            allowed = " and ".join(step.scopes)
            return f"The owner allows {step.party}{how} to {allowed} {step.resource}, and no more"
        case Action.WITHDRAW:
            return f"The owner withdraws all policies of {step.resource}"
        case Action.ASK:
            parts = [f"{_scopes(found)} of {name}" for name, found in step.wanted.items()]
            return f"Ask for {step.result}: {'; '.join(parts)}"
        case _:
            return _of_tokens(step)


def _of_tokens(step: Step) -> str:
    match step.action:
        case Action.VISIT:
            wish = " and agrees to be remembered" if step.remember else ""
            place = f"{step.party} comes to the claims page with {_ticket(step.ticket)}"
            return f"{place} for {step.client}{wish}; {step.result} is what comes back"
        case Action.REDEEM:
            beside = [f"the claims of {step.party}"] if step.party else []
            beside += [f"the RPT of {step.rpt}"] if step.rpt else []
            beside += [f"the PCT of {step.pct}"] if step.pct else []
            together = f" with {', '.join(beside)}" if beside else ""
            ticket = _ticket(step.ticket)
            return f"{step.client} presents {ticket}{together}: {step.result}"
        case Action.INTROSPECT:
            return f"Introspect the RPT of {step.answer}"
        case Action.REFRESH:
            return f"Refresh the RPT of {step.answer}: {step.result}"
        case _:
            return f"Revoke the {step.kind} of {step.answer}"


def outcome(taken: Taken) -> str:
    """Say in a few words what came of a step."""
    return taken.exchange.outline if taken.exchange else "done"


def _ticket(name: str) -> str:
    return f"the ticket of {name}" if name.startswith("answer") else name


def _scopes(scopes: Iterable[str]) -> str:
    found = " and ".join(scopes)
    return f"scopes {found}" if found else "no scopes"
