"""Servers that word their answers in another legal way: the suite raises no alarm."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast
from urllib.parse import urlsplit

import pytest

from uma_conformance.kill_matrix import run_fault
from uma_reference.faults import Fault
from uma_reference.faults.wire import COLLECTION, INTROSPECTION, ITEM, TOKEN, Reply, answers

pytestmark = pytest.mark.usefixtures("unmeasured")

ISSUER = "https://as.example"
EVERYTHING: dict[str, object] = {
    "features": [
        *("dynamic-registration", "interactive-claims", "pct", "refresh", "request_submitted"),
        *("revocation", "rpt-upgrade"),
    ],
    "withdrawal_ends_rpts": True,
}
Change = Callable[[Reply], Reply]


def is_json(reply: Reply) -> bool:
    media = dict(reply.headers).get("content-type", "")
    return media.startswith("application/json") and reply.json is not None


def to_json(change: Change) -> Change:
    return lambda reply: change(reply) if is_json(reply) else reply


def extended(value: object) -> object:
    """Return a value with an extension member in each of its objects, however deep."""
    match value:
        case dict():
            members = cast("Mapping[str, object]", value)
            kept = {name: extended(item) for name, item in members.items()}
            return {**kept, "https://extensions.example/colour": {"hue": [7, None]}}
        case list():
            return [extended(item) for item in cast("list[object]", value)]
        case _:
            return value


def in_other_words(reply: Reply) -> Reply:
    """Write the same JSON with other white space, order and escapes."""
    value = reply.json
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        value = dict(reversed(members.items()))
    text = json.dumps(value, indent="\t", ensure_ascii=True)
    return replace(reply, body=f"\r\n {text.replace('/', chr(92) + '/')}\n".encode())


def media_type(value: str) -> Change:
    return to_json(lambda reply: reply.with_header("content-type", value))


def explained(reply: Reply) -> Reply:
    if "error" not in reply.members:
        return reply
    text = reply.with_member("error_description", "It is not so.")
    return text.with_member("error_uri", "https://as.example/errors/7")


def unexplained(reply: Reply) -> Reply:
    return reply.without_member("error_description") if "error" in reply.members else reply


def located(address: Callable[[str], str]) -> Change:
    def moved(reply: Reply) -> Reply:
        return reply.with_header("location", address(urlsplit(reply.location).path))

    return answers(COLLECTION, moved, method="POST", status=201)


def whole(reply: Reply) -> Reply:
    """Answer an update with more than the identifier."""
    return reply.with_member("user_access_policy_uri", "https://as.example/policies/7")


def token_type(value: str) -> Change:
    def named(reply: Reply) -> Reply:
        return reply.with_member("token_type", value) if "token_type" in reply.members else reply

    return answers(TOKEN, named, status=200)


def described(reply: Reply) -> Reply:
    """Say of an active token what RFC 7662 allows beside what UMA asks for."""
    if reply.members.get("active") is not True:
        return reply
    more = {"client_id": "app", "iss": ISSUER, "aud": ["rs"], "token_type": "pct", "jti": "7"}
    return reply.with_json({**more, **reply.members})


def with_challenges(reply: Reply) -> Reply:
    """Send two challenges beside a 401."""
    if reply.status != 401:
        return reply
    own = 'Basic realm="as", charset="UTF-8", Bearer realm="protection"'
    return reply.with_header("www-authenticate", own)


ANSWERS: dict[str, Change] = {
    "extension members everywhere": to_json(lambda r: r.with_json(extended(r.json))),
    "JSON in other words": to_json(in_other_words),
    "media type with a charset": media_type("application/json; charset=UTF-8"),
    "media type in capitals": media_type('Application/JSON;charset="utf-8"'),
    "errors with all members": to_json(explained),
    "errors without a description": to_json(unexplained),
    "delete answers 200": answers(
        ITEM, lambda r: r.with_status(200).with_json({}), method="DELETE", status=204
    ),
    "Location is absolute": located(lambda path: f"{ISSUER}{path}"),
    "Location is a path": located(lambda path: path),
    "Location is relative": located(lambda path: path.lstrip("/").removeprefix("rreg/")),
    "update answers more": answers(ITEM, whole, method="PUT", status=200),
    "create answers the identifier alone": answers(
        COLLECTION, lambda r: r.with_json({"_id": r.members["_id"]}), method="POST", status=201
    ),
    "token type in lower case": token_type("bearer"),
    "token type in capitals": token_type("BEARER"),
    "RPTs without expires_in": answers(
        TOKEN, to_json(lambda r: r.without_member("expires_in")), status=200
    ),
    "introspection says more": answers(INTROSPECTION, to_json(described)),
    "several challenges": with_challenges,
    "no caching headers but no-store": lambda r: r.without_header("pragma").with_header(
        "cache-control", "private, no-store, max-age=0"
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_another_wording_trips_nothing(name: str) -> None:
    kill = run_fault(Fault("legal", name, (), wire=ANSWERS[name]), EVERYTHING)
    assert (kill.failed, kill.faults_of_suite) == (frozenset(), ())


@pytest.mark.parametrize("issuer", [f"{ISSUER}/tenants/7", f"{ISSUER}:8443", f"{ISSUER}/a.b/~c"])
def test_another_issuer_trips_nothing(issuer: str) -> None:
    kill = run_fault(Fault("legal", issuer, ()), EVERYTHING, issuer)
    assert (kill.failed, kill.faults_of_suite) == (frozenset(), ())
