"""The authorization endpoint: who may be told what, and where (RFC 6749 section 4.1, 9207)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

Open = Callable[..., Browser]
Request = Callable[..., dict[str, str]]
CB = "https://rs.example/cb?tenant=a;b"
STATE = "a b&c=\u00fc"


def told(answer: httpx.Response) -> list[tuple[str, str]]:
    """Return what a client is told by a redirection to its registered address."""
    assert answer.status_code == 303
    place = answer.headers["location"]
    assert place.startswith(f"{CB}&"), place
    return parse_qsl(place.removeprefix(f"{CB}&"), keep_blank_values=True, strict_parsing=True)


def is_page(answer: httpx.Response) -> bool:
    """Tell whether a person is told on a page, and sent nowhere."""
    html = answer.headers["content-type"].startswith("text/html")
    return answer.status_code == 400 and "location" not in answer.headers and html


def test_an_owner_is_asked_after_signing_in(browser: Open, request_of: Request) -> None:
    visitor = browser()
    answer = visitor.get("/authorize", **request_of())
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2Fauthorize%3F")
    form = visitor.follow(answer)
    back = visitor.send(form, "/sign-in", name="alice", password="alice-password")
    page = visitor.follow(back)
    assert page.status_code == 200
    assert "web" in page.text
    assert "form-action 'self' https://rs.example;" in (
        page.headers["content-security-policy"] + ";"
    )
    assert [name for name, _ in told(visitor.send(page, "/authorize", decision="allow"))] == [
        "code",
        "state",
        "iss",
    ]


@pytest.mark.parametrize("decision", ["deny", "", "ALLOW", None])
def test_anything_but_a_yes_is_a_no(
    owner: Browser, request_of: Request, decision: str | None
) -> None:
    page = owner.get("/authorize", **request_of())
    answer = owner.send(page, "/authorize", decision=decision)
    assert told(answer) == [
        ("error", "access_denied"),
        ("state", STATE),
        ("iss", "https://as.example"),
    ]


@pytest.mark.parametrize("state", [None, ""])
def test_no_state_comes_back_when_none_was_sent(
    owner: Browser, request_of: Request, state: str | None
) -> None:
    page = owner.get("/authorize", **request_of(state=state))
    for decision in ("deny", "allow"):
        members = dict(told(owner.send(page, "/authorize", decision=decision)))
        assert "state" not in members
    refused = owner.get("/authorize", **request_of(state=state, scope="x"))
    assert "state" not in dict(told(refused))


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"response_type": "CODE"}, "unsupported_response_type"),
        ({"scope": "view"}, "invalid_scope"),
        ({"scope": "uma_protection view"}, "invalid_scope"),
        ({"scope": "UMA_PROTECTION"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "c" * 44}, "invalid_request"),
        ({"code_challenge": "c" * 42 + "="}, "invalid_request"),
        ({"code_challenge": "c" * 43 + "\n"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "s256"}, "invalid_request"),
    ],
)
def test_the_client_is_told_what_is_wrong(
    browser: Open, request_of: Request, changed: dict[str, str | None], error: str
) -> None:
    answer = browser().get("/authorize", **request_of(**changed))
    assert told(answer) == [("error", error), ("state", STATE), ("iss", "https://as.example")]


def test_a_client_without_the_scope_is_told_so(owner: Browser, request_of: Request) -> None:
    answer = owner.get("/authorize", **request_of("plain"))
    assert answer.headers["location"].startswith("https://plain.example/cb?error=invalid_scope&")


def test_the_scope_may_be_left_out(owner: Browser, request_of: Request) -> None:
    assert owner.get("/authorize", **request_of(scope=None)).status_code == 200


@pytest.mark.parametrize("name", ["state", "scope", "response_type", "code_challenge", "state="])
def test_a_repeated_parameter_is_told_to_the_registered_address(
    browser: Open, request_of: Request, name: str
) -> None:
    pairs = [*request_of().items(), (name.rstrip("="), "" if name.endswith("=") else "x")]
    answer = browser().get(f"/authorize?{urlencode(pairs)}")
    members = dict(told(answer))
    assert members["error"] == "invalid_request"
    assert members.get("state") == (None if name.startswith("state") else STATE)


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": None},
        {"client_id": ""},
        {"client_id": "nobody"},
        {"client_id": "WEB"},
        {"client_id": "client"},
        {"client_id": "client", "redirect_uri": None},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "https://rs.example/cb"},
        {"redirect_uri": f"{CB}&more=1"},
        {"redirect_uri": CB.replace("rs.example", "RS.example")},
        {"redirect_uri": CB.replace("https", "HTTPS")},
        {"redirect_uri": CB.replace("/cb", "/./cb")},
        {"redirect_uri": CB.replace("/cb", ":443/cb")},
        {"redirect_uri": CB.replace("a;b", "a%3Bb")},
        {"redirect_uri": CB.replace("/cb", "/%63b")},
        {"redirect_uri": f"{CB} "},
        {"redirect_uri": f"{CB}#x"},
        {"redirect_uri": f"{CB}\n"},
        {"client_id": "app", "redirect_uri": None},
        {"client_id": "app", "redirect_uri": "https://app.example/claims"},
        {"client_id": "app", "redirect_uri": "http://127.0.0.1:5000/cb"},
    ],
)
@pytest.mark.parametrize("more", [{}, {"response_type": "token"}])
def test_nobody_is_sent_to_an_address_that_is_not_registered(
    browser: Open,
    owner: Browser,
    request_of: Request,
    changed: dict[str, str | None],
    more: dict[str, str],
) -> None:
    for visitor in (browser(), owner):
        assert is_page(visitor.get("/authorize", **request_of(**changed, **more)))


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
@pytest.mark.parametrize("first", [True, False])
def test_a_repeated_address_or_client_sends_nobody_anywhere(
    owner: Browser,
    request_of: Request,
    name: str,
    first: bool,  # noqa: FBT001 - a case of the table
) -> None:
    evil = (name, "https://evil.example/" if name == "redirect_uri" else "app")
    pairs = list(request_of().items())
    answer = owner.get(f"/authorize?{urlencode([evil, *pairs] if first else [*pairs, evil])}")
    assert is_page(answer)


@pytest.mark.parametrize("name", ["Redirect_URI", "redirect%5Furi%00", "redirect_uri[]"])
def test_a_parameter_of_another_name_is_ignored(
    owner: Browser, request_of: Request, name: str
) -> None:
    answer = owner.get("/authorize", **request_of(response_type="x"), **{name: "https://evil/"})
    assert told(answer)[0] == ("error", "unsupported_response_type")


@pytest.mark.parametrize("value", [None, ""])
def test_a_single_address_may_be_left_out(
    owner: Browser, request_of: Request, value: str | None
) -> None:
    page = owner.get("/authorize", **request_of(redirect_uri=value))
    assert told(owner.send(page, "/authorize", decision="allow"))[0][0] == "code"


def test_a_requesting_party_is_no_owner(browser: Open, request_of: Request) -> None:
    visitor = browser()
    visitor.sign_in("carol")
    answer = visitor.get("/authorize", **request_of())
    assert answer.status_code == 403
    assert "location" not in answer.headers


def test_nothing_is_decided_without_a_session(browser: Open, request_of: Request) -> None:
    visitor = browser()
    page = visitor.get("/sign-in").text
    token = page.partition('name="form_token" value="')[2].partition('"')[0]
    form = {**request_of(), "decision": "allow", "form_token": token}
    answer = visitor.http.post("/authorize", data=form, headers={"Origin": visitor.origin})
    assert answer.status_code == 403
    assert "location" not in answer.headers


def test_a_decision_of_another_site_does_not_count(owner: Browser, request_of: Request) -> None:
    page = owner.get("/authorize", **request_of())
    answers = [
        owner.send(page, "/authorize", origin="https://evil.example", decision="allow"),
        owner.send(page, "/authorize", decision="allow", form_token="x"),
        owner.send(page, "/authorize", decision="allow", form_token=None),
    ]
    assert [(item.status_code, "location" in item.headers) for item in answers] == [
        (403, False)
    ] * 3


def test_a_form_that_was_changed_is_looked_at_again(owner: Browser, request_of: Request) -> None:
    page = owner.get("/authorize", **request_of())
    elsewhere = owner.send(
        page, "/authorize", decision="allow", redirect_uri="https://evil.example/"
    )
    assert is_page(elsewhere)
    more = owner.send(page, "/authorize", decision="allow", scope="uma_protection view")
    assert told(more)[0] == ("error", "invalid_scope")


def test_the_page_shows_names_as_text(owner: Browser, server: httpx.Client) -> None:
    name = "<b>Bank\u202egnp</b>"
    registered = server.post(
        "/register",
        json={"client_name": name, "redirect_uris": [CB], "scope": "uma_protection"},
    ).json()
    request = {
        "client_id": registered["client_id"],
        "response_type": "code",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
    }
    page = owner.get("/authorize", **request)
    assert page.status_code == 200
    assert "<b>" not in page.text
    assert "<bdi>&lt;b&gt;Bank" in page.text


def test_a_client_that_did_not_register_for_codes_gets_none(
    owner: Browser, server: httpx.Client, request_of: Request
) -> None:
    grants = ["urn:ietf:params:oauth:grant-type:uma-ticket"]
    metadata = {"redirect_uris": [CB], "scope": "uma_protection", "grant_types": grants}
    client = server.post("/register", json=metadata).json()["client_id"]
    answer = owner.get("/authorize", **request_of(client, redirect_uri=CB))
    assert told(answer)[0] == ("error", "unauthorized_client")
