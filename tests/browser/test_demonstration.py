"""The demonstration as people use it: real servers over TLS, and a browser for each person."""

import ssl
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from uma_reference.demo.deployment import CLIENTS, PEOPLE, Addresses
from uma_reference.demo.kept import Kept, keep
from uma_reference.demo.programs import Programs
from uma_reference.demo.running import Places, Settings, launch
from uma_reference.demo.seeding import seed
from uma_reference.tls import kept_authority

SECONDS = 30
REFUSED = "You were not given access"
PRESCRIPTION, VISIT, REPORT = "Prescription: metformin", "Note of the visit", "Blood report"


@dataclass(frozen=True, slots=True)
class Demonstration:
    addresses: Addresses
    kept: Kept

    def sign_in(self, page: Page, who: str) -> None:
        page.get_by_label("Name").fill(who)
        page.get_by_label("Password").fill(self.kept.passwords[who])
        press(page, "Sign in")

    def open(self, page: Page, name: str) -> None:
        """Open a document from the start page of the client."""
        page.goto(self.addresses.client)
        row = page.get_by_role("listitem").filter(has_text=name).first
        with page.expect_navigation():
            row.get_by_role("button", name="Open").click()

    def owner_goes_to(self, page: Page, place: str) -> None:
        page.goto(f"{self.addresses.issuer}{place}")


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Generator[Demonstration]:
    """Serve everything with its data; a warning of a server fails the test at the end."""
    folder: Path = tmp_path_factory.mktemp("demonstration")
    authority = kept_authority(folder)
    certificate = authority.issue("localhost", "127.0.0.1")
    kept = keep(folder, PEOPLE, CLIENTS)
    places = Places.of("127.0.0.1", "localhost", 0)
    settings = Settings(
        certificate.certificate_file, certificate.key_file, authority.certificate_file, folder
    )
    said: list[str] = []
    programs = Programs(said.append)
    trust = ssl.create_default_context(cafile=authority.certificate_file)
    try:
        launch(programs, places, kept, settings)
        with httpx.Client(verify=trust, trust_env=False, timeout=SECONDS) as http:
            assert seed(http, places.addresses, kept) == 3
            assert seed(http, places.addresses, kept) == 0
        yield Demonstration(places.addresses, kept)
    finally:
        programs.stop()
    unexpected = [line for line in said if "has not connected this resource server" not in line]
    assert unexpected == []
    everything = [*kept.passwords.values(), *kept.secrets.values()]
    assert not any(secret in line for line in said for secret in everything)


@pytest.fixture
def alice(demonstration: Demonstration, new_page: Callable[..., Page]) -> Page:
    page = new_page()
    demonstration.owner_goes_to(page, "/my/resources")
    demonstration.sign_in(page, "alice")
    return page


@pytest.fixture
def visitor(demonstration: Demonstration, new_page: Callable[..., Page]) -> Callable[[str], Page]:
    """Return what signs somebody in at the client, in a browser of her own."""

    def enter(who: str) -> Page:
        page = new_page()
        page.goto(demonstration.addresses.client)
        demonstration.sign_in(page, who)
        return page

    return enter


def test_who_has_access_says_who_it_is_and_is_remembered(
    demonstration: Demonstration, visitor: Callable[[str], Page]
) -> None:
    osei = visitor("osei")
    demonstration.open(osei, PRESCRIPTION)
    demonstration.sign_in(osei, "osei")
    osei.get_by_label("Remember who I am").check()
    press(osei, "Continue")
    assert osei.url.startswith(demonstration.addresses.client)
    assert "Metformin 500 mg tablet" in osei.inner_text("main")
    demonstration.owner_goes_to(osei, "/me")
    assert "Shared with me" in osei.inner_text("main")


def test_an_owner_shares_a_document_and_withdraws_it(
    demonstration: Demonstration, alice: Page, visitor: Callable[[str], Page]
) -> None:
    ben = visitor("ben")
    demonstration.open(ben, VISIT)
    assert ben.get_by_role("heading", level=1).inner_text() == REFUSED
    alice.get_by_role("link", name=VISIT).click()
    alice.get_by_label("Somebody with an account here").check()
    alice.get_by_label("Person", exact=True).select_option(label="Ben Rivera (ben)")
    alice.get_by_label("view").check()
    press(alice, "Share")
    assert "Ben Rivera (ben) may view" in alice.inner_text("main")
    demonstration.open(ben, VISIT)
    demonstration.sign_in(ben, "ben")
    press(ben, "Continue")
    assert "Feels well." in ben.inner_text("main")
    alice.get_by_role("link", name="Withdraw").click()
    press(alice, "Withdraw")
    demonstration.open(ben, VISIT)
    assert ben.get_by_role("heading", level=1).inner_text() == REFUSED


def test_an_owner_approves_a_request_and_the_client_gets_the_document(
    demonstration: Demonstration, alice: Page, visitor: Callable[[str], Page]
) -> None:
    dana = visitor("dana")
    demonstration.open(dana, REPORT)
    demonstration.sign_in(dana, "dana")
    press(dana, "Continue")
    assert dana.get_by_role("heading", level=1).inner_text() == "The owner has been asked"
    demonstration.owner_goes_to(alice, "/my/requests")
    assert "Dana Whitlock (dana) wants to view" in alice.inner_text("main")
    alice.get_by_role("link", name="Decide").click()
    press(alice, "Approve")
    # The page asks again by itself, as often as the server allows it.
    ends = time.monotonic() + SECONDS
    while "HbA1c 6.8 %" not in dana.inner_text("main") and time.monotonic() < ends:
        time.sleep(0.5)
    assert "HbA1c 6.8 %" in dana.inner_text("main")
    demonstration.owner_goes_to(alice, "/my/events")
    assert "You approved: Dana Whitlock (dana) may view" in alice.inner_text("main")


def test_who_has_to_state_a_reason_gets_access_for_the_right_one(
    demonstration: Demonstration, visitor: Callable[[str], Page]
) -> None:
    dana = visitor("dana")
    demonstration.open(dana, PRESCRIPTION)
    demonstration.sign_in(dana, "dana")
    dana.get_by_label("For which insurance claim").fill("CL-77")
    press(dana, "Continue")
    assert "Metformin 500 mg tablet" in dana.inner_text("main")


def test_an_owner_connects_a_resource_server(
    demonstration: Demonstration, new_page: Callable[..., Page]
) -> None:
    ben = new_page()
    server = demonstration.addresses.servers["lab"]
    basic = httpx.BasicAuth("ben", demonstration.kept.passwords["ben"])
    request = next(basic.auth_flow(httpx.Request("GET", server)))
    # The resource server asks by HTTP Basic, for which a browser shows a window of its own.
    ben.set_extra_http_headers({"authorization": request.headers["authorization"]})
    ben.goto(f"{server}/owners/ben/connect")
    demonstration.sign_in(ben, "ben")
    assert ben.get_by_role("heading", level=1).inner_text() == "Connect Harbour Laboratory?"
    press(ben, "Allow")
    assert ben.url.startswith(server)
    demonstration.owner_goes_to(ben, "/my/resources")
    assert "Blood report" in ben.inner_text("main")
