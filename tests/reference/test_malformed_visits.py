"""Whatever a browser sends: never an error of the server, and nobody is sent to a strange place."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from uma_reference.authorization_server import AdjustableClock, MemoryStore
from uma_reference.authorization_server.gathering import Asked
from uma_reference.authorization_server.handles import BrowserSession
from uma_reference.opaque import digest
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
NAMES = (
    *("response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge"),
    *("code_challenge_method", "ticket", "claims_redirect_uri", "next", "page", "q", "form_token"),
    *("name", "password", "decision", "visit", "asked", "persist", "stated.x"),
    *("scopes", "who", "until", "policy", "party", "issuer", "claim", "values", "ask"),
)

ascii_text = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
values = st.one_of(
    *(st.text(max_size=20), ascii_text, st.integers().map(str)),
    st.sampled_from(("web", "code", "uma_protection", "S256", "c" * 43, CALLBACK, BACK, "TICKET")),
    st.sampled_from(("TOKEN", "RESOURCE", "alice", "alice-password", "allow", "continue", "yes")),
    st.sampled_from(("https://evil.example/", "//evil.example", r"/\evil.example", "/me", "")),
)


def mostly(right: str) -> st.SearchStrategy[str]:
    """Draw what is right four times out of five: garbage gets further in good company."""
    return st.one_of(*(st.just(right) for _ in range(4)), values)


def members(optional: tuple[str, ...] = (), **right: str) -> st.SearchStrategy[Pairs]:
    """Draw parameters that are mostly right, and some more that are anything."""
    return st.fixed_dictionaries(
        {name: mostly(value) for name, value in right.items()},
        optional=dict.fromkeys(optional, values),
    ).map(lambda found: list(found.items()))


anything = st.lists(st.tuples(st.sampled_from(NAMES) | ascii_text, values), max_size=8)
authorizations = members(
    ("state", "redirect_uri"),
    response_type="code",
    client_id="web",
    scope="uma_protection",
    code_challenge="c" * 43,
    code_challenge_method="S256",
)
nothing: Pairs = []
deeds = st.one_of(
    st.tuples(st.just("GET"), st.just("/authorize"), authorizations, st.just(nothing)),
    st.tuples(
        st.just("POST"),
        st.just("/authorize"),
        st.just(nothing),
        st.tuples(authorizations, members(decision="allow")).map(lambda two: [*two[0], *two[1]]),
    ),
    st.tuples(
        st.sampled_from(("GET", "HEAD")),
        st.just("/claims"),
        members(("state", "claims_redirect_uri"), client_id="web", ticket="TICKET"),
        st.just(nothing),
    ),
    st.tuples(
        st.just("POST"),
        st.just("/claims/visit"),
        st.just(nothing),
        members(("stated.x", "persist"), visit="DIGEST", asked="ASKED", decision="continue"),
    ),
    st.tuples(
        st.just("POST"),
        st.just("/sign-in"),
        st.just(nothing),
        members(("next",), name="alice", password="alice-password"),
    ),
    st.tuples(
        st.sampled_from(("GET", "POST", "HEAD", "PUT", "DELETE")),
        *(st.sampled_from(PLACES), anything, anything),
    ),
)
cookies = st.lists(
    st.tuples(
        st.sampled_from((SESSION, GATHERING, "other")),
        st.sampled_from(("ALICE", "CAROL", "VISIT", "x", "")) | ascii_text,
    ),
    max_size=1,
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


@settings(
    max_examples=400,
    deadline=None,
    # The server may keep what earlier examples left in it; garbage has to be harmless all the same.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    deeds,
    ascii_text,
    st.one_of(*(st.none() for _ in range(6)), st.binary(max_size=100)),
    st.sampled_from((*[FORM] * 6, "application/json", "multipart/form-data", "")),
    cookies,
    st.sampled_from((*[None] * 6, "https://as.example", "null", "https://evil.example")),
)
def test_garbage_gets_a_page_or_a_named_error(
    server: httpx.Client,
    browser: Callable[..., Browser],
    store: MemoryStore,
    clock: AdjustableClock,
    register: Callable[..., str],
    ticket: Callable[..., str],
    deed: tuple[str, str, Pairs, Pairs],
    segment: str,
    garbage: bytes | None,
    media_type: str,
    held: Pairs,
    origin: str | None,
) -> None:
    method, place, query, form = deed
    resource = register("view")
    visitor = browser()
    visitor.get("/claims", client_id="web", ticket=ticket({resource: ["view"]}))
    for name in ("alice", "carol"):
        # Anew each time, as the garbage may have signed them out.
        store.put_handle(BrowserSession(f"{name}-here", name, clock.now(), clock.now() + 900))
    known = {
        "ALICE": "alice-here",
        "CAROL": "carol-here",
        "VISIT": str(visitor.http.cookies[GATHERING]),
        "TICKET": ticket({resource: ["view"]}),
        "RESOURCE": resource,
        # Without a policy nothing is asked but who it is.
        "ASKED": Asked(("sub",), ()).digest,
    }
    known["DIGEST"] = digest(known["VISIT"])

    def filled(text: str) -> str:
        for name, value in known.items():
            text = text.replace(name, value)
        return text

    session = [filled(value) for name, value in held if name == SESSION][-1]
    known["TOKEN"] = form_token(session)
    path = filled(place.replace("ANY", quote(segment, safe="") or "x"))
    address = f"{path}?{urlencode([(name, filled(value)) for name, value in query])}"
    pairs = [*((name, filled(value)) for name, value in form), ("form_token", known["TOKEN"])]
    sent = urlencode(pairs).encode() if garbage is None else garbage
    headers = {"Cookie": "; ".join(f"{name}={filled(value)}" for name, value in held)}
    headers |= {"Content-Type": media_type} if media_type else {}
    headers |= {"Origin": origin} if origin else {}
    server.cookies.clear()
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
