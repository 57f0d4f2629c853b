"""Answers of the token endpoint: their form and status (Grant 3.3.5, 3.3.6)."""

from uma_conformance.actors.client import TOKEN, UMA_GRANT
from uma_conformance.checks import check
from uma_conformance.jsonvalue import array_of, is_array, object_of
from uma_conformance.judge import Judge
from uma_conformance.legible import repeated
from uma_conformance.probes import assessment, claims, tickets, tokens
from uma_conformance.trace import Exchange
from uma_schemas import violations

_ASSESSED = frozenset({"need_info", "request_denied", "request_submitted"})
_OAUTH_STATUSES = {
    "invalid_request": (400,),
    "unauthorized_client": (400,),
    "unsupported_grant_type": (400,),
    "invalid_client": (400, 401),
}
_CODES = "need_info, request_denied or request_submitted"


def _uma_answers(judge: Judge) -> list[Exchange]:
    return [e for e in judge.evidence.at(TOKEN) if e.form.get("grant_type") == UMA_GRANT]


def _with_error(judge: Judge, code: str) -> list[Exchange]:
    return [answer for answer in _uma_answers(judge) if answer.error == code]


@check("G-3.3.5-02", probe=tokens.granted)
def test_success_has_the_form_of_oauth(judge: Judge) -> None:
    """Success is status 200 and a JSON object with access_token and token_type, each once."""
    answer = judge.exchange("granted")
    judge.control(answer.succeeded, f"a request that is allowed: {answer.outline}", answer)
    row = "G-3.3.5-02"
    judge.require(row, answer.status == 200, f"status {answer.status}, 200 expected", answer)
    seen = f"it came as {answer.media_type or 'no media type'}, application/json expected"
    judge.require(row, answer.media_type == "application/json", seen, answer)
    message: object = answer.json if answer.members else dict(answer.members)
    # The member `upgraded` is UMA's own; G-3.3.5-12 judges it.
    found = [item for item in violations("token-success", message) if item.path != "/upgraded"]
    listed = "; ".join(f"{item.path or '/'} {item.message}" for item in found)
    judge.require(row, not found, f"the token response is not of the form: {listed}", answer)
    _require_once(judge, row, answer)


def _require_once(judge: Judge, row: str, answer: Exchange) -> None:
    """Fail a row where a parameter of an answer stands twice (RFC 6749 section 3.2)."""
    twice = repeated(answer)
    judge.require(row, not twice, f"{', '.join(twice)} stands twice in the answer", answer)


def _directives(answer: Exchange, name: str) -> set[str]:
    listed = ",".join(answer.headers(name)).lower().split(",")
    return {directive.partition("=")[0].strip() for directive in listed}


@check("G-3.3.5-03", probe=tokens.granted, whole_trace=True)
def test_success_is_not_cached(judge: Judge) -> None:
    """A token response forbids caches to keep it; so should an error that has a ticket."""
    answer = judge.exchange("granted")
    judge.control(answer.succeeded, f"a request that is allowed: {answer.outline}", answer)
    seen = f"Cache-Control is {','.join(answer.headers('cache-control'))!r}, no-store expected"
    judge.require("G-3.3.5-03", "no-store" in _directives(answer, "cache-control"), seen, answer)
    if "no-cache" not in _directives(answer, "pragma"):
        judge.remark("G-3.3.5-03", "Pragma: no-cache is missing (RFC 6749 section 5.1)", answer)
    for other in _uma_answers(judge):
        kept = "no-store" not in _directives(other, "cache-control")
        if kept and not other.succeeded and "ticket" in other.members:
            seen = f"{other.error} has a ticket, and no Cache-Control: no-store"
            judge.remark("G-3.3.5-03", seen, other)


@check("G-3.3.5-17", probe=tokens.granted)
def test_success_has_no_scope(judge: Judge) -> None:
    """A token response for an RPT has no scope member."""
    answer = judge.exchange("granted")
    judge.control(answer.succeeded, f"a request that is allowed: {answer.outline}", answer)
    seen = "the token response has a scope member"
    judge.require("G-3.3.5-17", "scope" not in answer.members, seen, answer)


@check("G-3.3.5-12", probe=tokens.granted, whole_trace=True)
def test_upgraded_is_a_boolean(judge: Judge) -> None:
    """Wherever a token response has the member upgraded, it is true or false."""
    judge.exchange("granted")
    found = [e for e in _uma_answers(judge) if e.succeeded and "upgraded" in e.members]
    if not found:
        judge.inapplicable("G-3.3.5-12", "no token response had the member upgraded")
    for answer in found:
        value = answer.members["upgraded"]
        seen = f"upgraded is {value!r}, true or false expected"
        judge.require("G-3.3.5-12", isinstance(value, bool), seen, answer)


