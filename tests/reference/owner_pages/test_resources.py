"""The owner's resources: the list, sharing one of them, and withdrawing that again."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

ISSUER = "https://as.example"
PROVIDER = "https://identity.example"
MIDNIGHT = 1_929_139_200  # 18 February 2031, at 0:00
Policies = Callable[[str], list[dict[str, Any]]]
Describe = Callable[..., str]
EMAIL = {"who": "email", "email": "ann@example.org"}
VIEW = {"scope.view": "yes"}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def share(alice: Browser, letter: str) -> Callable[..., httpx.Response]:
    """Return what fills in and sends the form of the letter."""

    def send(fields: dict[str, str]) -> httpx.Response:
        place = f"/my/resources/{letter}"
        return alice.send(alice.get(place), place, **{"who": None, **fields})

    return send


def words(page: httpx.Response) -> str:
    """Return the text of a page."""
    text = re.sub(r"</?(?:p|li|h\d|div)\b[^>]*>", " ", page.text)
    text = re.sub(r"<[^>]+>", "", text)
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("fields", "condition", "told"),
    [
        (
            {"who": "known", "account": "party"},
            ("sub", "party", ISSUER),
            "Pat Party (party) may view",
        ),
        (
            {"who": "known", "account": "bob"},
            ("sub", "bob", ISSUER),
            "bob may view",
        ),
        (
            EMAIL,
            ("email", "ann@example.org", ""),
            "ann@example.org (as any trusted issuer says) may",
        ),
        (
            {**EMAIL, "email_issuer": PROVIDER},
            ("email", "ann@example.org", PROVIDER),
            "ann@example.org (as identity.example says) may view",
        ),
        (
            {"who": "claim", "claim": "role", "claim_value": "nurse", "claim_issuer": PROVIDER},
            ("role", "nurse", PROVIDER),
            "Anyone may view if role is nurse (as identity.example says)",
        ),
    ],
)
def test_what_is_shared_is_a_policy_and_is_told_in_words(
    alice: Browser,
    share: Callable[..., httpx.Response],
    letter: str,
    policies: Policies,
    fields: dict[str, str],
    condition: tuple[str, str, str],
    told: str,
) -> None:
    sent = share({**fields, **VIEW})
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        f"/my/resources/{letter}?done=shared",
    )
    claim, value, issuer = condition
    one = {"claim": claim, "values": [value], "issuer": issuer, "friendly_name": ""}
    nothing_more = {"anyone": False, "ask": False, "expires_at": 0}
    assert policies(letter) == [{"scopes": ["view"], "conditions": [one], **nothing_more}]
    page = alice.follow(sent)
    assert told in words(page)
    assert '<p class="notice good" role="status">Shared.' in page.text


def test_anyone_can_be_let_in_and_whoever_asks_be_approved(
    alice: Browser, share: Callable[..., httpx.Response], letter: str, policies: Policies
) -> None:
    share({"who": "anyone", **VIEW})
    share({"who": "anyone", "ask": "yes", "scope.print": "yes"})
    text = words(alice.get(f"/my/resources/{letter}"))
    assert "Anyone may view" in text
    assert "Whoever asks has to be approved by you to print" in text
    assert [(item["anyone"], item["ask"]) for item in policies(letter)] == [
        (True, False),
        (True, True),
    ]


def test_sharing_can_end_with_a_day_and_depend_on_a_purpose(
    alice: Browser, share: Callable[..., httpx.Response], letter: str, policies: Policies
) -> None:
    purpose = {
        "further": "purpose",
        "further_label": "What for?",
        "further_value": "treatment",
        "further_issuer": "self",
    }
    share({**EMAIL, **VIEW, "until": "2031-02-17", **purpose})
    (policy,) = policies(letter)
    assert policy["expires_at"] == MIDNIGHT
    assert policy["conditions"][1] == {
        "claim": "purpose",
        "values": ["treatment"],
        "issuer": "self",
        "friendly_name": "What for?",
    }
    assert (
        "may view until the end of 17 February 2031 (UTC)"
        " if they answer “What for?” with “treatment”"
    ) in words(alice.get(f"/my/resources/{letter}"))


def test_sharing_takes_effect(
    share: Callable[..., httpx.Response],
    letter: str,
    ticket: Callable[..., str],
    redeem: Callable[..., httpx.Response],
    id_token: Callable[..., dict[str, str]],
) -> None:
    push = id_token(email="ann@example.org")
    assert redeem(ticket({letter: ["view"]}), **push).status_code == 403
    share({**EMAIL, **VIEW})
    assert redeem(ticket({letter: ["view"]}), **push).status_code == 200
    assert redeem(ticket({letter: ["print"]}), **push).status_code == 403
    assert redeem(ticket({letter: ["view"]}), **id_token()).status_code == 403


def test_the_same_is_not_shared_twice(
    alice: Browser, share: Callable[..., httpx.Response], letter: str, policies: Policies
) -> None:
    share({**EMAIL, **VIEW})
    sent = share({**EMAIL, **VIEW})
    assert "nothing has changed" in alice.follow(sent).text
    assert len(policies(letter)) == 1


@pytest.mark.parametrize(
    ("fields", "field", "problem"),
    [
        (VIEW, "who-first", "Choose with whom to share."),
        ({"who": "everybody", **VIEW}, "who-first", "Choose with whom to share."),
        ({"who": "known", **VIEW}, "account", "Choose a person from the list."),
        ({"who": "known", "account": "alice", **VIEW}, "account", "Choose a person from the list."),
        ({"who": "known", "account": "zoe", **VIEW}, "account", "Choose a person from the list."),
        ({"who": "email", **VIEW}, "email", "Write an e-mail address"),
        ({"who": "email", "email": "@", **VIEW}, "email", "Write an e-mail address"),
        ({"who": "email", "email": "a b@c", **VIEW}, "email", "Write an e-mail address"),
        ({"who": "email", "email": "a@" + "b" * 300, **VIEW}, "email", "Write an e-mail address"),
        ({**EMAIL, **VIEW, "email_issuer": "https://evil.example"}, "email_issuer", "Choose one"),
        ({**EMAIL, **VIEW, "email_issuer": "self"}, "email_issuer", "Choose one"),
        ({"who": "claim", "claim_value": "x", **VIEW}, "claim", "Write the name of a claim"),
        ({"who": "claim", "claim": "role", **VIEW}, "claim_value", "Write what the claim"),
        (EMAIL, "scope-1", "Choose at least one thing"),
        ({**EMAIL, "scope.delete": "yes"}, "scope-1", "Choose at least one thing"),
        ({**EMAIL, **VIEW, "until": "tomorrow"}, "until", "Write a date as year"),
        ({**EMAIL, **VIEW, "until": "2031-02-30"}, "until", "Write a date as year"),
        ({**EMAIL, **VIEW, "until": "2001-01-01"}, "until", "Choose today or a later day."),
        ({**EMAIL, **VIEW, "until": "9999-12-31"}, "until", "Choose an earlier day"),
        ({**EMAIL, **VIEW, "further": "purpose"}, "further_value", "Write the answer"),
        ({**EMAIL, **VIEW, "further_value": "x"}, "further", "Write what they have to tell"),
        (
            {**EMAIL, **VIEW, "further": "a", "further_value": "b", "further_issuer": "x"},
            "further_issuer",
            "Choose one from the list.",
        ),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(
    share: Callable[..., httpx.Response],
    letter: str,
    policies: Policies,
    fields: dict[str, str],
    field: str,
    problem: str,
) -> None:
    page = share(fields)
    assert page.status_code == 400
    assert "<title>Error: Letter" in page.text
    assert re.search(rf'role="alert">.*<a href="#{field}">{problem}', page.text, re.DOTALL)
    assert f'id="{field}"' in page.text
    assert page.text.count(problem) == 2
    kinds = {"email": "email", "until": "date"}
    for name in fields.keys() & {"email", "until", "claim", "claim_value", "further"}:
        kept = f'name="{name}" type="{kinds.get(name, "text")}" value="{fields[name]}"'
        assert kept in page.text
    if "scope.view" in fields:
        assert re.search(r'name="scope.view" value="yes" id="scope-\d" checked', page.text)
    assert policies(letter) == []


def test_withdrawing_is_confirmed_and_ends_what_was_granted(
    server: httpx.Client,
    alice: Browser,
    share: Callable[..., httpx.Response],
    letter: str,
    pat: dict[str, str],
    policies: Policies,
    ticket: Callable[..., str],
    redeem: Callable[..., httpx.Response],
) -> None:
    share({"who": "anyone", **VIEW})
    rpt = {"token": redeem(ticket({letter: ["view"]})).json()["access_token"]}
    page = alice.get(f"/my/resources/{letter}")
    place = re.search(r'href="(/my/policies/[^"]+/withdraw)"', page.text)
    assert place
    asked = alice.get(place[1])
    assert "Anyone may view" in words(asked)
    assert server.post("/introspect", data=rpt, headers=pat).json()["active"]
    sent = alice.send(asked, place[1])
    assert sent.headers["location"] == f"/my/resources/{letter}?done=withdrawn"
    assert policies(letter) == []
    assert not server.post("/introspect", data=rpt, headers=pat).json()["active"]
    assert alice.get(place[1]).status_code == 404


def test_what_has_ended_is_shown_as_over(
    alice: Browser, share: Callable[..., httpx.Response], letter: str, clock: Any
) -> None:
    share({**EMAIL, **VIEW, "until": "2031-02-17"})
    assert "1 person has access" in words(alice.get("/my/resources"))
    clock.advance(MIDNIGHT - clock.now())
    alice.sign_in("alice")
    assert "could view until the end of 17 February 2031 (UTC) ended" in words(
        alice.get(f"/my/resources/{letter}")
    )
    assert "Nobody has access" in words(alice.get("/my/resources"))


def test_the_list_says_how_to_begin(alice: Browser) -> None:
    page = alice.get("/my/resources")
    assert "Nothing is protected here yet" in page.text
    assert f"<code>{ISSUER}</code>" in page.text


def test_the_list_shows_resources_by_server_with_who_has_access(
    server: httpx.Client,
    alice: Browser,
    describe: Describe,
    pat_of: Callable[[str], dict[str, str]],
    asked: Callable[..., str],
    share: Callable[..., httpx.Response],
) -> None:
    asked()
    share({**EMAIL, **VIEW})
    share({**EMAIL, "scope.print": "yes"})
    share({"who": "known", "account": "party", **VIEW})
    describe("Photo", type="http://types.example/photo", description="Of us")
    other = {"name": "Map", "resource_scopes": ["view"]}
    server.post("/rreg", json=other, headers=pat_of("rs2-alice"))
    server.post("/rreg", json={**other, "name": "Secret"}, headers=pat_of("rs-bob"))
    text = words(alice.get("/my/resources"))
    assert "3 in all" in text
    assert "At rs Letter 2 people have access · 1 request waits" in text
    assert "Photo Nobody has access Of us Type: http://types.example/photo print" in text
    assert text.index("At rs ") < text.index("Photo") < text.index("At rs2 ") < text.index("Map")
    assert "Secret" not in text


def test_many_resources_come_in_pages_and_can_be_found(alice: Browser, describe: Describe) -> None:
    for number in range(60):
        describe(f"Scan {number:02}")
    assert "Page 1 of 3" in words(alice.get("/my/resources"))
    last = words(alice.get("/my/resources", page="3"))
    assert ("Scan 59" in last, "Scan 49" in last, "Next page" in last) == (True, False, False)
    for odd in ("0", "-1", "x", "99", "²", "9" * 30):
        assert "60 in all" in words(alice.get("/my/resources", page=odd))
    found = words(alice.get("/my/resources", find="sCAN 3"))
    assert "10 found with “sCAN 3” in the name" in found
    assert ("Scan 39" in found, "Scan 40" in found) == (True, False)
    assert "0 found" in words(alice.get("/my/resources", find="nowhere"))
    hostile = alice.get("/my/resources", find=HOSTILE)
    assert "<script" not in hostile.text
    assert 'href="?find=Scan&amp;page=2"' in alice.get("/my/resources", find="Scan").text


def test_what_strangers_send_stays_text(
    server: httpx.Client,
    alice: Browser,
    describe: Describe,
    letter: str,
    asked: Callable[..., str],
) -> None:
    hostile = describe(
        HOSTILE, HOSTILE, "view", type=HOSTILE, description=HOSTILE, icon_uri="https://e.example/i"
    )
    condition = {"claim": HOSTILE, "values": [HOSTILE], "friendly_name": HOSTILE, "issuer": HOSTILE}
    named = {**condition, "claim": "sub"}
    server.post(
        f"/owner/resources/{hostile}/policies",
        json={"scopes": [HOSTILE, "view"], "conditions": [condition, named]},
        auth=("alice", "alice-password"),
    )
    asked(sub=HOSTILE, name=HOSTILE, **{HOSTILE: [HOSTILE, 1, None, {"a": HOSTILE}]})
    places = ["/my/resources", f"/my/resources/{hostile}", "/my/people", "/my/requests"]
    pattern = r'href="(/my/(?:requests|people|policies)/[^"]+)"'
    for place in ("/my/requests", "/my/people", f"/my/resources/{hostile}"):
        found = re.findall(pattern, alice.get(place).text)
        assert found
        places += found
    harmless = set(re.findall(pattern, alice.get(f"/my/resources/{letter}").text))
    for place in [*places, "/my/events"]:
        page = alice.get(place)
        assert page.status_code == 200
        assert ("alert(1)" in page.text) is (place not in harmless)
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert not re.search(r"<[^>]*onerror=[^>]*=x", page.text)
        assert "e.example" not in page.text


def test_a_scope_with_odd_letters_can_be_shared(
    alice: Browser, describe: Describe, policies: Policies
) -> None:
    odd = [HOSTILE, "a b&c=d+e;%20", "ü٣"]
    resource = describe("Odd", *odd)
    place = f"/my/resources/{resource}"
    ticked = {f"scope.{scope}": "yes" for scope in odd}
    alice.send(alice.get(place), place, **{"who": "anyone", **ticked})
    assert policies(resource)[0]["scopes"] == sorted(odd)


def test_a_resource_without_scopes_is_shared_as_a_whole(
    server: httpx.Client, alice: Browser, pat: dict[str, str], policies: Policies
) -> None:
    answer = server.post("/rreg", json={"resource_scopes": []}, headers=pat)
    resource = answer.json()["_id"]
    place = f"/my/resources/{resource}"
    assert f"Unnamed ({resource[:8]})" in alice.get(place).text
    assert alice.send(alice.get(place), place, **EMAIL).status_code == 303
    (policy,) = policies(resource)
    assert (policy["scopes"], policy["ask"]) == ([], False)
    assert 'name="ask"' not in alice.get(place).text


def test_registration_tells_where_the_owner_shares(
    server: httpx.Client, alice: Browser, letter: str, pat: dict[str, str]
) -> None:
    place = f"{ISSUER}/my/resources/{letter}"
    read = server.get(f"/rreg/{letter}", headers=pat).json()
    assert read["user_access_policy_uri"] == place
    # What a resource server read can be sent back; the address is the server's to give.
    sent = {name: value for name, value in read.items() if name != "_id"}
    sent["user_access_policy_uri"] = "https://evil.example"
    changed = server.put(f"/rreg/{letter}", json=sent, headers=pat).json()
    assert changed == {"_id": letter, "user_access_policy_uri": place}
    assert server.get(f"/rreg/{letter}", headers=pat).json()["user_access_policy_uri"] == place
    assert alice.get(place.removeprefix(ISSUER)).status_code == 200
