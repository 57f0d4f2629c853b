"""The protection API in traffic: resources, permission requests, introspection (FedAuthz 3-6)."""

from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from uma_conformance.actors.resource_server import INTROSPECTION, PERMISSION, REGISTRATION
from uma_conformance.checks import check
from uma_conformance.jsonvalue import array_of, is_array, object_of, strings_of
from uma_conformance.judge import Judge
from uma_conformance.passive.evidence import Passive, Select, each, is_json, together, whole
from uma_conformance.passive.masks import is_masked
from uma_conformance.suite.authorization_server import (
    test_introspection,
    test_permission_endpoint,
    test_resource_registration,
)
from uma_conformance.trace import Evidence, Exchange
from uma_conformance.traffic.recognition import COLLECTION, ITEM

_PERMISSION_CODES = frozenset({"invalid_resource_id", "invalid_scope"})


def _success(method: str, label: str) -> Select:
    return lambda exchange: (
        exchange.endpoint == REGISTRATION
        and exchange.request.method == method
        and exchange.succeeded
        and exchange.label == label
    )


def _with_body(select: Select) -> Select:
    return lambda exchange: whole(exchange) and select(exchange)


_CREATED, _LISTED = _success("POST", COLLECTION), _success("GET", COLLECTION)
_READ, _UPDATED = _success("GET", ITEM), _success("PUT", ITEM)
_DELETED = _success("DELETE", ITEM)


def _issued(exchange: Exchange) -> bool:
    return exchange.endpoint == PERMISSION and exchange.succeeded and whole(exchange)


def _refused(exchange: Exchange) -> bool:
    """Select errors that the endpoint itself made, and nothing in front of it."""
    return exchange.endpoint == PERMISSION and exchange.status == 400 and is_json(exchange)


def _introspected(exchange: Exchange) -> bool:
    """Select answers to a PAT that speak of an RPT: others have neither scope nor permissions."""
    return (
        _with_pat(exchange)
        and exchange.members.get("active") is True
        and "permissions" in exchange.members
    )


def _with_pat(exchange: Exchange) -> bool:
    headers = exchange.request.headers
    schemes = (value.lower() for name, value in headers if name.lower() == "authorization")
    return (
        exchange.endpoint == INTROSPECTION
        and exchange.status == 200
        and whole(exchange)
        and any(value.startswith("bearer ") for value in schemes)
    )


@check("F-3.2-13")
def location_holds_the_identifier(judge: Judge) -> None:
    """See that the identifier of a create response is a part of its Location."""
    for answer in filter(_with_body(_CREATED), judge.evidence.exchanges):
        name, places = answer.members.get("_id"), answer.headers("location")
        if isinstance(name, str) and places:
            seen = f"the identifier {name!r} is no part of Location {places[0]!r}"
            judge.require("F-3.2-13", name in unquote(places[0]), seen, answer)


@check("F-3.2-18")
def identifiers_are_those_of_the_resource(judge: Judge) -> None:
    """`_id` in an answer about a resource is the last segment of its URL, as a string."""
    for answer in judge.evidence.at(REGISTRATION):
        about = _with_body(_READ)(answer) or _with_body(_UPDATED)(answer)
        if about and "_id" in answer.members:
            value = answer.members["_id"]
            name = unquote(urlsplit(answer.request.url).path.rstrip("/").rpartition("/")[2])
            seen = f"_id is {value!r} in an answer about the resource {name!r}"
            judge.require("F-3.2-18", value == name, seen, answer)


@check("F-4.3-02")
def refusals_are_400(judge: Judge) -> None:
    """See that a permission request that is refused with a code of UMA has status 400."""
    for answer in judge.evidence.at(PERMISSION):
        if answer.error in _PERMISSION_CODES:
            seen = f"{answer.error!r} came with status {answer.status}, 400 expected"
            judge.require("F-4.3-02", answer.status == 400, seen, answer)


_ERRORS = ("F-6-01", "F-6-03", "F-6-05", "F-6-07")


@check(*_ERRORS)
def errors_have_the_specified_members(judge: Judge) -> None:
    """See that an error of the permission endpoint has one code, and texts in its other members."""
    for answer in filter(_refused, judge.evidence.exchanges):
        error = answer.members.get("error")
        seen = "an error is no JSON object"
        if not whole(answer) or not judge.require("F-6-01", bool(answer.members), seen, answer):
            continue
        if error is not None:
            single = isinstance(error, str) and bool(error) and " " not in error
            judge.require("F-6-03", single, f"error is {error!r}, one code expected", answer)
        for row, name in (("F-6-05", "error_description"), ("F-6-07", "error_uri")):
            if name in answer.members:
                value = answer.members[name]
                text = value if isinstance(value, str) else None
                fits = text is not None and (
                    name != "error_uri" or (":" in text and not set(text) & set(" <>"))
                )
                judge.require(row, fits, f"{name} is {value!r}", answer)


