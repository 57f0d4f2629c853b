"""Answers of the token endpoint in traffic, each by itself (Grant 3.3.5, 3.3.6)."""

from uma_conformance.actors.client import TOKEN
from uma_conformance.actors.metadata import is_web_uri
from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.passive.evidence import Passive, each, is_json, together, whole
from uma_conformance.passive.masks import is_masked
from uma_conformance.suite.authorization_server import test_token_response as responses
from uma_conformance.trace import Exchange


def _granted(exchange: Exchange) -> bool:
    return exchange.endpoint == TOKEN and exchange.succeeded


def _granted_in_full(exchange: Exchange) -> bool:
    return _granted(exchange) and whole(exchange)


def _own(exchange: Exchange) -> bool:
    """Select answers that the endpoint made itself, and not something in front of it."""
    return _granted_in_full(exchange) or _error(exchange)


def _error(exchange: Exchange) -> bool:
    return (
        exchange.endpoint == TOKEN
        and whole(exchange)
        and 400 <= exchange.status < 500
        and (is_json(exchange) or exchange.status == 400)
    )


@check("G-3.3.6-04", "G-3.3.6-07")
def grant_and_scope_errors_are_400(judge: Judge) -> None:
    """See that invalid_grant and invalid_scope go with status 400."""
    for row, code in (("G-3.3.6-04", "invalid_grant"), ("G-3.3.6-07", "invalid_scope")):
        for answer in judge.evidence.at(TOKEN):
            if answer.error == code:
                seen = f"{code} came with status {answer.status}, 400 expected"
                judge.require(row, answer.status == 400, seen, answer)


_SUBMITTED = ("G-3.3.6-38", "G-3.3.6-39", "G-3.3.6-41", "G-3.3.6-43", "G-3.3.6-45")


@check(*_SUBMITTED)
def submissions_have_the_specified_form(judge: Judge) -> None:
    """See that request_submitted is 403, with a new ticket and an interval in seconds."""
    for answer in judge.evidence.at(TOKEN):
        if answer.error != "request_submitted":
            continue
        seen = f"request_submitted came with status {answer.status}, 403 expected"
        judge.require("G-3.3.6-38", answer.status == 403, seen, answer)
        ticket = answer.members.get("ticket")
        there = isinstance(ticket, str) and bool(ticket)
        for row in ("G-3.3.6-39", "G-3.3.6-41"):
            judge.require(row, there, "request_submitted came without a ticket", answer)
        sent = answer.form.get("ticket", "")
        if there and not is_masked(sent):
            seen = "request_submitted gave the same ticket back"
            judge.require("G-3.3.6-43", ticket != sent, seen, answer)
        if "interval" in answer.members:
            value = answer.members["interval"]
            number = isinstance(value, int | float) and not isinstance(value, bool)
            seen = f"interval is {value!r}, a number of seconds expected"
            judge.require("G-3.3.6-45", number and float(str(value)) >= 0, seen, answer)


@check("G-3.3.6-32")
def redirect_user_is_a_uri(judge: Judge) -> None:
    """See that redirect_user of need_info is an absolute URI."""
    for answer in judge.evidence.at(TOKEN):
        if answer.error == "need_info" and "redirect_user" in answer.members:
            value = answer.members["redirect_user"]
            usable = isinstance(value, str) and is_web_uri(value)
            judge.require("G-3.3.6-32", usable, f"redirect_user is {value!r}", answer)


def _need_info(exchange: Exchange) -> bool:
    return _error(exchange) and exchange.error == "need_info"


def _comparable_need_info(exchange: Exchange) -> bool:
    return _need_info(exchange) and not is_masked(exchange.form.get("ticket", ""))


def token_checks() -> tuple[Passive, ...]:
    """Return the passive checks of answers of the token endpoint."""
    return (
        each(responses.test_success_has_the_form_of_oauth, _granted_in_full, "granted"),
        each(responses.test_success_is_not_cached, _granted, "granted"),
        each(responses.test_success_has_no_scope, _granted_in_full, "granted"),
        each(responses.test_upgraded_is_a_boolean, _granted_in_full, "granted"),
        each(responses.test_errors_of_oauth_keep_their_status, _error, "control"),
        each(responses.test_every_answer_is_success_or_error, _own, "granted"),
        each(responses.test_every_error_has_the_form_of_oauth, _error, "random"),
        each(responses.test_request_denied_is_403, _error, "refused"),
        each(responses.test_need_info_is_403, _need_info, "asked"),
        each(responses.test_need_info_tells_how_to_go_on, _need_info, "asked"),
        each(responses.test_need_info_rotates_the_ticket, _comparable_need_info, "asked"),
        each(responses.test_required_claims_have_the_specified_form, _need_info, "asked"),
        together(grant_and_scope_errors_are_400),
        together(submissions_have_the_specified_form),
        together(redirect_user_is_a_uri),
    )
