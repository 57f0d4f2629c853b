"""Passwords cannot be tried out, and nobody can be kept out from elsewhere by trying."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

Open = Callable[..., Browser]


def fail(visitor: Browser, name: str, times: int) -> httpx.Response:
    answers = [visitor.sign_in(name, password=f"guess {number}") for number in range(times)]
    return answers[-1]


def test_after_some_failures_the_right_password_is_refused_too(
    browser: Open, clock: AdjustableClock
) -> None:
    visitor = browser()
    assert fail(visitor, "alice", 3).status_code == 403
    refused = visitor.sign_in("alice")
    assert refused.status_code == 429
    assert "Too many attempts" in refused.text
    assert "alice-password" not in refused.text
    clock.advance(100)
    assert visitor.sign_in("alice").status_code == 303


def test_the_refusal_does_not_tell_whether_the_password_was_right(browser: Open) -> None:
    visitor = browser()
    fail(visitor, "alice", 3)
    right, wrong = visitor.sign_in("alice"), visitor.sign_in("alice", password="wrong")
    assert (right.status_code, right.text) == (wrong.status_code, wrong.text)


def test_another_browser_at_the_same_address_is_throttled_too(browser: Open) -> None:
    fail(browser(), "alice", 3)
    assert browser().sign_in("alice").status_code == 429


def test_another_address_and_another_name_are_not(browser: Open) -> None:
    fail(browser("10.0.0.1"), "alice", 3)
    assert browser("10.0.0.2").sign_in("alice").status_code == 303
    assert browser("10.0.0.1").sign_in("bob").status_code == 303


def test_the_spelling_of_a_name_gives_no_more_attempts(browser: Open) -> None:
    visitor = browser()
    fail(visitor, "alice", 2)
    fail(visitor, "ALICE", 1)
    assert visitor.sign_in("alice").status_code == 429


def test_one_address_cannot_try_many_names(browser: Open) -> None:
    visitor = browser("10.0.0.1")
    for number in range(30):
        assert fail(visitor, f"name {number}", 1).status_code == 403
    assert visitor.sign_in("alice").status_code == 429
    assert browser("10.0.0.2").sign_in("alice").status_code == 303


def test_many_addresses_cannot_try_one_name(browser: Open) -> None:
    for number in range(10):
        fail(browser(f"10.0.0.{number}"), "alice", 3)
    assert browser("10.0.1.1").sign_in("alice").status_code == 429
    assert browser("10.0.1.1").sign_in("bob").status_code == 303


def test_successes_do_not_count(browser: Open) -> None:
    visitor = browser()
    for _ in range(5):
        assert visitor.sign_in("alice").status_code == 303


@pytest.mark.parametrize("place", ["/owner/events", "/owner/resources/x/policies"])
def test_owners_programs_are_throttled_with_them(
    server: httpx.Client, browser: Open, place: str
) -> None:
    for _ in range(3):
        assert server.get(place, auth=("alice", "wrong")).status_code == 401
    refused = server.get(place, auth=("alice", "alice-password"))
    assert (refused.status_code, refused.json()["error"]) == (429, "too_many_attempts")
    assert int(refused.headers["retry-after"]) == 100
    assert browser().sign_in("alice").status_code == 429


def test_a_requesting_party_cannot_use_the_owners_api(server: httpx.Client) -> None:
    answer = server.get("/owner/events", auth=("carol", "carol-password"))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Basic realm="owner"'
