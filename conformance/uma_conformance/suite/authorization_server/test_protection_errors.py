"""Errors of the protection API for requests that were authenticated (FedAuthz 6)."""

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes import permission, registration
from uma_conformance.trace import Exchange


def _errors(judge: Judge) -> list[Exchange]:
    return [
        exchange
        for exchange in judge.evidence.at("permission")
        if 400 <= exchange.status < 500 and exchange.status not in {401, 403, 405}
    ]


@check("F-6-01", "F-6-02", "F-6-03", "F-6-05", "F-6-07", probe=permission.refusals)
def test_errors_have_the_specified_form(judge: Judge) -> None:
    """Every error of the permission endpoint is a JSON object with the specified members."""
    control = judge.exchange("control")
    judge.control(control.succeeded, f"a good request: {control.outline}", control)
    found = _errors(judge)
    if not found:
        for row in ("F-6-01", "F-6-02", "F-6-03", "F-6-05", "F-6-07"):
            judge.inapplicable(row, "the permission endpoint never refused anything")
        return
    for answer in found:
        is_json = answer.media_type == "application/json" and bool(answer.members)
        seen = f"an error came as {answer.media_type or 'no media type'}, no JSON object"
        judge.require("F-6-01", is_json, seen, answer)
        error = answer.members.get("error")
        judge.require("F-6-02", error is not None, "an error without the member error", answer)
        _require_code(judge, answer)
        _require_text(judge, "F-6-05", "error_description", answer)
        _require_text(judge, "F-6-07", "error_uri", answer)


@check("F-6-03", "F-6-05", "F-6-07", probe=registration.lifecycle, whole_trace=True)
def test_errors_of_registration_have_the_specified_form(judge: Judge) -> None:
    """An error of the registration endpoint may be empty; what it says is of the same form."""
    judge.exchange("create")
    found = [
        exchange
        for exchange in judge.evidence.at("resource registration")
        if 400 <= exchange.status < 500 and exchange.status not in {401, 403} and exchange.members
    ]
    for answer in found:
        _require_code(judge, answer)
        _require_text(judge, "F-6-05", "error_description", answer)
        _require_text(judge, "F-6-07", "error_uri", answer)
    if not found:
        for row in ("F-6-03", "F-6-05", "F-6-07"):
            judge.inapplicable(row, "the registration endpoint refused nothing in words")


def _require_code(judge: Judge, answer: Exchange) -> None:
    error = answer.members.get("error")
    single = error is None or (isinstance(error, str) and bool(error) and " " not in error)
    judge.require("F-6-03", single, f"error is {error!r}, one code expected", answer)


def _require_text(judge: Judge, row: str, name: str, answer: Exchange) -> None:
    value = answer.members.get(name, "")
    text = value if isinstance(value, str) else None
    fits = text is not None
    if text and name == "error_uri":
        fits = ":" in text and not set(text) & set(" <>")
    judge.require(row, fits, f"{name} is {value!r}", answer)
