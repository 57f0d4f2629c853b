"""Permission requests and their answers (FedAuthz 4)."""

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes import permission
from uma_conformance.trace import Exchange

_CODES = frozenset({"invalid_resource_id", "invalid_scope"})
_UNKNOWN = ("unknown resource", "deregistered resource")
_UNREGISTERED = ("unregistered scope", "scope of another resource")


def _issues(exchange: Exchange) -> bool:
    return exchange.succeeded and isinstance(exchange.members.get("ticket"), str)


@check("F-4.1-02", probe=permission.requests)
def test_one_permission_as_an_object(judge: Judge) -> None:
    """A single JSON object asks for one permission."""
    answer = judge.exchange("object")
    control = judge.exchange("array of one")
    judge.control(answer.succeeded or control.succeeded, f"no ticket at all: {control.outline}")
    seen = f"a permission request as a single object was refused: {answer.outline}"
    judge.require("F-4.1-02", answer.succeeded, seen, answer)


@check("F-4.1-03", "F-4-07", probe=permission.requests)
def test_permissions_as_an_array(judge: Judge) -> None:
    """An array of one object and an array of several ask for permissions."""
    one, several = judge.exchange("array of one"), judge.exchange("array of three")
    judge.require("F-4.1-03", one.succeeded, f"an array of one: {one.outline}", one)
    for row in ("F-4.1-03", "F-4-07"):
        seen = f"an array of three permissions was refused: {several.outline}"
        judge.require(row, several.succeeded, seen, several)


@check("F-4-08", probe=permission.requests)
def test_a_permission_may_have_no_scopes(judge: Judge) -> None:
    """An empty array of scopes gives a ticket."""
    plain, array = judge.exchange("no scopes"), judge.exchange("no scopes in an array")
    objects = judge.exchange("object")
    seen = f"a permission without scopes was refused: {array.outline}"
    judge.require("F-4-08", array.succeeded, seen, array)
    if objects.succeeded:
        judge.require("F-4-08", plain.succeeded, seen, plain)


def _tickets(judge: Judge) -> list[Exchange]:
    labels = ("object", "array of one", "array of three", "no scopes in an array")
    found = [exchange for exchange in map(judge.exchange, labels) if exchange.succeeded]
    judge.control(bool(found), "no permission request succeeded")
    return found


@check("F-4.2-01", "F-4.2-02", "F-4.2-03", probe=permission.requests)
def test_success_gives_one_ticket(judge: Judge) -> None:
    """Success has status 201 and one ticket in a JSON object, however much was asked for."""
    for answer in _tickets(judge):
        seen = f"a permission request answered status {answer.status}, 201 expected"
        judge.require("F-4.2-01", answer.status == 201, seen, answer)
        ticket = answer.members.get("ticket")
        there = isinstance(ticket, str) and bool(ticket)
        is_json = answer.media_type == "application/json"
        seen = "the body is no JSON object with a ticket that is a non-empty string"
        judge.require("F-4.2-02", bool(answer.members) and "ticket" in answer.members, seen, answer)
        judge.require("F-4.2-02", is_json, f"it came as {answer.media_type or 'nothing'}", answer)
        seen = "the answer does not hold one ticket"
        judge.require("F-4.2-03", there and bool(answer.members), seen, answer)


@check("F-1.1-04", probe=permission.requests)
def test_unknown_members_of_requests_are_ignored(judge: Judge) -> None:
    """A permission request with a member that is not defined is accepted."""
    control, answer = judge.exchange("array of one"), judge.exchange("extension in an array")
    judge.control(control.succeeded, f"no ticket without it either: {control.outline}", control)
    seen = f"a permission request with an unknown member was refused: {answer.outline}"
    judge.require("F-1.1-04", answer.succeeded, seen, answer)


def _controlled(judge: Judge, label: str) -> Exchange:
    for name in ("control", "control of two"):
        control = judge.exchange(name)
        judge.control(_issues(control), f"a good request: {control.outline}", control)
    return judge.exchange(label)


@check("F-4.1-05", probe=permission.refusals)
def test_unknown_resources_give_no_ticket(judge: Judge) -> None:
    """A resource that was never registered, or no longer is, gives no ticket."""
    for label in _UNKNOWN:
        answer = _controlled(judge, label)
        seen = f"a ticket was issued for a {label}"
        judge.require("F-4.1-05", not answer.succeeded, seen, answer)