@check("G-3.3.5-13", probe=tokens.upgrade)
def test_an_upgrade_is_told(judge: Judge) -> None:
    """An RPT that holds permissions of the one that was sent comes with upgraded true."""
    first, second = judge.exchange("first"), judge.exchange("with the first RPT")
    judge.control(second.succeeded, f"a request with rpt: {second.outline}", second)
    old = judge.text("of the first")
    # A server that grants more than is asked for has not carried anything over.
    anyway = old in judge.permissions("granted without it")
    if anyway or old not in judge.permissions("second granted"):
        judge.inapplicable("G-3.3.5-13", "the new RPT holds nothing of the one that was sent")
        return
    told = second.members.get("upgraded") is True
    seen = "the new RPT holds permissions of the one that was sent, and upgraded is not true"
    judge.require("G-3.3.5-13", told, seen, first, second)


@check("G-3.3.6-47", probe=tokens.parameters, whole_trace=True)
def test_errors_of_oauth_keep_their_status(judge: Judge) -> None:
    """The errors that OAuth 2.0 defines have status 400; invalid_client may have 401."""
    judge.exchange("control")
    found = [answer for answer in _uma_answers(judge) if answer.error in _OAUTH_STATUSES]
    if not found:
        judge.inapplicable("G-3.3.6-47", "none of the errors of OAuth 2.0 came")
    for answer in found:
        statuses = _OAUTH_STATUSES[answer.error]
        seen = f"{answer.outline}, {' or '.join(map(str, statuses))} expected"
        judge.require("G-3.3.6-47", answer.status in statuses, seen, answer)


@check("G-1.3.1-01", probe=(tokens.granted, tokens.parameters), whole_trace=True)
def test_every_answer_is_success_or_error(judge: Judge) -> None:
    """Every answer is either 200 with an RPT or an error with its code, never both."""
    judge.exchange("granted")
    for answer in _uma_answers(judge):
        success = answer.status == 200 and "access_token" in answer.members
        failure = answer.status >= 400 and bool(answer.error)
        both = "access_token" in answer.members and "error" in answer.members
        seen = f"{answer.outline}: neither an RPT nor an error, or both"
        judge.require("G-1.3.1-01", (success or failure) and not both, seen, answer)


@check("G-3.3.6-01", probe=(tickets.unknown, assessment.refused), whole_trace=True)
def test_every_error_has_the_form_of_oauth(judge: Judge) -> None:
    """Every failure is a JSON object with a string error, and no server error."""
    judge.exchange("random")
    for answer in _uma_answers(judge):
        if answer.succeeded:
            continue
        is_json = answer.media_type == "application/json" and bool(answer.error)
        kind = answer.media_type or "no media type"
        seen = f"{answer.outline} as {kind}: no JSON object with an error code"
        judge.require("G-3.3.6-01", is_json and 400 <= answer.status < 500, seen, answer)
        told = answer.members.get("error_description", "")
        seen = f"error_description is {told!r}, text expected"
        judge.require("G-3.3.6-01", isinstance(told, str), seen, answer)
        _require_once(judge, "G-3.3.6-01", answer)


@check("G-3.3.6-35", probe=assessment.refused)
def test_a_denial_has_an_assessed_code(judge: Judge) -> None:
    """A party without a policy is refused with one of the codes of the assessment."""
    control = judge.exchange("control")
    judge.control(control.succeeded, f"a party with a policy: {control.outline}", control)
    row = "G-3.3.6-35"
    labels = ["refused", *([assessment.FOR_GOOD] if judge.has(assessment.FOR_GOOD) else [])]
    for answer in map(judge.exchange, labels):
        seen = "a party whom no policy concerns got an RPT"
        if judge.require(row, not answer.succeeded, seen, answer, control):
            told = answer.members.get("error_description", "no description")
            seen = f"a refusal has error {answer.error!r} ({told}), {_CODES} expected"
            judge.require(row, answer.error in _ASSESSED, seen, answer, control)


@check("G-3.3.6-36", probe=assessment.refused, whole_trace=True)
def test_request_denied_is_403(judge: Judge) -> None:
    """request_denied goes with status 403."""
    judge.exchange("refused")
    _require_status(judge, "G-3.3.6-36", "request_denied", 403)


@check("G-3.3.6-09", probe=claims.need_info, whole_trace=True)
def test_need_info_is_403(judge: Judge) -> None:
    """need_info goes with status 403."""
    _require_status(judge, "G-3.3.6-09", "need_info", 403)


def _with_need_info(judge: Judge) -> list[Exchange]:
    """Return the need_info answers; without any, the check goes on only if one was possible."""
    found = _with_error(judge, "need_info")
    if not found:
        judge.exchange("asked")
    return found


def _require_status(judge: Judge, row: str, code: str, status: int) -> None:
    found = _with_need_info(judge) if code == "need_info" else _with_error(judge, code)
    if not found:
        judge.inapplicable(row, f"the server never answered with {code}")
    for answer in found:
        seen = f"{code} came with status {answer.status}, {status} expected"
        judge.require(row, answer.status == status, seen, answer)


