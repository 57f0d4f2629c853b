"""The authorization server's own pages in a real browser: sharing, deciding, looking back."""

import os
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page
from starlette.types import ASGIApp

from uma_reference.authorization_server import (
    AdjustableClock,
    Config,
    MemoryStore,
    SystemRandomness,
    create_app,
)
from uma_reference.authorization_server.handles import PersistedClaims
from uma_reference.authorization_server.model import (
    Claims,
    Condition,
    Domain,
    Permission,
    Policy,
    Resource,
)
from uma_reference.authorization_server.records import AccessRequest, Event, EventKind

pytestmark = pytest.mark.long

Look = Callable[[Page], list[str]]
SIZES = [(1280, False), (1280, True), (390, False), (390, True)]
PROVIDER = "https://identity.example"
LONG = "Ergebnisse" + "_der_Untersuchung_vom_dritten_Maerz" * 5
CLINIC = Domain("alice", "clinic")
HOUR = 3600


def document(issuer: str) -> dict[str, object]:
    return {
        "issuer": issuer,
        "owners": [
            {"id": "alice", "name": "Alice Rivera", "password": "alice-password"},
            {"id": "empty", "name": "Nobody's Owner", "password": "empty-password"},
        ],
        "requesting_parties": [
            {
                "id": "osei",
                "name": "Dr Kofi Osei",
                "password": "osei-password",
                "claims": {"email": "osei@clinic.example", "role": "practitioner"},
            },
            {"id": "dana", "name": "Dana Whitlock", "password": "dana-password"},
        ],
        "clients": [
            {
                "id": "clinic",
                "name": "Riverside Clinic",
                "secret": "clinic-secret",
                "resource_server": "clinic",
                "redirect_uris": ["https://clinic.example/cb"],
            },
            {"id": "app", "name": "Records Viewer", "secret": "app-secret"},
        ],
        "trusted_issuers": [{"issuer": PROVIDER, "jwks": {"keys": []}}],
        "features": ["pct", "request_submitted", "interactive-claims"],
    }


def described(place: str, *scopes: str, **more: str) -> Resource:
    domain = Domain("alice", "lab") if place.startswith("lab") else CLINIC
    return Resource(place, domain, {"resource_scopes": list(scopes), **more})


def seed(store: MemoryStore, issuer: str, now: int) -> None:
    """Give Alice resources, policies, requests and a past."""

    def sub(value: str, by: str = issuer) -> Condition:
        return Condition("sub", frozenset({value}), by)

    full = {"name": "Prescription: Ramipril", "type": "http://hl7.org/fhir/MedicationRequest"}
    text = "What Dr Osei prescribed on 3 March, with the doses and how long to take them."
    for resource in (
        described("letter", "view", "download", "print", **full, description=text),
        described("visit", "view", name="Notes on the visit <script>alert(1)</script>"),
        described("labreport", "https://lab.example/scopes/read_values", "view", name=LONG),
        described("lab-arabic", "view", name="تقرير المختبر \u202eabc"),
        described("lab-blank"),
    ):
        store.put_resource(resource)
        server, shown = resource.domain.resource_server, (Permission(resource.id, resource.scopes),)
        event = Event(now - 90 * HOUR, EventKind.REGISTERED, "alice", server, "", shown)
        store.append(replace(event, detail=str(resource.description.get("name"))))
    both, view = frozenset({"view", "download"}), frozenset({"view"})
    question = Condition("purpose", frozenset({"treatment"}), "self", "What do you need it for?")
    doctors = Condition("role", frozenset({"doctor", "nurse"}), PROVIDER, "Role")
    mail = Condition("email", frozenset({"b.brown@example.org"}))
    end = 1_835_654_400
    for policy in (
        Policy("p1", "letter", both, (sub("osei"),), expires_at=end),
        Policy("p2", "letter", view, (sub("dana"), question)),
        Policy("p3", "letter", view, (doctors,)),
        Policy("p4", "letter", frozenset({"print"}), anyone=True, ask=True),
        Policy("p5", "letter", view, (mail,), ask=True),
        Policy("p6", "letter", view, (sub("248289761001", PROVIDER),), expires_at=now - HOUR),
        Policy("p7", "visit", view, anyone=True),
        Policy("p8", "labreport", view, (sub("osei"),)),
        Policy("p9", "labreport", view, (Condition("sub", frozenset({"osei", "dana"}), issuer),)),
    ):
        store.add_policy(policy)
    stated = Claims("self", {"purpose": "treatment"})
    doctor = Claims(issuer, {"sub": "osei", "role": "practitioner"}, (stated,))
    stranger = Claims(PROVIDER, {"sub": "1" * 60, "name": "Ann Other", "aud": "app", "exp": 1})
    asked = (
        Permission("letter", frozenset({"view", "print"})),
        Permission("labreport", frozenset({"view", "https://lab.example/scopes/read_values"})),
    )
    for name, who, wanted in (("r1", doctor, asked), ("r2", stranger, asked[:1])):
        store.submit(AccessRequest(name, CLINIC, "app", who, wanted, now - HOUR))
    for kind in EventKind:
        store.append(Event(now - HOUR, kind, "alice", "app", doctor.subject, asked))
    store.append(Event(now, EventKind.DENIED, "alice", "app", stranger.subject, asked[:1]))
    store.put_handle(PersistedClaims("pct", "app", doctor.vouched, now + 30 * 24 * HOUR))