@check("F-5.1.1-01")
def introspection_tells_whether_a_token_is_active(judge: Judge) -> None:
    """See that an answer with status 200 is a JSON object that has a Boolean active."""
    for answer in filter(_with_pat, judge.evidence.exchanges):
        told = isinstance(answer.members.get("active"), bool)
        seen = "an introspection answer is no JSON object with a Boolean active"
        judge.require("F-5.1.1-01", told and is_json(answer), seen, answer)


@check("F-5.1.1-03")
def active_rpts_have_permissions(judge: Judge) -> None:
    """See that what was issued as an RPT, and is active, is shown with its permissions."""
    given = _given(judge.evidence)
    for answer in filter(_with_pat, judge.evidence.exchanges):
        token = answer.form.get("token", "")
        source = given.get(token)
        if source is not None and answer.members.get("active") is True:
            there = "permissions" in answer.members
            seen = "the answer for an active RPT has no permissions member"
            judge.require("F-5.1.1-03", there, seen, source, answer)


def _given(evidence: Evidence) -> dict[str, Exchange]:
    """Return the RPTs that the traffic shows being issued."""
    found: dict[str, Exchange] = {}
    for answer in evidence.at("token"):
        token = answer.members.get("access_token")
        if answer.succeeded and isinstance(token, str) and not is_masked(token):
            found[token] = answer
    return found


_FORMS = ("F-5.1.1-05", "F-5.1.1-06", "F-5.1.1-08", "F-5.1.1-09")


@check(*_FORMS)
def permissions_have_their_members(judge: Judge) -> None:
    """Each permission has a string resource_id and an array of strings resource_scopes."""
    for answer in filter(_introspected, judge.evidence.exchanges):
        for item in map(object_of, array_of(answer.members["permissions"])):
            for row, name, form, fits in _MEMBERS:
                there = name in item
                judge.require(row, there, f"a permission has no {name}", answer)
                if there:
                    seen = f"{name} of a permission is no {form}"
                    judge.require(_TYPES[row], fits(item[name]), seen, answer)


def _strings(value: object) -> bool:
    return is_array(value) and len(strings_of(value)) == len(array_of(value))


_MEMBERS: tuple[tuple[str, str, str, Callable[[object], bool]], ...] = (
    ("F-5.1.1-05", "resource_id", "string", lambda value: isinstance(value, str)),
    ("F-5.1.1-08", "resource_scopes", "array of strings", _strings),
)
_TYPES = {"F-5.1.1-05": "F-5.1.1-06", "F-5.1.1-08": "F-5.1.1-09"}
_TICKETS = ("object", "array of one", "array of three", "no scopes in an array")


def protection_checks() -> tuple[Passive, ...]:
    """Return the passive checks of the protection API."""
    registration, introspection = test_resource_registration, test_introspection
    return (
        each(registration.test_create_answers_201, _CREATED, "create"),
        each(registration.test_create_has_a_location, _CREATED, "create"),
        each(registration.test_create_has_an_identifier, _with_body(_CREATED), "create"),
        each(registration.test_read_answers_with_json, _with_body(_READ), "read"),
        each(registration.test_read_has_an_identifier, _with_body(_READ), "read"),
        each(registration.test_update_answers_200, _UPDATED, "update"),
        each(registration.test_update_has_an_identifier, _with_body(_UPDATED), "update"),
        each(registration.test_delete_answers_200_or_204, _DELETED, "delete"),
        each(registration.test_list_is_an_array_of_identifiers, _with_body(_LISTED), "list"),
        together(location_holds_the_identifier),
        together(identifiers_are_those_of_the_resource),
        each(test_permission_endpoint.test_success_gives_one_ticket, _issued, *_TICKETS),
        together(refusals_are_400),
        together(errors_have_the_specified_members),
        each(introspection.test_an_active_rpt_has_no_scope, _introspected, "no hint"),
        each(
            introspection.test_permissions_are_an_array_of_objects,
            _introspected,
            "no hint",
            facts={"requested": {}},
        ),
        each(introspection.test_times_are_seconds, _introspected, "no hint"),
        together(introspection_tells_whether_a_token_is_active),
        together(active_rpts_have_permissions),
        together(permissions_have_their_members),
    )
