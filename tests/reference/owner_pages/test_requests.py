"""Requests that wait for the owner, on her pages and by her programs."""

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

ALICE = ("alice", "alice-password")
Ask = Callable[..., str]
Redeem = Callable[..., httpx.Response]
DAY = 86_400


def place_of(alice: Browser) -> str:
    """Return the page of the first request that waits."""
    found = re.search(r'href="(/my/requests/[^"]+)">Decide', alice.get("/my/requests").text)
    assert found
    return found[1]


def decide(alice: Browser, decision: str, **fields: str | None) -> httpx.Response:
    place = place_of(alice)
    return alice.send(alice.get(place), place, decision=decision, **fields)


@pytest.fixture
def scopes_of(
    server: httpx.Client, pat: dict[str, str], letter: str
) -> Callable[[httpx.Response], set[str]]:
    """Return what tells which scopes on the letter an RPT has."""

    def look(answer: httpx.Response) -> set[str]:
        rpt = answer.json()["access_token"]
        shown = server.post("/introspect", data={"token": rpt}, headers=pat).json()
        (permission,) = shown["permissions"]
        assert permission["resource_id"] == letter
        return set(permission["resource_scopes"])

    return look


def test_a_request_tells_who_asks_for_what_with_which_client(alice: Browser, asked: Ask) -> None:
    asked(name="Pat <b>", email="pat@example.org", groups=["a", "b"], admin=True)
    page = alice.get("/my/requests")
    assert "1 waits for you" in page.text
    text = " ".join(re.sub(r"<[^>]+>", "", page.text).split())
    assert "party (as identity.example says) wants to print and view Letter with client" in text
    one = alice.get(place_of(alice)).text
    assert "<bdi>Verified by identity.example</bdi>" in one
    for label, value in (
        ("Name", "Pat &lt;b&gt;"),
        ("E-mail address", "pat@example.org"),
        ("groups", "a, b"),
        ("admin", "yes"),
    ):
        assert f"<dt><bdi>{label}</bdi></dt><dd><bdi>{value}</bdi></dd>" in one
    for name in ("iss", "aud", "exp", "iat"):
        assert f"<dt><bdi>{name}</bdi></dt>" not in one
    assert one.count(" checked>") == 2


def test_an_approval_lets_the_party_in_and_is_among_what_is_shared(
    alice: Browser,
    letter: str,
    asked: Ask,
    redeem: Redeem,
    scopes_of: Callable[[httpx.Response], set[str]],
) -> None:
    ticket = asked()
    sent = decide(alice, "approve")
    assert sent.headers["location"] == "/my/requests?done=approved"
    page = alice.follow(sent)
    assert "Approved. It is among what you share now." in page.text
    assert "Nothing waits for you" in page.text
    assert scopes_of(redeem(ticket)) == {"view", "print"}
    assert "may <bdi>print</bdi> and <bdi>view</bdi>" in alice.get(f"/my/resources/{letter}").text


def test_a_part_can_be_approved_until_a_day_and_the_rest_is_denied(
    server: httpx.Client,
    alice: Browser,
    letter: str,
    asked: Ask,
    redeem: Redeem,
    scopes_of: Callable[[httpx.Response], set[str]],
) -> None:
    ticket = asked()
    decide(alice, "approve", until="2031-02-17", **{f"scope.{letter} print": None})
    policy = server.get(f"/owner/resources/{letter}/policies", auth=ALICE).json()[-1]
    assert (policy["scopes"], policy["expires_at"] % DAY) == (["view"], 0)
    assert scopes_of(redeem(ticket)) == {"view"}
    event = server.get("/owner/events", auth=ALICE).json()[1]
    assert (event["kind"], event["permissions"][0]["resource_scopes"]) == (
        "owner approved",
        ["view"],
    )


class TestWithoutPartialGrants:
    @pytest.fixture
    def document(self, document: dict[str, object]) -> dict[str, object]:
        return {**document, "partial_grants": False}

    def test_a_part_that_does_not_suffice_is_a_denial_of_the_rest(
        self, server: httpx.Client, asked: Ask, letter: str, redeem: Redeem
    ) -> None:
        ticket = asked()
        (waiting,) = server.get("/owner/requests", auth=ALICE).json()
        part = [{"resource_id": letter, "resource_scopes": ["view"]}]
        decision = {"decision": "approve", "permissions": part}
        place = f"/owner/requests/{waiting['id']}"
        assert server.post(place, json=decision, auth=ALICE).status_code == 200
        answer = redeem(ticket)
        assert (answer.status_code, answer.json()["error"]) == (403, "request_denied")
        # She is not asked the same again by polling, but may be by another attempt.
        assert len(server.get("/owner/requests", auth=ALICE).json()) == 1
        asked()
        assert len(server.get("/owner/requests", auth=ALICE).json()) == 2


