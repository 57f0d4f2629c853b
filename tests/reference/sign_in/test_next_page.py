"""Where a browser goes after signing in: a page below the issuer, never another place."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

Open = Callable[..., Browser]
ELSEWHERE = [
    *("//evil.example", "///evil.example", "////evil.example/", "/\\evil.example", "\\\\evil"),
    *("/\\/evil.example", "\\/evil.example", "https:evil.example", "https://evil.example"),
    *("https:/evil.example", "HTTPS://evil.example", "javascript:alert(1)", "data:text/html,x"),
    *("evil.example", "./x", "../x", "?x", "#x", "%2F%2Fevil.example", "%2f", "@evil.example"),
    *("/\t/evil.example", "\t//evil.example", "/\n/evil.example", " //evil.example", " /x"),
    *("/\r\nset-cookie: a=b", "/\x00/evil.example", "/\u2028/evil.example", "/\u00e9", "\ufeff/x"),
    *(".//evil.example", "https://as.example/my/resources", "https://as.example@evil.example/"),
]
OUTSIDE = ["/my/resources", "/umaevil/x", "/uma", "/uma@evil.example", "/uma.evil.example/"]
CLIMBING = [
    *("/uma/../x", "/uma/..", "/uma/./../x", "/uma/a/../../x", "/uma/%2e%2e/x", "/uma/.%2E/x"),
    *("/uma/..?x", "/uma/..#x", "/uma/%2E./x", "/uma/..;x/../../y"),
]
BELOW = [
    "/uma/claims/visit",
    "/uma/authorize?redirect_uri=https%3A%2F%2Frs.example%2Fcb&state=..%2F..&x=/../",
    "/uma//x",
]


@pytest.mark.parametrize("place", ELSEWHERE)
def test_nobody_is_sent_elsewhere(browser: Open, place: str) -> None:
    assert browser().sign_in("alice", place).headers["location"] == "/my/resources"


@pytest.mark.parametrize("place", ["/claims/visit", "/authorize?client_id=a%20b&state=%2F%2Fx"])
def test_a_page_of_the_server_is_reached(browser: Open, place: str) -> None:
    assert browser().sign_in("alice", place).headers["location"] == place


class TestBelowAPath:
    """The issuer has a path, and the rest of its host may be somebody else's."""

    @pytest.fixture
    def document(self, document: dict[str, object]) -> dict[str, object]:
        return {**document, "issuer": "https://as.example/uma"}

    @pytest.mark.parametrize("place", [*ELSEWHERE, *OUTSIDE, *CLIMBING])
    def test_nobody_is_sent_elsewhere(self, browser: Open, place: str) -> None:
        assert browser().sign_in("alice", place).headers["location"] == "/uma/my/resources"

    @pytest.mark.parametrize("place", BELOW)
    def test_a_page_of_the_server_is_reached(self, browser: Open, place: str) -> None:
        assert browser().sign_in("alice", place).headers["location"] == place

    def test_the_place_survives_a_failure(self, browser: Open) -> None:
        visitor = browser()
        page = visitor.get("/uma/sign-in", next="/uma/claims/visit")
        again = visitor.send(page, "/sign-in", name="alice", password="wrong")
        answer = visitor.send(again, "/sign-in", name="alice", password="alice-password")
        assert answer.headers["location"] == "/uma/claims/visit"
