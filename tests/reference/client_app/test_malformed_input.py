"""Whatever browsers send: a page that says what is wrong, never a failure of the application."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.conftest import World
    from tests.reference.client_app.conftest import Visiting
else:
    Visiting = World = Any

FORM = "application/x-www-form-urlencoded"
PLACES = (
    *("/", "/sign-in", "/sign-out", "/open", "/return", "/forget", "/requests/KEY", "/requests/x"),
    *("/requests/KEY/edit", "/requests/KEY/ask", "/requests/KEY/drop", "/requests/KEY/download"),
    *("/assets/x/page.css", "/nowhere", "//", "/%00", "/requests/%ff"),
)
FIELDS = ("form_token", "address", "server", "content", "name", "password", "state", "ticket")
METHODS = ("GET", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW")
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
found = text | st.sampled_from(
    ("TOKEN", "https://rs.example/photo", "https://rs.example:443", "STATE", "https://[", "\x00")
)
forms = st.lists(st.tuples(st.sampled_from(FIELDS) | text, found), max_size=6)


@given(
    method=st.sampled_from(METHODS),
    place=st.sampled_from(PLACES),
    query=forms,
    form=forms,
    raw=st.none() | st.binary(max_size=60),
    kind=st.sampled_from([FORM, f"{FORM}; charset=x", "application/json", "", "é"]),
    cookie=st.booleans(),
)
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_nothing_breaks_the_application(  # the fixture serves all examples, as a server does
    world: World,
    bob: Visiting,
    method: str,
    place: str,
    query: list[tuple[str, str]],
    form: list[tuple[str, str]],
    raw: bytes | None,
    kind: str,
    *,
    cookie: bool,
) -> None:
    world.answers.clear()
    world.submitted()
    if "/requests/KEY" in place or not bob.path.startswith("/requests/"):
        bob.sign_in()
        bob.open()
        world.answers.clear()
        world.fail("request_denied", 403)
    key = bob.path.rpartition("/")[2]
    token = bob.token()
    pairs = [(name, token if value == "TOKEN" else value) for name, value in form]
    if method == "POST" and raw is None:
        pairs = [*(pair for pair in pairs if pair[0] != "form_token"), ("form_token", token)]
    body = raw if raw is not None else encoded(pairs).encode()
    place = f"{place.replace('KEY', key)}?{encoded(query)}"
    headers = {b"content-type": kind.encode("latin-1")}
    if not cookie:
        headers[b"cookie"] = b"__Host-app-session=\xff"
    answer = bob.http.request(method, place, content=body, headers=headers)
    assert answer.status_code < 500, (method, place, body, answer.text)
    if answer.headers.get("content-type", "").startswith("text/html") and method != "HEAD":
        assert "<h1>" in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def encoded(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"a=1&a=2", FORM, 400),
        (b"a=%ff", FORM, 400),
        (b"\xff=1", FORM, 400),
        (b"&".join(b"a%d=1" % number for number in range(30)), FORM, 400),
        (b"a" * 300_000, FORM, 413),
        (b"{}", "application/json", 415),
        (b"a=1", "", 415),
    ],
)
def test_a_form_that_cannot_be_read(bob: Visiting, body: bytes, kind: str, status: int) -> None:
    answer = bob.http.post("/open", content=body, headers={"content-type": kind})
    assert answer.status_code == status
    assert 'href="/"' in answer.text
