"""Tickets that are presented at the same moment (Grant 5.5)."""

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes.security import races


@check("SEC-RACE-01", probe=races.redeemed)
def test_one_ticket_wins_once(judge: Judge) -> None:
    """Of many presentations of a ticket at once, at most one gives an RPT.

    Where tickets can be used again anyhow, there is no race to win, and UMA itself judges that.
    """
    for label in ("control", "control afterwards"):
        control = judge.exchange(label)
        judge.control(control.succeeded, f"a fresh ticket: {control.outline}", control)
    if judge.exchange("one after the other").succeeded:
        reason = "tickets can be used again, one after the other; G-5.5-02 judges that"
        judge.inapplicable("SEC-RACE-01", reason)
        return
    for number in range(1, races.ROUNDS + 1):
        labels = [f"round {number}: {at}" for at in range(1, races.AT_ONCE + 1)]
        answered = [judge.exchange(label) for label in labels if judge.has(label)]
        judge.control(len(answered) > 1, "fewer than two presentations were answered", *answered)
        won = [item for item in answered if item.succeeded]
        seen = f"{len(won)} of {len(answered)} presentations of a ticket at once got an RPT"
        judge.require("SEC-RACE-01", len(won) <= 1, seen, *(won or answered[:1]))