@check("F-4.1-08", probe=permission.refusals)
def test_unregistered_scopes_give_no_ticket(judge: Judge) -> None:
    """A scope that is not registered for its resource gives no ticket."""
    for label in _UNREGISTERED:
        answer = _controlled(judge, label)
        seen = f"a ticket was issued for a {label}"
        judge.require("F-4.1-08", not answer.succeeded, seen, answer)


@check("F-1.1-01", probe=permission.refusals)
def test_scopes_are_case_sensitive(judge: Judge) -> None:
    """`VIEW` is not view."""
    answer = _controlled(judge, "scope in another case")
    seen = "a ticket was issued for a registered scope in another case"
    judge.require("F-1.1-01", not answer.succeeded, seen, answer)


@check("F-4.3-04", probe=permission.refusals)
def test_one_unknown_resource_fails_all(judge: Judge) -> None:
    """One unknown resource fails the whole request with invalid_resource_id."""
    for label in ("unknown resource", "good and unknown resource"):
        answer = _controlled(judge, label)
        seen = f"{label}: a ticket was issued"
        if judge.require("F-4.3-04", not answer.succeeded, seen, answer) and answer.error:
            seen = f"{label}: error {answer.error!r}, invalid_resource_id expected"
            judge.require("F-4.3-04", answer.error == "invalid_resource_id", seen, answer)


@check("F-4.3-05", probe=permission.refusals)
def test_one_bad_scope_fails_all(judge: Judge) -> None:
    """One unregistered scope fails the whole request with invalid_scope."""
    for label in ("unregistered scope", "bad scope in the second", "good and bad scope"):
        answer = _controlled(judge, label)
        seen = f"{label}: a ticket was issued"
        if judge.require("F-4.3-05", not answer.succeeded, seen, answer) and answer.error:
            seen = f"{label}: error {answer.error!r}, invalid_scope expected"
            judge.require("F-4.3-05", answer.error == "invalid_scope", seen, answer)


@check("F-4.3-02", "F-4.3-03", probe=permission.refusals)
def test_failures_are_400_with_a_code(judge: Judge) -> None:
    """An unknown resource or scope has status 400 and one of the two codes."""
    refused = [
        answer
        for label in ("unknown resource", "unregistered scope")
        if not (answer := _controlled(judge, label)).succeeded
    ]
    if not refused:
        for row in ("F-4.3-02", "F-4.3-03"):
            judge.cant_tell(row, "nothing was refused")
    for answer in refused:
        seen = f"{answer.label} answered {answer.outline}, 400 expected"
        judge.require("F-4.3-02", answer.status == 400, seen, answer)
        seen = f"{answer.label} answered {answer.outline}, one of {sorted(_CODES)} expected"
        judge.require("F-4.3-03", answer.error in _CODES, seen, answer)


@check("F-4.1-04", "F-4.1-06", "F-4.1-07", probe=permission.refusals)
def test_incomplete_requests_give_no_ticket(judge: Judge) -> None:
    """resource_id and resource_scopes have to be there, and scopes are an array."""
    for row, label in (
        ("F-4.1-04", "no resource_id"),
        ("F-4.1-06", "no resource_scopes"),
        ("F-4.1-07", "scopes as a string"),
    ):
        answer = _controlled(judge, label)
        judge.require(row, not answer.succeeded, f"{label}: a ticket was issued", answer)
        if not answer.succeeded and answer.status != 400:
            judge.remark(row, f"{label} answered {answer.outline}, 400 is usual", answer)


@check("F-4.1-03", probe=permission.refusals)
def test_an_empty_array_gives_no_ticket(judge: Judge) -> None:
    """An empty array asks for nothing, so there is no ticket."""
    answer = _controlled(judge, "empty array")
    judge.require("F-4.1-03", not answer.succeeded, "a ticket was issued for nothing", answer)


@check("F-4.3-01", probe=permission.refusals)
def test_authentication_comes_first(judge: Judge) -> None:
    """With a bad PAT nothing is said about the resource."""
    answer = _controlled(judge, "bad PAT and unknown resource")
    seen = f"with a bad PAT the answer was {answer.outline}; 401 or 403 without a UMA code expected"
    judge.require("F-4.3-01", answer.error not in _CODES and not answer.succeeded, seen, answer)