@check("G-3.3.6-10", "G-3.3.6-12", "G-3.3.6-11", probe=claims.need_info, whole_trace=True)
def test_need_info_tells_how_to_go_on(judge: Judge) -> None:
    """need_info has a ticket, and hints of at least one kind."""
    found = _with_need_info(judge)
    for answer in found:
        ticket = answer.members.get("ticket")
        for row in ("G-3.3.6-10", "G-3.3.6-12"):
            there = isinstance(ticket, str) and bool(ticket)
            judge.require(row, there, "need_info came without a ticket", answer)
        hints = {"required_claims", "redirect_user"} & answer.members.keys()
        seen = "need_info came with neither required_claims nor redirect_user"
        judge.require("G-3.3.6-11", bool(hints), seen, answer)
    if not found:
        for row in ("G-3.3.6-10", "G-3.3.6-12", "G-3.3.6-11"):
            judge.inapplicable(row, "the server never answered with need_info")


@check("G-3.3.6-14", probe=claims.need_info, whole_trace=True)
def test_need_info_rotates_the_ticket(judge: Judge) -> None:
    """The ticket of need_info is not the one that was presented."""
    found = [e for e in _with_need_info(judge) if e.members.get("ticket")]
    if not found:
        judge.inapplicable("G-3.3.6-14", "the server never gave a ticket with need_info")
    for answer in found:
        fresh = answer.members.get("ticket") != answer.form.get("ticket")
        judge.require("G-3.3.6-14", fresh, "need_info gave the same ticket back", answer)


_MEMBERS = {
    "G-3.3.6-17": ("claim_token_format", "an array of strings"),
    "G-3.3.6-21": ("claim_type", "a string"),
    "G-3.3.6-24": ("friendly_name", "a string"),
    "G-3.3.6-26": ("issuer", "an array of strings"),
    "G-3.3.6-31": ("name", "a string"),
}


@check("G-3.3.6-15", *_MEMBERS, probe=claims.need_info, whole_trace=True)
def test_required_claims_have_the_specified_form(judge: Judge) -> None:
    """required_claims is an array of objects whose members have the specified types."""
    found = [e for e in _with_need_info(judge) if "required_claims" in e.members]
    if not found:
        judge.inapplicable("G-3.3.6-15", "required_claims never came")
    seen_members: set[str] = set()
    for answer in found:
        value = answer.members["required_claims"]
        fits = is_array(value) and all(isinstance(item, dict) for item in array_of(value))
        seen = "required_claims is no array of objects"
        judge.require("G-3.3.6-15", fits, seen, answer)
        for row, (name, form) in _MEMBERS.items():
            for item in map(object_of, array_of(value)):
                if name in item:
                    seen_members.add(row)
                    seen = f"{name} in required_claims is not {form}"
                    judge.require(row, _fits(item[name], form), seen, answer)
    for row, (name, _) in _MEMBERS.items():
        if row not in seen_members:
            judge.inapplicable(row, f"required_claims never had a {name}")


def _fits(value: object, form: str) -> bool:
    if form == "a string":
        return isinstance(value, str)
    return is_array(value) and all(isinstance(item, str) for item in array_of(value))


@check("G-1.3.1-02", "G-3.3.6-13", probe=claims.need_info)
def test_the_ticket_of_need_info_works(judge: Judge) -> None:
    """The ticket of need_info is good at once, and stands for the same permissions."""
    rows = ("G-1.3.1-02", "G-3.3.6-13")
    if judge.fact("seen") is not True:
        for row in rows:
            judge.inapplicable(row, "a request without claims was not answered with need_info")
        return
    asked, answer = judge.exchange("asked"), judge.exchange("answered")
    for row in rows:
        seen = f"the ticket of need_info was refused: {answer.outline}"
        judge.require(row, answer.error != "invalid_grant", seen, asked, answer)
    if answer.succeeded:
        same = judge.permissions("granted") == judge.permissions("ticket")
        seen = "after need_info the RPT has other permissions than were asked for"
        judge.require("G-3.3.6-13", same, seen, answer)


@check("G-3.3.6-18", "G-3.3.6-27", probe=claims.need_info)
def test_any_listed_format_and_issuer_is_enough(judge: Judge) -> None:
    """A good claim token of a listed format and issuer settles what was wanted."""
    rows = ("G-3.3.6-18", "G-3.3.6-27")
    if judge.fact("seen") is not True:
        for row in rows:
            judge.inapplicable(row, "a request without claims was not answered with need_info")
        return
    asked, answer = judge.exchange("asked"), judge.exchange("answered")
    pushed = answer.form.get("claim_token_format", "")
    wanted = [object_of(item) for item in array_of(asked.members.get("required_claims"))]
    listed = [item for item in wanted if pushed in array_of(item.get("claim_token_format"))]
    if not listed:
        judge.inapplicable("G-3.3.6-18", "the format of our claim tokens was not listed")
    else:
        seen = f"a claim token of a listed format was not enough: {answer.outline}"
        judge.require("G-3.3.6-18", answer.error != "need_info", seen, asked, answer)
    if not any("issuer" in item for item in wanted):
        judge.inapplicable("G-3.3.6-27", "no issuers were listed")
    else:
        seen = f"a claim of a listed issuer was not enough: {answer.outline}"
        judge.require("G-3.3.6-27", answer.error != "need_info", seen, asked, answer)