def test_a_denial_is_final_for_the_request(alice: Browser, asked: Ask, redeem: Redeem) -> None:
    ticket = asked()
    place = place_of(alice)
    page = alice.get(place)
    assert decide(alice, "deny").headers["location"] == "/my/requests?done=denied"
    assert redeem(ticket).json()["error"] == "request_denied"
    shown = alice.get(place).text
    assert '<h2 id="decided">Denied</h2>' in shown
    assert "<button" not in shown.partition("<main")[2]
    again = alice.send(page, place, decision="approve")
    assert again.headers["location"] == "/my/requests?done=settled"
    assert '<h2 id="decided">Denied</h2>' in alice.get(place).text


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"view": None, "print": None}, "Choose at least one thing to approve, or deny it all."),
        ({"until": "soon"}, "Write a date as year, month and day: 2027-03-31."),
        ({"until": "2001-01-01"}, "Choose today or a later day."),
    ],
)
def test_what_is_wrong_with_an_approval_is_said_and_nothing_is_decided(
    alice: Browser, asked: Ask, letter: str, fields: dict[str, str | None], problem: str
) -> None:
    asked()
    named = {(n if n == "until" else f"scope.{letter} {n}"): v for n, v in fields.items()}
    page = decide(alice, "approve", **named)
    assert page.status_code == 400
    assert page.text.count(problem) == 2
    assert 'role="alert"' in page.text
    assert page.text.count(" checked>") == (0 if "view" in fields else 2)
    assert "1 waits for you" in alice.get("/my/requests").text


@pytest.mark.parametrize(
    "permissions",
    [
        [],
        {},
        [[]],
        ["x"],
        [{"resource_id": "LETTER"}],
        [{"resource_id": "LETTER", "resource_scopes": []}],
        [{"resource_id": "LETTER", "resource_scopes": ["view", "delete"]}],
        [{"resource_id": "LETTER", "resource_scopes": "view"}],
        [{"resource_id": "other", "resource_scopes": ["view"]}],
        [{"resource_id": 1, "resource_scopes": ["view"]}],
        [
            {"resource_id": "LETTER", "resource_scopes": ["view"]},
            {"resource_id": "other", "resource_scopes": []},
        ],
    ],
)
def test_no_more_is_approved_than_was_asked_for(
    server: httpx.Client, asked: Ask, letter: str, permissions: object
) -> None:
    asked("view")
    (waiting,) = server.get("/owner/requests", auth=ALICE).json()
    named = json.loads(json.dumps(permissions).replace("LETTER", letter))
    decision: dict[str, object] = {"decision": "approve", "permissions": named}
    answer = server.post(f"/owner/requests/{waiting['id']}", json=decision, auth=ALICE)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    (still,) = server.get("/owner/requests", auth=ALICE).json()
    assert still["standing"] == "pending"


def test_a_resource_that_is_gone_can_still_be_decided_about(
    server: httpx.Client, alice: Browser, asked: Ask, letter: str, pat: dict[str, str]
) -> None:
    asked()
    server.delete(f"/rreg/{letter}", headers=pat)
    assert "a resource that is gone" in alice.get("/my/requests").text
    place = place_of(alice)
    assert decide(alice, "approve").status_code == 303
    assert alice.get(place).status_code == 200


def test_many_requests_come_in_pages_those_that_wait_first(alice: Browser, asked: Ask) -> None:
    for number in range(25):
        asked("view", sub=f"party{number:02}")
    decide(alice, "deny")
    first, second = (alice.get("/my/requests", page=number).text for number in ("1", "2"))
    assert "24 wait for you" in first
    assert ("party01" in first, "party00" in first) == (True, False)
    assert ("party24" in second, "party00" in second) == (True, True)
    assert 'id="decided"' not in first
    assert 'id="decided"' in second
