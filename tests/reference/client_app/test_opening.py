"""A person opens what is shared, and sees it as text, with an account of the steps."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from starlette.types import ASGIApp

from uma_reference.client import Holdings, HttpxSender, MemoryWallet, WalletError
from uma_reference.client_app import Config, create_app
from uma_reference.clock import SystemClock, SystemRandomness

if TYPE_CHECKING:
    from tests.conftest import World
    from tests.reference.client_app.conftest import Visiting
else:
    Visiting = World = Any

PHOTO = "https://rs.example/photo"
Serving = Callable[..., None]


def test_who_signs_in_sees_what_is_shared(world: World, bob: Visiting, serving: Serving) -> None:
    serving(b'{"resourceType":"Patient","weight":1.10}', "application/fhir+json")
    world.grant()
    bob.open()
    assert bob.last.status_code == 200
    assert '{ "resourceType": "Patient", "weight": 1.10 }' in bob.says
    assert "Asking for an RPT with ticket 1" in bob.says


def test_a_document_is_never_markup(world: World, bob: Visiting, serving: Serving) -> None:
    serving(b"<script>alert(1)</script><h1>Sign in</h1>", "text/html")
    world.grant()
    bob.open()
    assert "<script>" not in bob.last.text
    assert "&lt;script&gt;alert(1)" in bob.last.text
    assert "default-src 'none'" in bob.last.headers["content-security-policy"]


def test_what_is_no_text_can_be_downloaded(world: World, bob: Visiting, serving: Serving) -> None:
    serving(b"\x89PNG\x00\x01", "image/png")
    world.grant()
    bob.open('https://rs.example/a%22%0Ab/../c"d;e.png')
    bob.open("https://rs.example/a%22%0A/x-ray 1.png".replace(" ", "%20"))
    assert "no text (image/png, 6 bytes)" in bob.says
    answer = bob.http.get(f"{bob.path}/download")
    assert answer.content == b"\x89PNG\x00\x01"
    assert answer.headers["content-disposition"] == 'attachment; filename="x-ray-1.png"'
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_secrets_are_on_no_page(world: World, bob: Visiting, serving: Serving) -> None:
    serving()
    world.need_info(redirect_user="https://ask.example/claims")
    world.submitted()
    world.grant("rpt-secret", pct="pct-secret", refresh_token="refresh-secret")
    pages: list[str] = []
    bob.open()
    left = bob.last.text
    state = left.partition("state=")[2].partition('"')[0]
    bob.go(f"/return?ticket=ticket-back&state={state}")
    pages.append(bob.last.text)
    world.now += 5
    bob.go(bob.path)
    assert "picture" in bob.says
    pages += [bob.last.text, bob.go("/").text]
    for secret in ("rpt-secret", "pct-secret", "refresh-secret", "client-secret", "ticket-", state):
        assert not [page for page in pages if secret in page], secret
    assert "PCT 1" in pages[1]


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "Type the address"),
        ("https://internal.example/", "documents of https://rs.example only"),
        ("https://169.254.169.254/latest/meta-data", "documents of https://rs.example only"),
        ("https://rs.example:8443/photo", "documents of https://rs.example only"),
        ("https://rs.example.evil.example/", "documents of https://rs.example only"),
        ("https://rs.example@evil.example/", "a name or a password"),
        ("https://rs.example\\@evil.example/", "a name or a password"),
        ("http://rs.example/photo", "not https"),
        ("http://127.0.0.1/photo", "not https"),
        ("file:///etc/passwd", "absolute https URL"),
        ("javascript:alert(1)", "absolute https URL"),
        ("https://rs.example/photo#part", "fragment"),
        ("https://rs.example/\u00fc", "characters"),
        ("https://[::1", "cannot be opened"),
        ("https://rs.example:x/", "cannot be opened"),
    ],
)
def test_other_addresses_are_not_fetched(
    world: World, bob: Visiting, address: str, why: str
) -> None:
    bob.open(address)
    assert bob.last.status_code == 400
    assert why in bob.says
    assert 'role="alert"' in bob.last.text
    assert world.requests == []


def test_a_resource_server_cannot_send_the_application_elsewhere(
    world: World, bob: Visiting
) -> None:
    world.resource = lambda _: httpx.Response(302, headers={"location": "https://internal.example"})
    bob.open()
    assert "sends the client on to https://internal.example:443" in bob.says
    assert [item.url.host for item in world.requests] == ["rs.example"]


def test_a_resource_server_cannot_name_just_any_authorization_server(
    world: World, bob: Visiting
) -> None:
    value = 'UMA as_uri="https://internal.example", ticket="t"'
    world.resource = lambda _: httpx.Response(401, headers={"www-authenticate": value})
    bob.open()
    assert "https://internal.example, which is not to be dealt with" in bob.says
    assert [item.url.host for item in world.requests] == ["rs.example"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "You may not do that"),
        (404, "Nothing is there"),
        (410, "Nothing is there any more"),
        (418, "something that is no document"),
        (500, "Not possible at the moment"),
    ],
)
def test_an_answer_that_is_no_document_is_explained(
    world: World, bob: Visiting, status: int, words: str
) -> None:
    world.resource = lambda _: httpx.Response(status, content=b"inner details")
    bob.open()
    assert bob.last.status_code == 200
    assert words in bob.says
    assert "inner details" not in bob.says


def test_a_refusal_says_why_and_what_to_do(world: World, bob: Visiting) -> None:
    world.fail("request_denied", 403)
    bob.open()
    assert "You were not given access" in bob.says
    assert "Ask the person whose document it is" in bob.says
    assert "request_denied" in bob.says


def test_a_document_that_is_too_long_is_not_read(
    world: World, app_document: dict[str, object], make_app: Callable[[], ASGIApp],
    visit_app: Callable[[ASGIApp], Visiting], serving: Serving,
) -> None:  # fmt: skip
    app_document["limits"] = {"resource_bytes": 10}
    serving(b"x" * 11)
    world.grant()
    browser = visit_app(make_app())
    browser.sign_in()
    browser.open()
    assert "longer than this client reads" in browser.says


def test_what_one_person_got_is_not_used_for_another(
    world: World, bob: Visiting, serving: Serving, visit_app: Callable[[ASGIApp], Visiting]
) -> None:
    serving()
    world.grant()
    bob.open()
    shown = bob.path
    carol = visit_app(bob.app)
    carol.sign_in("carol")
    assert "opened before" not in carol.says
    carol.go(shown)
    assert carol.last.status_code == 404
    world.fail("request_denied", 403)
    carol.open()
    assert "You were not given access" in carol.says
    assert world.sent_rpts()[-1] == ""


def test_a_document_is_for_the_browser_that_opened_it(
    world: World, bob: Visiting, serving: Serving, visit_app: Callable[[ASGIApp], Visiting]
) -> None:
    serving()
    world.grant()
    bob.open()
    shown = bob.path
    other = visit_app(bob.app)
    other.sign_in()
    assert other.go(shown).status_code == 404
    assert bob.go(shown).status_code == 200


def test_what_was_got_before_is_used_again_and_listed(
    world: World, bob: Visiting, serving: Serving, app_wallet: MemoryWallet
) -> None:
    serving()
    world.grant()
    bob.open()
    bob.go("/")
    assert f"What you have opened before {PHOTO}" in bob.says
    bob.send("/open", address=PHOTO)
    assert "picture" in bob.says
    assert world.sent_rpts()[-1] == "Bearer rpt-000001"
    assert [item.party for item in app_wallet.read().rpts] == ["bob"]
    assert app_wallet.read().clients == ()


def test_without_credentials_the_application_registers_itself(
    world: World, app_document: dict[str, object], make_app: Callable[[], ASGIApp],
    visit_app: Callable[[ASGIApp], Visiting], serving: Serving, app_wallet: MemoryWallet,
) -> None:  # fmt: skip
    app_document["authorization_servers"] = [{"issuer": "https://as.example"}]
    world.metadata["registration_endpoint"] = "https://as.example/register"
    serving()
    world.grant()
    browser = visit_app(make_app())
    browser.sign_in()
    browser.open()
    assert "The client is registered there now, as dyn" in browser.says
    (client,) = app_wallet.read().clients
    assert client.claims_redirect_uris == ("https://app.example/return",)


def test_only_so_many_requests_are_kept(
    world: World, app_document: dict[str, object], make_app: Callable[[], ASGIApp],
    visit_app: Callable[[ASGIApp], Visiting],
) -> None:  # fmt: skip
    app_document["limits"] = {"requests": 2}
    world.resource = lambda _: httpx.Response(404)
    browser = visit_app(make_app())
    browser.sign_in()
    paths = [browser.open().url.path for _ in range(3)]
    assert [browser.go(path).status_code for path in paths] == [404, 200, 200]


class BrokenWallet(MemoryWallet):
    """A wallet whose file cannot be used."""

    def read(self) -> Holdings:
        raise WalletError("/secret/place/wallet.json: it cannot be read")


def test_a_wallet_that_cannot_be_used_is_told_and_logged(
    world: World, app_document: dict[str, object], visit_app: Callable[[ASGIApp], Visiting],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    sender = HttpxSender(transport=httpx.MockTransport(world.handle))
    config = Config.from_document(app_document)
    app = create_app(config, sender, BrokenWallet(), SystemClock(), SystemRandomness())
    browser = visit_app(app)
    browser.sign_in()
    assert browser.last.status_code == 500
    assert "cannot be read or written at the moment" in browser.says
    form = {"form_token": browser.token(), "address": PHOTO}
    browser.last = browser.http.post("/open", data=form, follow_redirects=True)
    assert "Not possible at the moment" in browser.says
    assert "/secret" not in browser.says
    assert "/secret/place/wallet.json" in caplog.text


def test_a_failure_of_the_application_is_a_page_too(
    world: World, bob: Visiting, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise RuntimeError("inner details")

    world.resource = broken
    bob.open()
    assert bob.last.status_code == 500
    assert "Something is wrong here" in bob.says
    assert "inner details" not in bob.says + caplog.text
    bob.go("/")
    assert "What do you want to open?" in bob.says
