"""Pages of owners: for whom they are, and which forms count."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

OWNERS_ONLY = ["/my/resources", "/my/people", "/my/requests", "/my/events", "/my/resources/x"]
SignedIn = Callable[[str], Browser]
Policies = Callable[[str], list[dict[str, Any]]]


@pytest.mark.parametrize("place", [*OWNERS_ONLY, "/me", "/my/resources?find=a&page=2"])
def test_who_has_not_signed_in_does_so_and_comes_back(
    browser: Callable[..., Browser], place: str
) -> None:
    somebody = browser()
    asked = somebody.get(place)
    assert (asked.status_code, asked.headers["location"][:14]) == (303, "/sign-in?next=")
    form = somebody.follow(asked)
    sent = somebody.send(form, "/sign-in", name="alice", password="alice-password")
    assert (sent.status_code, sent.headers["location"]) == (303, place)


@pytest.mark.parametrize("place", OWNERS_ONLY)
def test_a_requesting_party_sees_no_page_of_owners(signed_in: SignedIn, place: str) -> None:
    page = signed_in("party").get(place)
    assert page.status_code == 403
    assert "for owners of resources" in page.text


@pytest.mark.parametrize(("name", "home"), [("alice", "/my/resources"), ("party", "/me")])
def test_the_bare_issuer_leads_to_the_first_page(signed_in: SignedIn, name: str, home: str) -> None:
    somebody = signed_in(name)
    answer = somebody.get("/")
    assert answer.headers["location"] == home
    assert somebody.get(home).status_code == 200


def test_the_pages_of_another_owner_are_not_there(
    signed_in: SignedIn,
    alice: Browser,
    letter: str,
    asked: Callable[..., str],
    policies: Policies,
) -> None:
    asked()
    alice.send(
        alice.get(f"/my/resources/{letter}"),
        f"/my/resources/{letter}",
        **{"who": "email", "email": "a@b.example", "scope.view": "yes"},
    )
    places = [f"/my/resources/{letter}", *links(alice, f"/my/resources/{letter}", "/withdraw")]
    places += links(alice, "/my/people", "/withdraw") + links(
        alice, "/my/requests", "/my/requests/"
    )
    assert len(places) >= 6
    before = policies(letter)
    bob = signed_in("bob")
    token = bob.get("/my/resources").text.partition('name="form_token" value="')[2][:64]
    for place in places:
        assert alice.get(place).status_code == 200
        assert bob.get(place).status_code == 404, place
        form = {"form_token": token, "who": "anyone", "scope.view": "yes", "decision": "deny"}
        assert bob.http.post(place, data=form).status_code == 404, place
    assert policies(letter) == before
    assert "1 waits for you" in alice.get("/my/requests").text
    assert "Nothing waits" in bob.get("/my/requests").text


def links(browser: Browser, place: str, part: str) -> list[str]:
    parts = browser.get(place).text.split('href="')[1:]
    found = [item.partition('"')[0] for item in parts]
    return [item for item in found if part in item]


@pytest.mark.parametrize(
    ("origin", "fields"),
    [
        ("https://evil.example", {}),
        ("", {"form_token": "0" * 64}),
        ("", {"form_token": None}),
    ],
)
def test_forms_that_are_not_ours_change_nothing(
    alice: Browser,
    letter: str,
    asked: Callable[..., str],
    policies: Policies,
    origin: str,
    fields: dict[str, str | None],
) -> None:
    asked()
    before = policies(letter)
    share = {"who": "anyone", "scope.view": "yes"}
    place = f"/my/resources/{letter}"
    (withdraw, *_) = links(alice, place, "/withdraw")
    (request, *_) = links(alice, "/my/requests", "/my/requests/")
    for where, more in (
        (place, share),
        (withdraw, {"sure": "yes"}),
        (request, {"decision": "approve"}),
    ):
        answer = alice.send(alice.get(where), where, origin, **more, **fields)
        assert answer.status_code == 403, where
        assert "out of date" in answer.text
    assert policies(letter) == before
    assert "1 waits for you" in alice.get("/my/requests").text


def test_a_form_that_comes_after_signing_out_leads_to_signing_in(
    alice: Browser, letter: str, policies: Policies, clock: Any
) -> None:
    page = alice.get(f"/my/resources/{letter}")
    clock.advance(9 * 3600)
    answer = alice.send(page, f"/my/resources/{letter}", **{"who": "anyone", "scope.view": "yes"})
    assert answer.headers["location"] == f"/sign-in?next=%2Fmy%2Fresources%2F{letter}"
    assert policies(letter) == []


@pytest.mark.parametrize("body", ["a=1&a=2", "&".join(f"f{i}=x" for i in range(150))])
def test_a_form_that_cannot_be_read_gives_a_page(alice: Browser, letter: str, body: str) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded", "origin": alice.origin}
    answer = alice.http.post(f"/my/resources/{letter}", content=body, headers=headers)
    assert answer.status_code == 400
    assert "<h1>This form cannot be read</h1>" in answer.text


def test_an_address_puts_no_words_on_a_page(alice: Browser, letter: str) -> None:
    for place in (f"/my/resources/{letter}", "/my/people", "/my/requests", "/me"):
        text = alice.get(place, done="Your account is blocked, call 555").text
        assert "blocked" not in text
        assert alice.get(place, done="withdrawn").text.count("Withdrawn.") == 1
