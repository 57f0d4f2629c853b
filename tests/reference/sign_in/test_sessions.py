"""Signing in and out: sessions, and forms that only our own pages can send."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from uma_reference.authorization_server import AdjustableClock, MemoryStore
from uma_reference.authorization_server.handles import BrowserSession

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

Open = Callable[..., Browser]
SESSION = "__Host-as-session"


def cookie(browser: Browser) -> str:
    return str(browser.http.cookies[SESSION])


def signed_in(store: MemoryStore, browser: Browser) -> str:
    """Return who is signed in at a browser."""
    found = store.handle(BrowserSession, browser.http.cookies.get(SESSION) or "")
    return found.account if found is not None else ""


def test_owners_and_requesting_parties_sign_in(browser: Open, store: MemoryStore) -> None:
    for name, home in (("alice", "/my/resources"), ("carol", "/me")):
        visitor = browser()
        answer = visitor.sign_in(name)
        assert (answer.status_code, answer.headers["location"]) == (303, home)
        assert signed_in(store, visitor) == name


@pytest.mark.parametrize(
    ("name", "password"),
    [("alice", "bob-password"), ("alice", ""), ("nobody", "nobody"), ("", ""), ("ALICE", "x")],
)
def test_a_wrong_password_signs_nobody_in(
    browser: Open, store: MemoryStore, name: str, password: str
) -> None:
    visitor = browser()
    page = visitor.get("/sign-in")
    answer = visitor.send(page, "/sign-in", name=name, password=password)
    assert answer.status_code == 403
    assert "do not go together" in answer.text
    assert signed_in(store, visitor) == ""


def test_what_is_wrong_about_a_sign_in_is_not_told(browser: Open) -> None:
    visitor = browser()
    page = visitor.get("/sign-in")
    unknown = visitor.send(page, "/sign-in", name="someone", password="hush-hush")
    known = visitor.send(page, "/sign-in", name="alice", password="hush-hush")
    assert unknown.text.replace("someone", "alice") == known.text
    assert "hush-hush" not in known.text + str(known.headers)


def test_the_cookie_is_for_this_host_and_out_of_reach_of_scripts(browser: Open) -> None:
    sent = browser().sign_in("alice").headers["set-cookie"].lower()
    assert sent.startswith("__host-as-session=")
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= set(sent.split("; "))
    assert "domain" not in sent


def test_signing_in_gives_a_new_cookie_whatever_the_browser_held(
    browser: Open, store: MemoryStore
) -> None:
    visitor = browser()
    visitor.http.cookies.set(SESSION, "known-to-a-thief", domain="as.example")
    visitor.sign_in("alice")
    assert cookie(visitor) != "known-to-a-thief"
    first = cookie(visitor)
    visitor.sign_in("alice")
    assert cookie(visitor) != first
    assert store.handle(BrowserSession, "known-to-a-thief") is None
    assert store.handle(BrowserSession, first) is None
    assert signed_in(store, visitor) == "alice"


def test_the_cookie_of_the_form_before_is_no_session_afterwards(
    browser: Open, store: MemoryStore
) -> None:
    visitor = browser()
    visitor.get("/sign-in")
    before = cookie(visitor)
    visitor.sign_in("alice")
    assert cookie(visitor) != before
    assert store.handle(BrowserSession, before) is None


def test_a_session_is_kept_by_its_digest(browser: Open, store: MemoryStore) -> None:
    visitor = browser()
    visitor.sign_in("alice")
    assert cookie(visitor) not in repr(vars(store))


def test_a_session_ends_by_signing_out(browser: Open, store: MemoryStore) -> None:
    visitor = browser()
    visitor.sign_in("carol")
    held = cookie(visitor)
    token = {"form_token": token_of(visitor)}
    answer = visitor.http.post("/sign-out", data=token, headers={"Origin": visitor.origin})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert store.handle(BrowserSession, held) is None
    assert SESSION not in visitor.http.cookies


def token_of(visitor: Browser) -> str:
    """Return the token of the forms on this browser's pages."""
    page = visitor.get("/sign-in").text
    return page.partition('name="form_token" value="')[2].partition('"')[0]


def test_a_session_ends_by_time(browser: Open, clock: AdjustableClock) -> None:
    visitor = browser()
    visitor.sign_in("carol")
    request = {
        "response_type": "code",
        "client_id": "web",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
    }
    # She is told that only an owner may do this, as long as the server knows who she is.
    assert visitor.get("/authorize", **request).status_code == 403
    clock.advance(8 * 3600)
    answer = visitor.get("/authorize", **request)
    assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in")


@pytest.mark.parametrize("place", ["/sign-in", "/sign-out", "/authorize"])
@pytest.mark.parametrize("token", [None, "", "0" * 64, "of another browser"])
def test_a_form_needs_the_token_of_this_browser(
    browser: Open, store: MemoryStore, place: str, token: str | None
) -> None:
    visitor, other = browser(), browser()
    visitor.sign_in("alice")
    other.sign_in("bob")
    sent = {"name": "bob", "password": "bob-password"}
    if token is not None:
        sent["form_token"] = token_of(other) if token == "of another browser" else token
    answer = visitor.http.post(place, data=sent, headers={"Origin": visitor.origin})
    assert answer.status_code == 403
    assert "out of date" in answer.text
    assert "set-cookie" not in answer.headers
    assert signed_in(store, visitor) == "alice"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://as.example"},
        {"Origin": "https://as.example:8443"},
        {"Origin": "https://as.example.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_form_of_another_site_is_refused_even_with_the_right_token(
    browser: Open, store: MemoryStore, headers: dict[str, str]
) -> None:
    visitor = browser()
    visitor.sign_in("alice")
    sent = {"form_token": token_of(visitor)}
    answer = visitor.http.post("/sign-out", data=sent, headers=headers)
    assert answer.status_code == 403
    assert signed_in(store, visitor) == "alice"


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin"}])
def test_a_browser_that_tells_no_origin_can_sign_out(
    browser: Open, store: MemoryStore, headers: dict[str, str]
) -> None:
    visitor = browser()
    visitor.sign_in("alice")
    sent = {"form_token": token_of(visitor)}
    assert visitor.http.post("/sign-out", data=sent, headers=headers).status_code == 303
    assert signed_in(store, visitor) == ""


def test_nobody_is_signed_in_by_the_form_of_an_attackers_browser(
    browser: Open, store: MemoryStore
) -> None:
    victim, attacker = browser(), browser()
    page = attacker.get("/sign-in")
    token = page.text.partition('name="form_token" value="')[2].partition('"')[0]
    sent = {"name": "bob", "password": "bob-password", "form_token": token}
    victim.get("/sign-in")
    answer = victim.http.post("/sign-in", data=sent)
    assert answer.status_code == 403
    assert signed_in(store, victim) == ""
