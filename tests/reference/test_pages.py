"""What guards the pages of the authorization server, and the forms on them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from uma_reference.web import Pages

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

GUARDS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "same-origin",
}


@pytest.fixture
def pages() -> Pages:
    return Pages("uma_reference.authorization_server", "Sharing")


@pytest.mark.parametrize("place", ["/sign-in", "/authorize", "/authorize?client_id=unknown"])
def test_each_page_is_guarded(browser: Callable[..., Browser], place: str) -> None:
    answer = browser().get(place)
    assert GUARDS.items() <= dict(answer.headers).items()
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'; form-action 'self'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    assert "access-control-allow-origin" not in answer.headers


def test_a_page_lets_browsers_say_that_its_forms_are_its_own(
    browser: Callable[..., Browser],
) -> None:
    # By the Fetch standard "no-referrer" turns the origin of our own forms into "null".
    assert browser().get("/sign-in").headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://app.example:8443/cb?x=1", "https://app.example:8443"),
        ("http://127.0.0.1:5000/cb", "http://127.0.0.1:5000"),
        ("com.example.app:/cb", "com.example.app:"),
    ],
)
def test_a_form_may_lead_to_one_origin_beside_our_own(
    pages: Pages, address: str, source: str
) -> None:
    page = pages.page("problem.html", {"heading": "x", "text": "y"}, leads_to=[address])
    policy = page.headers["content-security-policy"].split("; ")
    assert f"form-action 'self' {source}" in policy


@pytest.mark.parametrize(
    "address", ["https://app.example/cb?a=1;b=2&c=%2F'(*)", "/my/resources", "com.example:/~x"]
)
def test_a_redirection_has_the_letters_of_its_address(pages: Pages, address: str) -> None:
    answer = pages.redirect(address)
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    assert GUARDS.items() <= dict(answer.headers).items()


def test_a_redirection_cannot_end_its_header(pages: Pages) -> None:
    answer = pages.redirect("/x\r\nset-cookie: a=b\u2028")
    assert answer.headers["location"] == "/x%0D%0Aset-cookie:%20a=b%E2%80%A8"


def test_pages_show_what_they_are_given_as_text(browser: Callable[..., Browser]) -> None:
    place = "\"><script>alert('x')</script>"
    answer = browser().get("/sign-in", next=place)
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_the_style_sheet_is_there(browser: Callable[..., Browser]) -> None:
    visitor = browser()
    page = visitor.get("/sign-in").text
    place = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer = visitor.get(place)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")
