"""A visit: what is shown and asked, by whom it can be finished, and what comes of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock, MemoryStore

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

Open = Callable[..., Browser]
Make = Callable[..., str]
Go = Callable[..., httpx.Response]
Told = Callable[..., dict[str, str]]
COOKIE = "__Host-as-gathering"
AS = "https://as.example"
OWNER = ("alice", "alice-password")


@pytest.fixture
def resource(register: Make, allow: Make) -> str:
    made = register("view")
    allow(made, "view", role="doctor")
    return made


@pytest.fixture
def fresh(resource: str, ticket: Make) -> Callable[[], str]:
    return lambda: ticket({resource: ["view"]})


def over(answer: httpx.Response) -> bool:
    """Tell whether a person is told that her visit is over, and sent nowhere."""
    found = (answer.status_code, "This visit is over" in answer.text)
    return found == (400, True) and "location" not in answer.headers


def test_what_she_tells_gives_her_access(gather: Make, fresh: Make, redeem: Go) -> None:
    assert redeem(gather(fresh()), client="web").status_code == 200


def test_what_she_cannot_tell_does_not(gather: Make, fresh: Make, redeem: Go) -> None:
    answer = redeem(gather(fresh(), name="dave"), client="web")
    assert (answer.status_code, answer.json()["error"]) == (403, "request_denied")


def test_an_owner_can_be_a_requesting_party(
    gather: Make, register: Make, allow: Make, ticket: Make, redeem: Go
) -> None:
    made = register("view")
    allow(made, "view", role="bob", claim="sub", issuer=AS)
    assert redeem(gather(ticket({made: ["view"]}), name="bob"), client="web").status_code == 200


@pytest.mark.parametrize("values", [["red"], ["blue"], ["green", "red"]])
def test_one_of_several_values_is_enough(
    server: httpx.Client,
    register: Make,
    ticket: Make,
    gather: Make,
    redeem: Go,
    values: list[str],
) -> None:
    made = register("view")
    condition = {"claim": "team", "values": values, "issuer": AS}
    policy = {"scopes": ["view"], "conditions": [condition]}
    server.put(f"/owner/resources/{made}/policies", json=[policy], auth=OWNER).raise_for_status()
    assert redeem(gather(ticket({made: ["view"]})), client="web").status_code == 200


def test_only_what_is_asked_for_is_shown_and_used(
    visitor: Browser, fresh: Make, page_of: Go, told: Told, store: MemoryStore
) -> None:
    page = page_of(visitor, fresh())
    assert "doctor" in page.text
    assert "private" not in page.text
    ticket = told(visitor.send(page, "/claims/visit", decision="continue"))["ticket"]
    kept = store.take_ticket(ticket)
    assert kept is not None
    assert (kept.claims.issuer, kept.claims.values) == (AS, {"sub": "carol", "role": "doctor"})


def test_values_that_would_help_are_not_told(visitor: Browser, fresh: Make, page_of: Go) -> None:
    assert "doctor" not in page_of(visitor, fresh(), name="dave").text


def test_nothing_is_used_that_she_did_not_see(
    visitor: Browser, fresh: Make, page_of: Go, allow: Make, resource: str, told: Told
) -> None:
    page = page_of(visitor, fresh())
    allow(resource, "view", role="private", claim="diary")
    again = visitor.send(page, "/claims/visit", decision="continue")
    assert again.status_code == 400
    assert "Something else is asked by now" in again.text
    assert "private" in again.text
    assert told(visitor.send(again, "/claims/visit", decision="continue")).keys() == {"ticket"}


def test_she_can_cancel_whatever_changed(
    visitor: Browser, fresh: Make, page_of: Go, allow: Make, resource: str, told: Told
) -> None:
    page = page_of(visitor, fresh())
    allow(resource, "view", role="private", claim="diary")
    answer = visitor.send(page, "/claims/visit", decision="cancel")
    assert told(answer) == {"error": "access_denied"}


def test_a_second_visit_in_another_window_ends_the_first(
    visitor: Browser, fresh: Make, page_of: Go, told: Told
) -> None:
    first = page_of(visitor, fresh())
    second = page_of(visitor, fresh())
    assert over(visitor.send(first, "/claims/visit", decision="continue"))
    assert "ticket" in told(visitor.send(second, "/claims/visit", decision="continue"))


def test_a_visit_is_finished_once(visitor: Browser, fresh: Make, page_of: Go, told: Told) -> None:
    page = page_of(visitor, fresh())
    held = str(visitor.http.cookies[COOKIE])
    assert "ticket" in told(visitor.send(page, "/claims/visit", decision="continue"))
    assert COOKIE not in visitor.http.cookies
    assert over(visitor.send(page, "/claims/visit", decision="continue"))
    visitor.http.cookies.set(COOKIE, held, domain="as.example")
    assert over(visitor.send(page, "/claims/visit", decision="continue"))
    assert over(visitor.get("/claims/visit"))


def test_a_visit_takes_its_time(
    visitor: Browser, fresh: Make, page_of: Go, clock: AdjustableClock
) -> None:
    page = page_of(visitor, fresh())
    clock.advance(900)
    assert over(visitor.send(page, "/claims/visit", decision="continue"))
    assert over(visitor.get("/claims/visit"))


@pytest.mark.parametrize("cookie", [None, "x", ""])
def test_there_is_no_visit_without_its_cookie(browser: Open, cookie: str | None) -> None:
    visitor = browser()
    if cookie is not None:
        visitor.http.cookies.set(COOKIE, cookie, domain="as.example")
    visitor.sign_in("carol")
    assert over(visitor.get("/claims/visit"))


def test_another_browser_cannot_go_on_with_it(
    browser: Open, visitor: Browser, fresh: Make, page_of: Go, told: Told
) -> None:
    page = page_of(visitor, fresh())
    other = browser()
    other.sign_in("dave")
    assert other.send(page, "/claims/visit", decision="continue").status_code == 403
    # Not even with the cookie of the visit, as the form is tied to who signed in.
    other.http.cookies.set(COOKIE, str(visitor.http.cookies[COOKIE]), domain="as.example")
    assert other.send(page, "/claims/visit", decision="continue").status_code == 403
    assert "ticket" in told(visitor.send(page, "/claims/visit", decision="continue"))


def test_the_form_of_a_visit_is_of_that_visit(
    browser: Open, visitor: Browser, fresh: Make, page_of: Go
) -> None:
    """A form cannot be finished with the visit that somebody else slips in."""
    attacker = browser()
    page_of(attacker, fresh(), name="dave")
    page = page_of(visitor, fresh())
    slipped = str(attacker.http.cookies[COOKIE])
    visitor.http.cookies.delete(COOKIE)
    visitor.http.cookies.set(COOKIE, slipped, domain="as.example")
    assert over(visitor.send(page, "/claims/visit", decision="continue"))


@pytest.mark.parametrize(
    ("origin", "fields"),
    [
        ("https://evil.example", {}),
        ("null", {}),
        ("", {"form_token": None}),
        ("", {"form_token": "x"}),
    ],
)
def test_another_site_cannot_finish_it(
    visitor: Browser,
    fresh: Make,
    page_of: Go,
    told: Told,
    origin: str,
    fields: dict[str, str | None],
) -> None:
    page = page_of(visitor, fresh())
    answer = visitor.send(page, "/claims/visit", origin, decision="continue", **fields)
    assert (answer.status_code, "location" in answer.headers) == (403, False)
    assert "ticket" in told(visitor.send(page, "/claims/visit", decision="continue"))


@pytest.mark.parametrize("fields", [{"visit": None}, {"visit": "x"}])
def test_the_visit_has_to_be_named(
    visitor: Browser, fresh: Make, page_of: Go, fields: dict[str, str | None]
) -> None:
    page = page_of(visitor, fresh())
    assert over(visitor.send(page, "/claims/visit", decision="continue", **fields))


@pytest.mark.parametrize("asked", [None, "x"])
def test_what_was_asked_has_to_be_named(
    visitor: Browser, fresh: Make, page_of: Go, asked: str | None
) -> None:
    page = page_of(visitor, fresh())
    answer = visitor.send(page, "/claims/visit", decision="continue", asked=asked)
    assert (answer.status_code, "location" in answer.headers) == (400, False)


def test_it_cannot_be_finished_after_signing_out(
    visitor: Browser, fresh: Make, page_of: Go
) -> None:
    page = page_of(visitor, fresh())
    assert visitor.send(page, "/sign-out").status_code == 303
    assert visitor.send(page, "/claims/visit", decision="continue").status_code == 403
    assert visitor.get("/claims/visit").headers["location"] == "/sign-in?next=%2Fclaims%2Fvisit"


def test_the_cookie_of_a_visit_is_as_guarded_as_that_of_a_session(
    visitor: Browser, fresh: Make, arrive: Go, store: MemoryStore
) -> None:
    answer = arrive(visitor, fresh())
    sent = answer.headers["set-cookie"].lower()
    assert sent.startswith("__host-as-gathering=")
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= set(sent.split("; "))
    value = str(visitor.http.cookies[COOKIE])
    assert value not in repr(vars(store)) + answer.headers["location"]


def test_what_another_person_told_before_does_not_count_for_the_next(
    browser: Open,
    gather: Make,
    page_of: Go,
    told: Told,
    redeem: Go,
    register: Make,
    allow: Make,
    ticket: Make,
) -> None:
    resource = register("view", "edit")
    allow(resource, "view", role="doctor", issuer=AS)
    first = gather(ticket({resource: ["view"]}))
    # The client sends another person with the ticket that came back.
    visitor = browser()
    page = page_of(visitor, first, name="dave")
    assert "nurse" in page.text
    assert "doctor" not in page.text
    second = told(visitor.send(page, "/claims/visit", decision="continue"))["ticket"]
    assert redeem(second, client="web").json()["error"] == "request_denied"


def test_what_was_pushed_before_stays(
    gather: Make,
    register: Make,
    server: httpx.Client,
    ticket: Make,
    redeem: Go,
    id_token: Callable[..., dict[str, str]],
) -> None:
    made = register("view")
    provider = {"claim": "role", "values": ["doctor"], "issuer": "https://identity.example"}
    ours = {"claim": "team", "values": ["red"], "issuer": AS}
    policy = {"scopes": ["view"], "conditions": [provider, ours]}
    server.put(f"/owner/resources/{made}/policies", json=[policy], auth=OWNER).raise_for_status()
    pushed = redeem(ticket({made: ["view"]}), client="web", **id_token(aud="web")).json()
    assert pushed["error"] == "need_info"
    assert "redirect_user" in pushed
    assert redeem(gather(pushed["ticket"]), client="web").status_code == 200


def test_the_owner_is_told_that_claims_were_given(
    gather: Make, fresh: Make, server: httpx.Client
) -> None:
    following = gather(fresh())
    told = server.get("/owner/events", auth=OWNER)
    assert "claims given" in [event["kind"] for event in told.json()]
    assert following not in told.text


class TestMissing:
    """Questions that the requesting party answers herself."""

    @pytest.fixture
    def resource(self, register: Make, allow: Make) -> str:
        made = register("view")
        allow(made, "view", role="yes", claim="<age>", issuer="self", friendly_name="Of <age>?")
        return made

    def test_an_answer_is_needed_to_go_on(
        self, visitor: Browser, fresh: Make, page_of: Go, told: Told
    ) -> None:
        page = page_of(visitor, fresh())
        assert "Of &lt;age&gt;?" in page.text
        assert "<age>" not in page.text
        answer = visitor.send(page, "/claims/visit", decision="continue", **{"stated.<age>": " "})
        assert answer.status_code == 400
        assert "fill this in" in answer.text
        done = visitor.send(answer, "/claims/visit", decision="continue", **{"stated.<age>": "yes"})
        assert "ticket" in told(done)

    def test_what_was_typed_and_ticked_stays(
        self, visitor: Browser, fresh: Make, page_of: Go, allow: Make, resource: str
    ) -> None:
        allow(resource, "view", role="b", claim="other", issuer="self")
        page = page_of(visitor, fresh())
        fields = {"stated.<age>": 'a"<b>', "persist": "yes"}
        answer = visitor.send(page, "/claims/visit", decision="continue", **fields)
        assert answer.status_code == 400
        assert 'value="a&#34;&lt;b&gt;"' in answer.text
        assert 'value="yes" checked' in answer.text

    def test_no_answer_is_needed_to_cancel(
        self, visitor: Browser, fresh: Make, page_of: Go, told: Told
    ) -> None:
        page = page_of(visitor, fresh())
        assert told(visitor.send(page, "/claims/visit", decision="cancel")) == {
            "error": "access_denied"
        }
