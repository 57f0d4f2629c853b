"""A reference that uses its freedom differently is still conformant: the suite raises no alarm."""

import pytest

from uma_conformance.exploring.plan import Plan
from uma_conformance.exploring_matrix import searched
from uma_conformance.kill_matrix import UNMODIFIED, run_fault

pytestmark = pytest.mark.usefixtures("unmeasured")

FEATURES = (
    *("dynamic-registration", "interactive-claims", "pct", "refresh", "request_submitted"),
    *("revocation", "rpt-upgrade"),
)
VARIANTS: dict[str, dict[str, object]] = {
    **{feature: {"features": [feature]} for feature in FEATURES},
    "every feature": {"features": list(FEATURES), "withdrawal_ends_rpts": True},
    "no partial grants": {"partial_grants": False},
    "permissions end with their policies": {"withdrawal_ends_rpts": True},
    "RPTs are JWTs": {"rpt_format": "jwt"},
    "policies have pages": {"policy_uris": True},
    "permissions are licences": {"licences": True},
    **{
        f"need_info holds {hint} alone": {"features": ["interactive-claims"], "need_info": [hint]}
        for hint in ("required_claims", "redirect_user")
    },
}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_legal_variant_trips_nothing(name: str) -> None:
    kill = run_fault(UNMODIFIED, VARIANTS[name])
    assert kill.failed == frozenset()
    assert kill.faults_of_suite == ()


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", ["unmodified", *VARIANTS])
def test_nothing_breaks_while_exploring_a_legal_variant(name: str, seed: int) -> None:
    search = searched(UNMODIFIED, Plan(seed=seed, walks=15), VARIANTS.get(name))
    assert search.found == []
    assert (search.walked, search.unclear, search.left_behind) == (15, 0, 0)