@pytest.fixture
def base(
    free_socket: Callable[[], socket.socket],
    serve_app: Callable[[ASGIApp, socket.socket], None],
) -> str:
    """Start the authorization server and return its issuer."""
    listener = free_socket()
    issuer = f"https://127.0.0.1:{listener.getsockname()[1]}"
    store, clock = MemoryStore(), AdjustableClock()
    seed(store, issuer, clock.now())
    app = create_app(Config.from_document(document(issuer)), store, clock, SystemRandomness())
    serve_app(app, listener)
    return issuer


def sign_in(page: Page, base: str, name: str) -> None:
    page.goto(base)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(f"{name}-password")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("navigation", name="Main").wait_for()


def heading(page: Page, name: str) -> None:
    page.get_by_role("heading", level=1, name=name).wait_for()


@pytest.mark.parametrize(("width", "dark"), SIZES)
def test_every_page_is_without_barriers(
    base: str,
    new_page: Callable[..., Page],
    accessibility: Look,
    width: int,
    dark: bool,  # noqa: FBT001 - a parameter
) -> None:
    page = new_page(width, dark=dark)
    found: dict[str, list[str]] = {}

    def look(name: str, place: str = "") -> None:
        if place:
            page.goto(f"{base}{place}")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found[name] = accessibility(page) + ([f"{wide} pixels too wide"] if wide > 0 else [])
        assert page.locator("h1").count() == 1
        keep(page, f"{name}-{width}{'-dark' if dark else ''}")

    sign_in(page, base, "alice")
    look("resources")
    look("nothing-found", "/my/resources?find=nowhere")
    look("resource", "/my/resources/letter")
    look("resource-long", "/my/resources/labreport")
    look("resource-blank", "/my/resources/lab-blank")
    page.goto(f"{base}/my/resources/letter")
    page.get_by_label("Somebody with an e-mail address").check()
    page.get_by_role("textbox", name="E-mail address").fill("nobody")
    page.get_by_label("Until when?").fill("2020-01-01")
    page.get_by_text("Only under a condition").click()
    page.get_by_label("The answer that you accept").fill("treatment")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("alert").wait_for()
    look("resource-errors")
    look("withdraw", "/my/policies/p2/withdraw")
    look("people", "/my/people")
    page.get_by_role("link", name="Withdraw everything from Dr Kofi Osei").click()
    look("withdraw-all")
    look("requests", "/my/requests")
    look("request", "/my/requests/r1")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("alert").wait_for()
    look("request-errors")
    page.get_by_role("button", name="Deny").click()
    page.get_by_role("status").wait_for()
    look("requests-decided")
    look("request-decided", "/my/requests/r1")
    look("events", "/my/events")
    look("missing", "/my/resources/nobodys")
    page.goto(f"{base}/my/resources")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, base, "empty")
    for name in ("resources", "people", "requests", "events"):
        look(f"{name}-empty", f"/my/{name}")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, base, "osei")
    look("me")
    page.get_by_role("link", name="Forget").click()
    look("forget")
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def reach(page: Page, name: str) -> None:
    """Press Tab until what is called so has the focus, and see that one can see it there."""
    for _ in range(80):
        page.keyboard.press("Tab")
        called, shown = page.evaluate(
            """() => {
                const it = document.activeElement, style = getComputedStyle(it);
                const text = it.labels?.length ? it.labels[0].textContent : it.textContent;
                const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
                return [text.trim(), shown];
            }"""
        )
        if called.startswith(name):
            assert shown, f"nobody sees that {name} has the focus"
            return
    pytest.fail(f"{name} cannot be reached")


