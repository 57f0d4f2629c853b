"""Whatever is sent to whichever place: never an error of the server, always one that is named."""

import base64
import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ALICE = "alice:alice-rs-password"
PLACES = (
    *("/owners/alice/documents", "/owners/alice/documents/notes", "/owners/ANY/documents"),
    *("/owners/alice/documents/ANY", "/owners/alice/documents/notes/description"),
    *("/owners/alice/connect", "/owners/alice/connection", "/connect/callback", "/ANY"),
    *("/owners/alice/settle", "/owners/alice/documents/", "/"),
)
GUARDED = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


def basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


header_text = st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=20)
text = st.text(st.characters(exclude_categories=[]), max_size=10)
names = st.sampled_from(
    ("id", "name", "scopes", "operations", "media_type", "content", "related", "ask_for", "type")
)
shapes = st.recursive(
    st.none() | st.booleans() | st.integers() | text | st.just("view") | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=8,
)
bodies = st.one_of(
    st.binary(max_size=100),
    shapes.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(names, shapes).map(lambda value: json.dumps({"name": "x", **value}).encode()),
)
credentials = st.one_of(
    st.just(basic(ALICE)),
    st.tuples(st.sampled_from(("Bearer", "Basic", "Digest")), header_text).map(" ".join),
    header_text,
    st.just(""),
)
methods = st.sampled_from(("GET", "HEAD", "POST", "POST", "PUT", "PUT", "PATCH", "DELETE", "X"))


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    methods,
    st.sampled_from(PLACES),
    header_text,
    bodies,
    st.just("application/json") | header_text,
    credentials,
    st.sampled_from(("", "state=x", "state=x&state=y", "code=%ff", "state=%00&code=x")),
)
def test_garbage_gets_a_named_error(
    rs: httpx.Client,
    method: str,
    place: str,
    segment: str,
    body: bytes,
    media_type: str,
    credential: str,
    query: str,
) -> None:
    path = place.replace("ANY", quote(segment, safe="") or "x")
    headers = [(b"Content-Type", media_type.encode("latin-1"))]
    headers += [(b"Authorization", credential.encode("latin-1"))] if credential else []
    url = f"{path}?{query}" if query else path
    answer = rs.request(method, url, content=body, headers=headers)
    assert answer.status_code < 500
    assert GUARDED.items() <= answer.headers.items()
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    # An answer to HEAD has no body, whatever its status.
    if answer.status_code >= 400 and method != "HEAD":
        assert isinstance(answer.json()["error"], str)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PATCH", "/owners/alice/documents", "GET, POST"),
        ("POST", "/owners/alice/documents/notes", "DELETE, GET, PUT"),
        ("DELETE", "/owners/alice/documents/notes/description", "GET, PUT"),
        ("POST", "/connect/callback", "GET"),
        ("OPTIONS", "/owners/alice/documents", "GET, POST"),
    ],
)
def test_a_method_that_a_place_does_not_know(
    rs: httpx.Client, method: str, path: str, allow: str
) -> None:
    answer = rs.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allow)


@pytest.mark.parametrize(
    "path", ["/", "/owners", "/owners/alice", "/owners/alice/documents/", "/nothing"]
)
def test_a_place_that_is_not_there(rs: httpx.Client, path: str) -> None:
    answer = rs.get(path)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


def test_two_credentials_are_one_too_many(rs: httpx.Client) -> None:
    headers = [("Authorization", basic(ALICE)), ("Authorization", "Bearer x")]
    assert rs.get("/owners/alice/documents/notes", headers=headers).status_code == 400


def test_a_failure_of_the_server_itself_tells_nothing(
    rs: httpx.Client, core: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(core.store, "document", fail)
    answer = rs.get("/owners/alice/documents/notes")
    assert answer.status_code == 500
    assert GUARDED.items() <= answer.headers.items()
    assert "secret" not in answer.text
