"""Who signs in, for how long, and from which pages forms may come."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from starlette.types import ASGIApp

from uma_reference.passwords import hash_password

if TYPE_CHECKING:
    from tests.conftest import World
    from tests.reference.client_app.conftest import Visiting
else:
    Visiting = World = Any

COOKIE = "__Host-app-session"
PAGES = ["/", "/requests/x", "/requests/x/edit", "/requests/x/download"]
FORMS = ["/open", "/forget", "/requests/x/ask", "/requests/x/drop", "/requests/x/edit"]


def test_a_wrong_password_is_told_without_saying_what_is_wrong(visiting: Visiting) -> None:
    texts: list[str] = []
    for name in ("bob", "nobody"):
        visiting.sign_in(name, "wrong")
        assert visiting.last.status_code == 403
        assert 'role="alert"' in visiting.last.text
        texts.append(visiting.says.replace(name, ""))
    assert texts[0] == texts[1]


def test_a_password_can_be_kept_as_its_hash(
    app_document: dict[str, object], make_app: Callable[[], ASGIApp],
    visit_app: Callable[[ASGIApp], Visiting],
) -> None:  # fmt: skip
    app_document["people"] = [{"id": "bob", "password_hash": hash_password("bob-password")}]
    browser = visit_app(make_app())
    browser.sign_in("bob", "wrong")
    assert browser.path == "/sign-in"
    browser.sign_in()
    assert browser.path == "/"


def test_after_many_failures_a_name_waits_whatever_the_password(
    world: World, visiting: Visiting, visit_app: Callable[[ASGIApp], Visiting]
) -> None:
    for _ in range(10):
        visiting.sign_in("bob", "wrong")
    for browser in (visiting, visit_app(visiting.app)):
        browser.sign_in()
        assert browser.last.status_code == 429
        assert browser.last.headers["retry-after"] == "900"
        assert "Try again in 15 minutes" in browser.says
    visiting.sign_in("carol")
    assert visiting.path == "/"
    world.now += 900
    other = visit_app(visiting.app)
    other.sign_in()
    assert other.path == "/"


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_who_is_signed_in(visiting: Visiting, path: str) -> None:
    visiting.go(path)
    assert visiting.path == "/sign-in"


@pytest.mark.parametrize("path", FORMS)
def test_forms_are_for_who_is_signed_in(world: World, visiting: Visiting, path: str) -> None:
    visiting.go("/sign-in")
    visiting.send(path, address="https://rs.example/photo")
    assert visiting.path == "/sign-in"
    assert world.requests == []


def test_the_cookie_is_fresh_and_out_of_reach(visiting: Visiting) -> None:
    first = visiting.http.get("/sign-in").headers["set-cookie"]
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
        assert part in first
    assert "Domain" not in first
    before = visiting.http.cookies[COOKIE]
    visiting.sign_in()
    assert visiting.http.cookies[COOKIE] != before


def test_a_session_ends_with_signing_out(bob: Visiting) -> None:
    old = bob.http.cookies[COOKIE]
    bob.go("/")
    bob.send("/sign-out")
    assert bob.path == "/sign-in"
    bob.http.cookies.clear()
    bob.http.cookies.set(COOKIE, old)
    bob.go("/")
    assert bob.path == "/sign-in"


def test_who_signs_in_anew_leaves_no_session_behind(bob: Visiting) -> None:
    old = bob.http.cookies[COOKIE]
    bob.go("/")
    bob.send("/sign-in", name="carol", password="carol-password")
    assert "Signed in as Carol" in bob.says
    bob.http.cookies.clear()
    bob.http.cookies.set(COOKIE, old)
    assert bob.go("/").url.path == "/sign-in"


def test_a_session_ends_by_time(world: World, bob: Visiting) -> None:
    world.now += 8 * 3600 - 1
    assert bob.go("/").url.path == "/"
    world.now += 1
    assert bob.go("/").url.path == "/sign-in"


@pytest.mark.parametrize("path", [*FORMS, "/sign-out"])
def test_forms_of_others_are_refused(world: World, bob: Visiting, path: str) -> None:
    bob.go("/")
    right = {"form_token": bob.token(), "address": "https://rs.example/photo"}
    wrong: list[tuple[dict[str, str], dict[str, str]]] = [
        ({**right, "form_token": "0" * 64}, {}),
        ({"address": right["address"]}, {}),
        (right, {"origin": "https://evil.example"}),
        (right, {"origin": "null"}),
        (right, {"sec-fetch-site": "cross-site"}),
        (right, {"sec-fetch-site": "same-site", "origin": "https://app.example"}),
    ]
    for form, headers in wrong:
        answer = bob.http.post(path, data=form, headers=headers)
        # A request that does not exist is not found, wherever the form comes from.
        assert answer.status_code == (404 if path.startswith("/requests/") else 403)
    assert world.requests == []
    assert bob.go("/").url.path == "/"


def test_a_token_of_another_browser_does_not_fit(
    bob: Visiting, visit_app: Callable[[ASGIApp], Visiting]
) -> None:
    carol = visit_app(bob.app)
    carol.sign_in("carol")
    carol.go("/")
    answer = bob.http.post("/sign-out", data={"form_token": carol.token()})
    assert answer.status_code == 403


def test_a_person_has_a_limited_number_of_sessions(
    bob: Visiting, visit_app: Callable[[ASGIApp], Visiting]
) -> None:
    for _ in range(20):
        visit_app(bob.app).sign_in()
    assert bob.go("/").url.path == "/sign-in"