def test_a_document_is_shared_and_withdrawn_with_the_keyboard_alone(
    base: str, browser_page: Page
) -> None:
    page, press = browser_page, browser_page.keyboard.press
    page.goto(base)
    reach(page, "Name")
    page.keyboard.type("alice")
    reach(page, "Password")
    page.keyboard.type("alice-password")
    press("Enter")
    heading(page, "My resources")
    press("Tab")
    press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reach(page, "Prescription: Ramipril")
    press("Enter")
    heading(page, "Prescription: Ramipril")
    reach(page, "Somebody with an account here")
    press("Space")
    reach(page, "Person")
    page.keyboard.type("Dana")
    reach(page, "print")
    press("Space")
    reach(page, "Until when?")
    page.keyboard.type("03312030")
    reach(page, "Share")
    press("Enter")
    page.get_by_role("status").wait_for()
    told = "Dana Whitlock (dana) may print until the end of 31 March 2030 (UTC)"
    line = page.get_by_role("listitem").filter(has_text=told)
    assert line.count() == 1
    reach(page, f"Withdraw: {told}")
    press("Enter")
    heading(page, "Withdraw this?")
    reach(page, "Withdraw")
    press("Enter")
    page.get_by_role("status").filter(has_text="Withdrawn.").wait_for()
    assert line.count() == 0


def test_fields_of_other_choices_stay_out_of_the_way(base: str, browser_page: Page) -> None:
    page = browser_page
    sign_in(page, base, "alice")
    page.goto(f"{base}/my/resources/letter")
    address, person = (
        page.get_by_role("textbox", name="E-mail address"),
        page.get_by_label("Person"),
    )
    assert (address.is_visible(), person.is_visible()) == (False, False)
    page.get_by_label("Somebody with an account here").check()
    assert (address.is_visible(), person.is_visible()) == (False, True)
    page.keyboard.press("ArrowDown")
    assert (address.is_visible(), person.is_visible()) == (True, False)


def test_what_is_wrong_leads_to_its_field(base: str, browser_page: Page) -> None:
    page = browser_page
    sign_in(page, base, "alice")
    page.goto(f"{base}/my/resources/letter")
    page.get_by_label("Somebody with an e-mail address").check()
    page.get_by_role("textbox", name="E-mail address").fill("nobody")
    page.get_by_role("button", name="Share").click()
    alert = page.get_by_role("alert")
    for link, field in (("Write an e-mail address", "email"), ("Choose at least", "scope-1")):
        alert.get_by_role("link", name=link).click()
        assert page.evaluate("location.hash") == f"#{field}"
        assert page.evaluate("document.activeElement.id") == field
    described = page.get_by_role("textbox", name="E-mail address")
    assert described.input_value() == "nobody"
    assert (described.get_attribute("aria-describedby") or "").split() == ["email-error"]


def test_a_request_is_approved_for_a_part_and_becomes_part_of_what_is_shared(
    base: str, browser_page: Page
) -> None:
    page = browser_page
    sign_in(page, base, "alice")
    page.get_by_role("link", name="2 requests wait").click()
    page.get_by_role("link", name="Decide about 1111").click()
    page.get_by_role("checkbox", name="print").uncheck()
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("status").filter(has_text="Approved.").wait_for()
    page.goto(f"{base}/my/resources/letter")
    told = f"{'1' * 60} (as identity.example says) may view"
    assert page.get_by_role("listitem").filter(has_text=told).count() == 1
    page.get_by_role("link", name="What happened").click()
    heading(page, "What happened")
    first = page.get_by_role("main").get_by_role("listitem").first
    assert "You approved: 1111" in first.inner_text()


def keep(page: Page, name: str) -> None:
    """Keep a picture where UMA2_SCREENSHOTS says, for people to look at."""
    folder = os.environ.get("UMA2_SCREENSHOTS", "")
    if folder:
        page.screenshot(path=Path(folder) / f"owner-{name}.png", full_page=True)
