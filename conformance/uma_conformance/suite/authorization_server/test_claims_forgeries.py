"""Cross-site requests to the claims interaction endpoint (Grant 5.1).

What counts is whether the claims of a requesting party were used without her: whether the ticket of
a forged visit gives what only she may have. How the endpoint protects itself is its own matter.
"""

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes import forgeries

_FORGERIES = ("forged from another session", "forged without its values")


def _control(judge: Judge) -> None:
    control = judge.exchange("control used")
    judge.control(control.succeeded, f"a visit of her own: {control.outline}", control)


@check("G-5.1-01", probe=forgeries.forged)
def test_forms_of_other_sites_have_no_effect(judge: Judge) -> None:
    """A form that an attacker's page sends does not give the claims of who happens to be there."""
    _control(judge)
    for label in _FORGERIES:
        forged = judge.exchange(label)
        used = f"{label}, used"
        granted = judge.has(used) and judge.exchange(used).succeeded
        seen = f"{label}: an RPT was issued on claims that a form of another site gave away"
        judge.require("G-5.1-01", not granted, seen, forged)


@check("G-5.1-02", probe=forgeries.lured)
def test_claims_are_not_given_without_the_party(judge: Judge) -> None:
    """To be led to the claims page is not enough to give claims to a client she does not know."""
    _control(judge)
    lured = judge.exchange("lured")
    granted = judge.has("lured used") and judge.exchange("lured used").succeeded
    seen = "an RPT was issued on claims of a requesting party who did nothing"
    judge.require("G-5.1-02", not granted, seen, lured)
