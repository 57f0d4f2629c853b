"""`request_submitted`, polling and what the owner decides (Grant 3.3.6)."""

from collections.abc import Callable

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock

OWNER = ("alice", "alice-password")
Make = Callable[..., str]
Push = Callable[..., dict[str, str]]
Redeem = Callable[..., httpx.Response]
Scopes = Callable[[str], dict[str, list[str]] | None]


@pytest.fixture
def resource(server: httpx.Client, register: Make) -> str:
    name = register("view")
    ask = {"scopes": ["view"], "anyone": True, "ask": True}
    place = f"/owner/resources/{name}/policies"
    server.post(place, json=ask, auth=OWNER).raise_for_status()
    return str(name)


@pytest.fixture
def submitted(resource: str, ticket: Make, redeem: Redeem, id_token: Push) -> dict[str, object]:
    answer = redeem(ticket({resource: ["view"]}), **id_token())
    assert answer.status_code == 403
    return dict(answer.json())


def decide(server: httpx.Client, decision: str, **more: object) -> httpx.Response:
    (waiting,) = server.get("/owner/requests", auth=OWNER).json()
    place = f"/owner/requests/{waiting['id']}"
    return server.post(place, json={"decision": decision, **more}, auth=OWNER)


def test_who_did_not_say_who_it_is_is_asked_for_that_first(
    resource: str, ticket: Make, redeem: Redeem
) -> None:
    answer = redeem(ticket({resource: ["view"]})).json()
    assert answer["error"] == "need_info"
    assert [hint["name"] for hint in answer["required_claims"]] == ["sub"]


def test_a_submission_gives_a_new_ticket_and_an_interval_on_each_poll(
    server: httpx.Client, submitted: dict[str, object], redeem: Redeem
) -> None:
    assert (submitted["error"], submitted["interval"]) == ("request_submitted", 5)
    polled = redeem(str(submitted["ticket"]))
    assert (polled.status_code, polled.json()["error"]) == (403, "request_submitted")
    assert polled.json()["ticket"] != submitted["ticket"]
    assert len(server.get("/owner/requests", auth=OWNER).json()) == 1


def test_the_same_question_is_put_once(
    server: httpx.Client,
    resource: str,
    submitted: dict[str, object],
    ticket: Make,
    redeem: Redeem,
    id_token: Push,
) -> None:
    again = redeem(ticket({resource: ["view"]}), **id_token()).json()
    other = redeem(ticket({resource: ["view"]}), **id_token(sub="somebody else")).json()
    assert submitted["error"] == again["error"] == other["error"] == "request_submitted"
    assert len(server.get("/owner/requests", auth=OWNER).json()) == 2


def test_approval_gives_the_rpt_at_the_next_poll(
    server: httpx.Client,
    resource: str,
    submitted: dict[str, object],
    redeem: Redeem,
    scopes: Scopes,
) -> None:
    assert decide(server, "approve").json()["standing"] == "approved"
    answer = redeem(str(submitted["ticket"]))
    assert answer.status_code == 200
    assert scopes(answer.json()["access_token"]) == {resource: ["view"]}


def test_approval_counts_for_that_party_alone_and_until_its_end(
    server: httpx.Client,
    resource: str,
    submitted: dict[str, object],
    ticket: Make,
    redeem: Redeem,
    id_token: Push,
    scopes: Scopes,
    clock: AdjustableClock,
) -> None:
    decide(server, "approve", expires_at=clock.now() + 100)
    other = redeem(ticket({resource: ["view"]}), **id_token(sub="somebody else"))
    assert other.json()["error"] == "request_submitted"
    rpt = redeem(str(submitted["ticket"])).json()["access_token"]
    assert scopes(rpt) == {resource: ["view"]}
    clock.advance(101)
    assert scopes(rpt) is None
    again = redeem(ticket({resource: ["view"]}), **id_token())
    assert again.json()["error"] == "request_submitted"


def test_a_denial_ends_the_process(
    server: httpx.Client, submitted: dict[str, object], redeem: Redeem
) -> None:
    decide(server, "deny")
    answer = redeem(str(submitted["ticket"]))
    assert (answer.status_code, answer.json()["error"]) == (403, "request_denied")
    assert "ticket" not in answer.json()


def test_a_request_is_decided_once_by_its_owner(
    server: httpx.Client, submitted: dict[str, object]
) -> None:
    assert submitted["error"] == "request_submitted"
    (waiting,) = server.get("/owner/requests", auth=OWNER).json()
    place = f"/owner/requests/{waiting['id']}"
    stranger = ("bob", "bob-password")
    approval = {"decision": "approve"}
    assert server.get("/owner/requests", auth=stranger).json() == []
    assert server.post(place, json=approval, auth=stranger).status_code == 404
    assert server.post(place, json={"decision": "?"}, auth=OWNER).status_code == 400
    assert server.post(place, json={**approval, "expires_at": -1}, auth=OWNER).status_code == 400
    assert server.post(place, json=approval, auth=OWNER).status_code == 200
    assert server.post(place, json=approval, auth=OWNER).status_code == 409


def test_the_audit_tells_the_owner_what_happened(
    server: httpx.Client, submitted: dict[str, object], redeem: Redeem
) -> None:
    decide(server, "approve")
    answer = redeem(str(submitted["ticket"])).json()
    told = server.get("/owner/events", auth=OWNER)
    kinds = [event["kind"] for event in told.json()]
    assert kinds == ["granted", "owner approved", "submitted", "policy set", "registered"]
    for secret in (submitted["ticket"], answer["access_token"], answer["pct"]):
        assert str(secret) not in told.text
    assert server.get("/owner/events", auth=("bob", "bob-password")).json() == []


def test_a_policy_that_was_set_meanwhile_counts_without_a_decision(
    server: httpx.Client, resource: str, submitted: dict[str, object], allow: Make, redeem: Redeem
) -> None:
    assert submitted["error"] == "request_submitted"
    allow(resource, "view", role="doctor")
    assert redeem(str(submitted["ticket"])).status_code == 200
    (waiting,) = server.get("/owner/requests", auth=OWNER).json()
    assert waiting["standing"] == "pending"
