"""Where an answer leads a browser, and what was added to an address on the way."""

import pytest

from uma_conformance.navigation import (
    added,
    destinations,
    in_fragment,
    keeps_query,
    leads_to,
    redirection,
    same_place,
    text_of,
)

HERE = "https://as.example/claims/visit"
BACK = "https://app.example/claims"


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (302, [("location", f"{BACK}?ticket=t&state=s")], ""),
        (307, [("Location", f"{BACK}?ticket=t&state=s")], ""),
        (200, [("refresh", f"0; url={BACK}?ticket=t&state=s")], ""),
        (200, [("refresh", f"0;{BACK}?ticket=t&state=s")], ""),
        (200, [], f'<meta http-equiv="Refresh" content="0;URL=\'{BACK}?ticket=t&amp;state=s\'">'),
    ],
)
def test_redirections_of_every_kind(status: int, headers: list[tuple[str, str]], body: str) -> None:
    assert redirection(HERE, status, headers, body) == f"{BACK}?ticket=t&state=s"


@pytest.mark.parametrize(
    "script",
    [
        'window.location = "https:\\/\\/app.example\\/claims?ticket=t\\u0026state=s";',
        f"location.href='{BACK}?ticket=t\\x26state=s'",
        f'document.location.replace("{BACK}?ticket=t&state=s")',
        f"top.location.assign( '{BACK}?ticket=t&state=s' )",
    ],
)
def test_scripts_are_looked_into(script: str) -> None:
    page = f"<p>One moment.</p><script>{script}</script>"
    assert destinations(HERE, 200, [], page) == [f"{BACK}?ticket=t&state=s"]
    assert redirection(HERE, 200, [], page) == ""


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, [("location", BACK)], ""),
        (201, [("location", BACK)], ""),
        (304, [("location", BACK)], ""),
        (302, [], ""),
        (200, [], f'<p>Go back to <a href="{BACK}">the client</a>.</p>'),
        (200, [], "<p>My location = 'https://app.example/claims'</p>"),
        (200, [("refresh", "30")], ""),
    ],
)
def test_pages_that_lead_nowhere(status: int, headers: list[tuple[str, str]], body: str) -> None:
    assert list(destinations(HERE, status, headers, body)) == []


def test_relative_places_are_resolved() -> None:
    assert redirection(HERE, 303, [("location", "/sign-in")], "") == "https://as.example/sign-in"


def test_broken_addresses_are_no_traceback() -> None:
    assert redirection(HERE, 302, [("location", "https://[broken/")], "") == "https://[broken/"
    assert not same_place("https://[broken/", BACK)
    assert not leads_to("https://[broken/", BACK)
    assert list(added("https://[broken/")) == []


def test_the_same_place_in_other_words() -> None:
    assert same_place("https://APP.example/claims?ticket=t", BACK)
    assert same_place("https://app.example?ticket=t", "https://app.example/")
    assert not same_place("https://app.example/claims/?ticket=t", BACK)


def test_just_this_uri() -> None:
    assert leads_to(f"{BACK}?ticket=t", BACK)
    assert not leads_to("https://app.example/claims?ticket=t", "https://APP.EXAMPLE/claims")
    assert not leads_to(f"{BACK}?ticket=t", f"{BACK}?more=1")
    assert not leads_to(f"{BACK}?ticket=t", f"{BACK}#here")
    assert leads_to(f"{BACK}?ticket=t#here", f"{BACK}#here")


def test_a_query_is_kept_however_it_is_encoded() -> None:
    uri = f"{BACK}?kept=1&also=a%20b"
    assert keeps_query(f"{BACK}?also=a+b&ticket=t&kept=1", uri)
    assert not keeps_query(f"{BACK}?kept=1&ticket=t", uri)
    assert not keeps_query(f"{BACK}?kept=2&also=a+b&ticket=t", uri)


def test_what_was_added() -> None:
    uri = f"{BACK}?state=own"
    assert list(added(f"{uri}&ticket=t&state=", uri)) == [("ticket", "t"), ("state", "")]
    assert list(in_fragment(f"{BACK}#ticket=t")) == [("ticket", "t")]


def test_text_of_a_page() -> None:
    page = "<title>Error</title><style>p{}</style><script>go()</script><p>Not\n known.</p>"
    assert text_of(page) == "Error Not known."
    assert text_of("<script>go()</script><p> </p>") == ""
    assert text_of('{"error": "invalid_client"}') == '{"error": "invalid_client"}'
