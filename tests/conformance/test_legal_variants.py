"""A reference that uses its freedom differently is still conformant: the suite raises no alarm."""

import pytest

from uma_conformance.kill_matrix import UNMODIFIED, run_fault

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
