"""Which optional features a target has: what it declares, and what the trace shows."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from uma_conformance.actors.client import TOKEN
from uma_conformance.trace import Evidence


class Standing(StrEnum):
    """How a feature stands for one target."""

    DECLARED = "declared"
    DISCOVERED = "discovered"
    NOT_DECLARED = "not declared"
    ABSENT = "declared, absent"


def standing(
    features: Iterable[str], declared: Mapping[str, bool], evidence: Evidence
) -> dict[str, Standing]:
    """Return how each feature stands.

    A feature that the target file rules out stays ruled out. One that is declared, that the trace
    would show, and that it does not show, is absent.
    """
    return {name: _standing(name, declared.get(name), evidence) for name in features}


def _standing(name: str, declared: bool | None, evidence: Evidence) -> Standing:  # noqa: FBT001 - three values: yes, no, not said
    sign = _SIGNS.get(name)
    seen = sign is not None and sign(evidence)
    if declared is None:
        return Standing.DISCOVERED if seen else Standing.NOT_DECLARED
    if not declared:
        return Standing.NOT_DECLARED
    return Standing.DECLARED if seen or sign is None else Standing.ABSENT


def _in_document(member: str) -> Callable[[Evidence], bool]:
    return lambda evidence: any(member in e.members for e in evidence.at("discovery"))


def _with_error(code: str) -> Callable[[Evidence], bool]:
    return lambda evidence: any(e.error == code for e in evidence.at(TOKEN))


def _in_success(member: str) -> Callable[[Evidence], bool]:
    return lambda evidence: any(e.succeeded and member in e.members for e in evidence.at(TOKEN))


def _required_claims(evidence: Evidence) -> bool:
    return any(
        e.error == "need_info" and "required_claims" in e.members for e in evidence.at(TOKEN)
    )


def _pushed_claims_helped(evidence: Evidence) -> bool:
    return any(e.succeeded and "claim_token" in e.form for e in evidence.at(TOKEN))


def _introspection(evidence: Evidence) -> bool:
    return _in_document("introspection_endpoint")(evidence)


def _policy_uri(evidence: Evidence) -> bool:
    return any("user_access_policy_uri" in e.members for e in evidence.at("resource registration"))


def _interactive(evidence: Evidence) -> bool:
    return _in_document("claims_interaction_endpoint")(evidence) or any(
        "redirect_user" in e.members for e in evidence.at(TOKEN)
    )


_SIGNS: Mapping[str, Callable[[Evidence], bool]] = {
    "claims-pushing": _pushed_claims_helped,
    "dynamic-registration": _in_document("registration_endpoint"),
    "interactive-claims": _interactive,
    "introspection": _introspection,
    "need_info": _with_error("need_info"),
    "pct": _in_success("pct"),
    "refresh": _in_success("refresh_token"),
    "request_submitted": _with_error("request_submitted"),
    "required-claims": _required_claims,
    "revocation": _in_document("revocation_endpoint"),
    "rpt-upgrade": lambda evidence: any(
        e.members.get("upgraded") is True for e in evidence.at(TOKEN)
    ),
    "static-claims-endpoint": _in_document("claims_interaction_endpoint"),
    "uma-profiles": _in_document("uma_profiles_supported"),
    "user-access-policy-uri": _policy_uri,
}
