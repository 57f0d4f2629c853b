"""The words that all reports share, so that they say the same thing in the same way."""

from uma_reports.record import OriginKind, Outcome, Severity, Spec

SPEC_NAMES = {Spec.GRANT: "Grant", Spec.FEDAUTHZ: "FedAuthz"}
SPEC_TITLES = {
    Spec.GRANT: "UMA 2.0 Grant for OAuth 2.0 Authorization",
    Spec.FEDAUTHZ: "Federated Authorization for UMA 2.0",
}
OUTCOME_NAMES = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.CANT_TELL: "cannot tell",
    Outcome.INAPPLICABLE: "inapplicable",
    Outcome.UNTESTED: "untested",
}
OUTCOME_MEANINGS = {
    Outcome.PASSED: "seen to be met",
    Outcome.FAILED: "seen to be broken",
    Outcome.CANT_TELL: "a step that the judgement rests on did not work",
    Outcome.INAPPLICABLE: "needs a feature that the target neither declares nor shows",
    Outcome.UNTESTED: "not judged; the row says why",
}
ORIGIN_NAMES = {
    OriginKind.RECORDING: "the recording of a run",
    OriginKind.TRAFFIC: "the traffic of others",
}
SEVERITY_MEANINGS = {
    Severity.ERROR: "decides the claim",
    Severity.WARNING: "recommended, does not decide the claim",
    Severity.OBSERVATION: "permitted either way, recorded only",
}
_ROLE_NAMES = {
    "as": "an authorization server",
    "rs": "a resource server",
    "client": "a client",
    "ro": "a resource owner",
    "rqp": "a requesting party",
    "profile-author": "an author of a profile",
}


def role_name(role: str) -> str:
    """Return a role of UMA in words with its article; unknown roles stand for themselves."""
    return _ROLE_NAMES.get(role, f"“{role}”")


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, such as `1 row` or `2 rows`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def section_name(spec: Spec, section: str) -> str:
    """Return how a section is cited, such as `Grant 3.3.6`."""
    return f"{SPEC_NAMES[spec]} {section}"


def section_key(spec: Spec, section: str) -> tuple[int, list[tuple[int, int, str]]]:
    """Return the sort key of a section: the Grant first, then numbers as numbers."""
    parts = section.split(".")
    numbered = [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
    return list(Spec).index(spec), numbered
