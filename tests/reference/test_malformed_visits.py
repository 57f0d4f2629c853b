"""Whatever a browser sends: never an error of the server, and nobody is sent to a strange place."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from uma_reference.web import form_token

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

Document = dict[str, object]
Pairs = list[tuple[str, str]]
CALLBACK, BACK = "https://rs.example/cb", "https://app.example/claims?x=1"
SESSION, GATHERING = "__Host-as-session", "__Host-as-gathering"
FORM = "application/x-www-form-urlencoded"
ERRORS = frozenset({400, 401, 403, 404, 405, 409, 413, 429})
PLACES = (
    *("/authorize", "/authorize", "/claims", "/claims", "/claims/visit", "/claims/visit"),
    *("/sign-in", "/sign-out", "/", "/me", "/me/forget", "/my/resources", "/my/resources/RESOURCE"),
    *("/my/requests", "/my/requests/ANY", "/my/events", "/my/people", "/my/resources/ANY"),
    *("/my/resources/RESOURCE/withdraw", "/my/people/ANY"),
)
QUERY_NAMES = (
    *("response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge"),
    *("code_challenge_method", "ticket", "claims_redirect_uri", "next", "page", "q", "form_token"),
)
FIELD_NAMES = (
    *(*QUERY_NAMES, "name", "password", "decision", "visit", "asked", "persist", "stated.x"),
    *("scopes", "who", "until", "policy", "party", "issuer", "claim", "values", "ask"),
)

ascii_text = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
values = st.one_of(
    *(st.text(max_size=20), ascii_text, st.integers().map(str)),
    st.sampled_from(("web", "code", "uma_protection", "S256", "c" * 43, CALLBACK, BACK, "TICKET")),
    st.sampled_from(("TOKEN", "RESOURCE", "alice", "alice-password", "allow", "continue", "yes")),
    st.sampled_from(("https://evil.example/", "//evil.example", r"/\evil.example", "/me", "")),
)
authorizations = st.fixed_dictionaries(
    {
        "response_type": st.just("code") | values,
        "client_id": st.just("web") | values,
        "scope": st.just("uma_protection") | values,
        "code_challenge": st.just("c" * 43) | values,
        "code_challenge_method": st.just("S256") | values,
    },
    optional={"state": values, "redirect_uri": st.just(CALLBACK) | values, "decision": values},
).map(lambda found: list(found.items()))
visits = st.fixed_dictionaries(
    {"client_id": st.just("web") | values, "ticket": st.just("TICKET") | values},
    optional={"state": values, "claims_redirect_uri": st.just(BACK) | values},
).map(lambda found: list(found.items()))
sign_ins = st.fixed_dictionaries(
    {"name": st.just("alice") | values, "password": st.just("alice-password") | values},
    optional={"next": values},
).map(lambda found: list(found.items()))
queries = st.one_of(
    *(authorizations, visits),
    st.lists(st.tuples(st.sampled_from(QUERY_NAMES) | ascii_text, values), max_size=6),
)
fields = st.one_of(
    *(authorizations, visits, sign_ins),
    st.lists(st.tuples(st.sampled_from(FIELD_NAMES) | ascii_text, values), max_size=8),
)
bodies = st.binary(max_size=100) | fields.map(
    lambda pairs: urlencode([*pairs, ("form_token", "TOKEN")]).encode()
)
cookies = st.lists(
    st.tuples(
        st.sampled_from((SESSION, GATHERING, "other")),
        st.sampled_from(("ALICE", "CAROL", "VISIT", "x", "")) | ascii_text,
    ),
    max_size=3,
).map(lambda pairs: [(SESSION, "ALICE"), (GATHERING, "VISIT"), *pairs])


@pytest.fixture
def document(document: Document) -> Document:
    """Switch everything on, and no limit that garbage would soon reach."""
    web: Document = {
        "id": "web",
        "secret": "web-secret",
        "scopes": ["uma_protection"],
        "redirect_uris": [CALLBACK],
        "claims_redirect_uris": [BACK],
    }
    return {
        **document,
        "clients": [*cast("list[object]", document["clients"]), web],
        "requesting_parties": [{"id": "carol", "password": "carol-password"}],
        "features": [
            *("dynamic-registration", "interactive-claims", "pct", "refresh"),
            *("request_submitted", "revocation", "rpt-upgrade"),
        ],
        "limits": {"sign_ins": 10**6},
    }


@pytest.fixture
def people(browser: Callable[..., Browser]) -> dict[str, str]:
    """Return the cookies of a signed-in owner and of a requesting party."""
    alice, carol = browser(), browser()
    alice.sign_in("alice")
    carol.sign_in("carol")
    return {"ALICE": str(alice.http.cookies[SESSION]), "CAROL": str(carol.http.cookies[SESSION])}


@settings(
    max_examples=400,
    deadline=None,
    # The server may keep what earlier examples left in it; garbage has to be harmless all the same.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.sampled_from(("GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE")),
    st.sampled_from(PLACES),
    ascii_text,
    queries,
    bodies,
    st.sampled_from((FORM, FORM, FORM, "application/json", "multipart/form-data", "")),
    cookies,
    st.sampled_from((None, None, "https://as.example", "null", "https://evil.example")),
)
def test_garbage_gets_a_page_or_a_named_error(
    server: httpx.Client,
    browser: Callable[..., Browser],
    people: dict[str, str],
    register: Callable[..., str],
    ticket: Callable[..., str],
    method: str,
    place: str,
    segment: str,
    query: Pairs,
    body: bytes,
    media_type: str,
    held: Pairs,
    origin: str | None,
) -> None:
    resource = register("view")
    visitor = browser()
    visitor.get("/claims", client_id="web", ticket=ticket({resource: ["view"]}))
    known = {
        **people,
        "VISIT": str(visitor.http.cookies[GATHERING]),
        "TICKET": ticket({resource: ["view"]}),
        "RESOURCE": resource,
    }

    def filled(text: str) -> str:
        for name, value in known.items():
            text = text.replace(name, value)
        return text

    session = [filled(value) for name, value in held if name == SESSION][-1]
    known["TOKEN"] = form_token(session)
    path = filled(place.replace("ANY", quote(segment, safe="") or "x"))
    address = f"{path}?{urlencode([(name, filled(value)) for name, value in query])}"
    headers = {"Cookie": "; ".join(f"{name}={filled(value)}" for name, value in held)}
    headers |= {"Content-Type": media_type} if media_type else {}
    headers |= {"Origin": origin} if origin else {}
    sent = filled(body.decode("latin-1")).encode("latin-1")
    answer = server.request(method, address, content=sent, headers=headers)
    if answer.status_code == 303:
        to = answer.headers["location"]
        own = to.startswith("/") and not to.startswith(("//", "/\\"))
        assert own or to.startswith((f"{CALLBACK}?", f"{BACK}&"))
        return
    assert answer.status_code < 300 or answer.status_code in ERRORS
    if answer.status_code >= 400 and method != "HEAD":
        html = answer.headers["content-type"].startswith("text/html")
        assert "<h1>" in answer.text if html else answer.json()["error"]
