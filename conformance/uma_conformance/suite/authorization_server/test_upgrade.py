"""RPT upgrades (Grant 3.3.1, 3.3.5.1)."""

from dataclasses import dataclass

from uma_conformance.checks import check
from uma_conformance.judge import Judge, Open
from uma_conformance.outcome import Outcome
from uma_conformance.probes import tokens, upgrade
from uma_conformance.trace import Exchange


@dataclass(frozen=True, slots=True)
class _Round:
    """A request with a good RPT: what the answer said, and what the new RPT permits."""

    name: str
    answer: Exchange
    told: bool
    carried: bool

    @property
    def upgraded(self) -> bool:
        return self.told or self.carried


def _rounds(judge: Judge) -> list[_Round]:
    """Return what came of each request; the check ends here if the server does not upgrade."""
    facts = judge.episode().facts
    # A server that grants more than is asked for has not carried anything over.
    anyway = facts.get("granted anyway") is not False
    found: list[_Round] = []
    for name in upgrade.ROUNDS:
        answer = judge.exchange(f"{name}: new")
        judge.control(answer.succeeded, f"a request with rpt: {answer.outline}", answer)
        granted = f"{name}: granted"
        held = judge.permissions(granted) if granted in facts else {}
        carried = not anyway and judge.text(f"{name}: of the old") in held
        found.append(_Round(name, answer, answer.members.get("upgraded") is True, carried))
    if not any(item.upgraded for item in found):
        raise Open(Outcome.INAPPLICABLE, "no RPT that came with a request was upgraded")
    return found


def _known(judge: Judge) -> bool:
    """Tell whether the target says of itself that it upgrades RPTs.

    Of one that does not say so, only the upgrades that it does are judged.
    """
    return judge.declaration.features.get("rpt-upgrade") is True


@check("G-3.3.1-21", probe=tokens.upgrade)
def test_a_good_rpt_does_no_harm(judge: Judge) -> None:
    """A request that is granted without rpt is granted with a good one, too."""
    answer, control = judge.exchange("with the first RPT"), judge.exchange("without the first RPT")
    judge.control(control.succeeded, f"the same request without rpt: {control.outline}", control)
    seen = f"with a good RPT the request was refused: {answer.outline}"
    judge.require("G-3.3.1-21", answer.succeeded, seen, answer, control)


@check("G-3.3.5.1-03", probe=upgrade.repeated)
def test_upgrades_are_consistent(judge: Judge) -> None:
    """The same kind of request either always upgrades the RPT or never does."""
    rounds = _rounds(judge)
    times = sum(item.upgraded for item in rounds)
    seen = f"{times} of {len(rounds)} requests of the same kind upgraded the RPT"
    consistent = times == len(rounds)
    judge.require("G-3.3.5.1-03", consistent, seen, *(item.answer for item in rounds))


@check("G-3.3.5.1-04", probe=upgrade.repeated)
def test_an_upgraded_rpt_holds_the_old_permissions(judge: Judge) -> None:
    """On a server that upgrades, the new RPT permits what the old one did."""
    rounds = [item for item in _rounds(judge) if item.told or _known(judge)]
    if not rounds:
        judge.inapplicable("G-3.3.5.1-04", "no answer said that the RPT was upgraded")
    for item in rounds:
        before = judge.permissions(f"{item.name}: before")
        held = judge.permissions(f"{item.name}: granted")
        lost = [r for r, scopes in before.items() if scopes - held.get(r, frozenset())]
        seen = "an upgraded RPT does not permit what the one before it did"
        judge.require("G-3.3.5.1-04", not lost and before.keys() <= held.keys(), seen, item.answer)


@check("G-3.3.5.1-05", probe=upgrade.repeated)
def test_upgraded_is_true(judge: Judge) -> None:
    """On a server that upgrades, a success for a request with a good RPT has upgraded true."""
    for item in (item for item in _rounds(judge) if item.upgraded or _known(judge)):
        value = item.answer.members.get("upgraded")
        seen = f"upgraded is {value!r} on a server that upgrades RPTs, true expected"
        judge.require("G-3.3.5.1-05", item.told, seen, item.answer)


@check("G-3.3.5.1-06", probe=upgrade.repeated)
def test_the_upgraded_rpt_ends(judge: Judge) -> None:
    """The RPT that was upgraded is not active any more, unless it is the same string."""
    row = "G-3.3.5.1-06"
    upgraded = [item for item in _rounds(judge) if item.upgraded]
    fresh = [i for i in upgraded if judge.fact(f"{i.name}: same string") is not True]
    if not fresh:
        judge.inapplicable(row, "an upgraded RPT is the same string as before")
    for item in fresh:
        active = judge.fact(f"{item.name}: old active")
        if not isinstance(active, bool):
            judge.cant_tell(row, "introspection did not say whether the old RPT is active")
            continue
        seen = "the RPT that was upgraded to another string is still active"
        judge.require(row, not active, seen, item.answer)


@check("G-3.3.1-20", probe=upgrade.expired)
def test_an_expired_rpt_does_no_harm(judge: Judge) -> None:
    """A request that is granted by itself is granted beside an expired RPT as well."""
    control, answer = judge.exchange("control"), judge.exchange("expired")
    judge.control(control.succeeded, f"the request without rpt: {control.outline}", control)
    seen = f"the same request with an expired RPT: {answer.outline}"
    judge.require("G-3.3.1-20", answer.succeeded, seen, control, answer)
