"""Where a requesting party is sent, and with what (Grant 3.3.2, 3.3.3)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

Open = Callable[..., Browser]
Make = Callable[..., str]
Go = Callable[..., httpx.Response]
Told = Callable[..., dict[str, str]]
BACK = "https://app.example/claims?x=1;y=%2F"
CALLBACK = "https://app.example/cb"


@pytest.fixture
def fresh(register: Make, allow: Make, ticket: Make) -> Callable[[], str]:
    """Return a function that gets a ticket for what doctors may view."""
    resource = register("view")
    allow(resource, "view", role="doctor")
    return lambda: ticket({resource: ["view"]})


def is_page(answer: httpx.Response) -> bool:
    html = answer.headers["content-type"].startswith("text/html")
    return answer.status_code == 400 and "location" not in answer.headers and html


@pytest.mark.parametrize("state", [None, "", "abc", "a b&ticket=x#\u00fc%20"])
def test_state_comes_back_if_and_only_if_it_was_sent(
    visitor: Browser, fresh: Make, page_of: Go, told: Told, state: str | None
) -> None:
    """G-3.3.3-07, G-3.3.3-08."""
    page = page_of(visitor, fresh(), state=state)
    members = told(visitor.send(page, "/claims/visit", decision="continue"))
    assert members.keys() == {"ticket"} | ({"state"} if state is not None else set())
    assert members.get("state") == state


@pytest.mark.parametrize("state", [None, "", "abc"])
def test_state_comes_back_with_a_cancellation_and_an_error_too(
    visitor: Browser, fresh: Make, page_of: Go, arrive: Go, told: Told, state: str | None
) -> None:
    expected = {} if state is None else {"state": state}
    page = page_of(visitor, fresh(), state=state)
    cancelled = visitor.send(page, "/claims/visit", decision="cancel")
    assert told(cancelled) == {"error": "access_denied", **expected}
    refused = arrive(visitor, "unknown", state=state)
    assert told(refused) == {"error": "invalid_request", **expected}


@pytest.mark.parametrize("decision", ["cancel", "", "CONTINUE", None])
def test_anything_but_going_on_is_a_cancellation(
    visitor: Browser, fresh: Make, page_of: Go, told: Told, redeem: Go, decision: str | None
) -> None:
    ticket = fresh()
    answer = visitor.send(page_of(visitor, ticket), "/claims/visit", decision=decision)
    assert told(answer) == {"error": "access_denied"}
    assert redeem(ticket, client="web").json()["error"] == "invalid_grant"


def test_the_ticket_differs_and_works(
    visitor: Browser, fresh: Make, page_of: Go, told: Told, redeem: Go
) -> None:
    """G-3.3.3-04, G-3.3.3-05."""
    ticket = fresh()
    answer = visitor.send(page_of(visitor, ticket), "/claims/visit", decision="continue")
    following = told(answer)["ticket"]
    assert following != ticket
    assert redeem(following, client="web").status_code == 200


def test_the_ticket_is_of_the_client_that_sent_the_party(
    gather: Make, fresh: Make, redeem: Go
) -> None:
    following = gather(fresh())
    assert redeem(following, client="two").json()["error"] == "invalid_grant"


@pytest.mark.parametrize("way", ["unfinished", "unseen", "finished", "cancelled"])
def test_a_ticket_that_was_shown_here_is_dead_at_the_token_endpoint(
    visitor: Browser, fresh: Make, arrive: Go, page_of: Go, redeem: Go, way: str
) -> None:
    """G-5.5-03, G-5.5-04."""
    ticket = fresh()
    if way == "unseen":
        assert arrive(visitor, ticket).status_code == 303
    else:
        page = page_of(visitor, ticket)
        decision = {"finished": "continue", "cancelled": "cancel"}.get(way)
        if decision:
            visitor.send(page, "/claims/visit", decision=decision)
    answer = redeem(ticket, client="web")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_ticket_that_was_shown_to_the_token_endpoint_is_dead_here(
    visitor: Browser, fresh: Make, arrive: Go, told: Told, redeem: Go
) -> None:
    """G-5.5-03, G-5.5-04."""
    ticket = fresh()
    following = redeem(ticket, client="web").json()["ticket"]
    assert told(arrive(visitor, ticket)) == {"error": "invalid_request"}
    assert arrive(visitor, following).headers["location"] == "/claims/visit"


def test_a_ticket_shows_up_here_once(visitor: Browser, fresh: Make, arrive: Go, told: Told) -> None:
    ticket = fresh()
    assert arrive(visitor, ticket).headers["location"] == "/claims/visit"
    assert told(arrive(visitor, ticket)) == {"error": "invalid_request"}


def test_looking_ahead_uses_no_ticket_up(visitor: Browser, fresh: Make, arrive: Go) -> None:
    ticket = fresh()
    query = {"client_id": "web", "ticket": ticket}
    assert visitor.http.head("/claims", params=query).status_code == 200
    assert arrive(visitor, ticket).headers["location"] == "/claims/visit"


def test_a_refused_link_uses_no_ticket_up(visitor: Browser, fresh: Make, arrive: Go) -> None:
    ticket = fresh()
    assert is_page(arrive(visitor, ticket, claims_redirect_uri="https://evil.example/"))
    assert arrive(visitor, ticket).headers["location"] == "/claims/visit"


@pytest.mark.parametrize("kind", ["unknown", "", None, "expired", "another client's"])
def test_the_client_is_told_of_a_bad_ticket(
    visitor: Browser,
    fresh: Make,
    told: Told,
    redeem: Go,
    clock: AdjustableClock,
    kind: str | None,
) -> None:
    ticket = kind
    if kind == "expired":
        ticket = fresh()
        clock.advance(300)
    if kind == "another client's":
        ticket = redeem(fresh(), client="two").json()["ticket"]
    query = {} if ticket is None else {"ticket": ticket}
    answer = visitor.get("/claims", client_id="web", state="s", **query)
    assert told(answer) == {"error": "invalid_request", "state": "s"}


@pytest.mark.parametrize(
    "address",
    [
        "",
        CALLBACK,
        "https://evil.example/",
        "https://two.example/a",
        "https://app.example/claims",
        f"{BACK}&z",
        f"{BACK} ",
        f"{BACK}#",
        f"{BACK}\n",
        BACK.replace("https", "HTTPS"),
        BACK.replace("app.", "APP."),
        BACK.replace("/claims", "/./claims"),
        BACK.replace("/claims", ":443/claims"),
        BACK.replace("/claims", "/%63laims"),
        BACK.replace("%2F", "%2f"),
        BACK.replace("%2F", "/"),
        BACK.replace(";", "%3B"),
        "//evil.example",
        "javascript:alert(1)",
    ],
)
@pytest.mark.parametrize("broken", [True, False])
def test_nobody_is_sent_to_an_address_that_is_not_registered_letter_by_letter(
    visitor: Browser,
    fresh: Make,
    arrive: Go,
    address: str,
    broken: bool,  # noqa: FBT001 - a case of the table
) -> None:
    """G-3.3.2-18, G-3.3.2-20."""
    ticket = "unknown" if broken else fresh()
    assert is_page(arrive(visitor, ticket, claims_redirect_uri=address))


@pytest.mark.parametrize("client", [None, "", "nobody", "WEB", "web ", "client"])
@pytest.mark.parametrize("address", [None, BACK, "https://evil.example/"])
def test_nobody_is_sent_anywhere_for_a_client_that_cannot_be(
    visitor: Browser, fresh: Make, client: str | None, address: str | None
) -> None:
    named = {"client_id": client, "claims_redirect_uri": address, "ticket": fresh()}
    answer = visitor.get("/claims", **{k: v for k, v in named.items() if v is not None})
    assert is_page(answer)


@pytest.mark.parametrize("name", ["client_id", "claims_redirect_uri"])
@pytest.mark.parametrize("first", [True, False])
def test_a_repeated_client_or_address_sends_nobody_anywhere(
    visitor: Browser,
    fresh: Make,
    name: str,
    first: bool,  # noqa: FBT001 - a case of the table
) -> None:
    pairs = [("client_id", "web"), ("ticket", fresh()), ("claims_redirect_uri", BACK)]
    again = (name, "two" if name == "client_id" else "https://evil.example/")
    query = urlencode([again, *pairs] if first else [*pairs, again])
    assert is_page(visitor.get(f"/claims?{query}"))


@pytest.mark.parametrize("name", ["ticket", "state"])
def test_another_repeated_parameter_is_told_to_the_client(
    visitor: Browser, fresh: Make, told: Told, name: str
) -> None:
    pairs = [("client_id", "web"), ("ticket", fresh()), ("state", "s"), (name, "again")]
    members = told(visitor.get(f"/claims?{urlencode(pairs)}"))
    assert members == {"error": "invalid_request", **({"state": "s"} if name == "ticket" else {})}


@pytest.mark.parametrize(
    "name",
    ["Claims_Redirect_Uri", "redirect_uri", "claims%5Fredirect_uri", "claims_redirect_uri[]"],
)
def test_a_parameter_of_another_name_is_ignored(visitor: Browser, told: Told, name: str) -> None:
    query = {"client_id": "web", "ticket": "unknown", name: "https://evil.example/"}
    assert told(visitor.get("/claims", **query)) == {"error": "invalid_request"}


def test_a_single_address_may_be_left_out_and_several_may_not(
    visitor: Browser, fresh: Make, arrive: Go, told: Told
) -> None:
    """G-3.3.2-09."""
    assert told(arrive(visitor, "unknown"))["error"] == "invalid_request"
    assert is_page(arrive(visitor, fresh(), "two"))
    named = arrive(visitor, "unknown", "two", claims_redirect_uri="com.example.two:/b")
    assert told(named, "com.example.two:/b?") == {"error": "invalid_request"}


def test_a_claims_address_is_no_address_for_codes(visitor: Browser) -> None:
    """G-3.3.2-18, the other way round."""
    visitor.sign_in("alice")
    query = {"client_id": "web", "response_type": "token", "redirect_uri": BACK}
    assert is_page(visitor.get("/authorize", **query))


def test_a_public_client_comes_back_to_what_it_registered(
    visitor: Browser, fresh: Make, page_of: Go, told: Told, server: httpx.Client
) -> None:
    """G-3.3.2-17."""
    page = page_of(visitor, fresh(), client="public")
    answer = visitor.send(page, "/claims/visit", decision="continue")
    ticket = told(answer, "http://127.0.0.1/claims?")["ticket"]
    grant = "urn:ietf:params:oauth:grant-type:uma-ticket"
    form = {"grant_type": grant, "ticket": ticket, "client_id": "public"}
    assert server.post("/token", data=form).status_code == 200


def test_a_page_leads_to_the_client_and_nowhere_else(
    visitor: Browser, fresh: Make, page_of: Go
) -> None:
    page = page_of(visitor, fresh())
    policy = page.headers["content-security-policy"].split("; ")
    assert [item for item in policy if item.startswith("form-action")] == [
        "form-action 'self' https://app.example"
    ]


def test_the_ticket_goes_to_the_client_and_to_no_other_place(
    browser: Open, visitor: Browser, fresh: Make, arrive: Go, page_of: Go, caplog: Any
) -> None:
    """No page, no further address and no log has it."""
    ticket = fresh()
    answers = [arrive(visitor, ticket)]
    while answers[-1].status_code == 303:
        answers.append(visitor.follow(answers[-1]))
    answers.append(page_of(browser(), fresh()))
    for answer in answers:
        assert ticket not in answer.text + str(answer.headers.multi_items())
    assert answers[0].headers["referrer-policy"] == "same-origin"
    assert answers[0].headers["cache-control"] == "no-store"
    assert ticket not in caplog.text


class TestSwitchedOff:
    @pytest.fixture
    def document(self, document: dict[str, object]) -> dict[str, object]:
        return {**document, "features": []}

    def test_there_is_no_such_place(self, visitor: Browser, server: httpx.Client) -> None:
        assert visitor.get("/claims", client_id="web", ticket="x").status_code == 404
        assert visitor.get("/claims/visit").status_code == 404
        shown = server.get("/.well-known/uma2-configuration").json()
        assert "claims_interaction_endpoint" not in shown
