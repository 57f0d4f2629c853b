"""The pages of the client application in a real browser, with scripted servers behind them."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Page, Route
from starlette.types import ASGIApp

from uma_reference.client import HttpxSender, MemoryWallet
from uma_reference.client_app import Config, create_app
from uma_reference.clock import SystemClock, SystemRandomness

if TYPE_CHECKING:
    from tests.conftest import World
else:
    World = Any

pytestmark = pytest.mark.long

AS = "https://as.example"
NOTE = "https://rs.example/notes/2024-allergies.json"
PATIENT = (
    '{"resourceType":"AllergyIntolerance","id":"a1","patient":{"display":"Alice Adams"},'
    '"code":{"text":"<b>Penicillin</b>"},"criticality":"high","onsetAge":{"value":31.50}}'
)
Look = Callable[[Page], list[str]]
SIZES = [(1280, False), (1280, True), (390, False), (390, True)]


@pytest.fixture
def base(
    world: World,
    free_socket: Callable[[], socket.socket],
    serve_app: Callable[[ASGIApp, socket.socket], None],
) -> str:
    """Start the application and return its address."""
    listener = free_socket()
    base = f"https://127.0.0.1:{listener.getsockname()[1]}"
    world.metadata["claims_interaction_endpoint"] = f"{AS}/claims"
    content = [PATIENT]

    def answer(request: httpx.Request) -> httpx.Response:
        rpt = request.headers.get("authorization", "").removeprefix("Bearer ")
        if request.url.path.endswith("missing"):
            return httpx.Response(404)
        if rpt not in world.good or (request.method == "PUT" and "write" not in rpt):
            return world.challenge()
        if request.method == "PUT":
            content[0] = request.content.decode()
            return httpx.Response(204)
        kind = {"content-type": "application/fhir+json"}
        return httpx.Response(200, content=content[0].encode(), headers=kind)

    world.resource = answer
    document = {
        "base": base,
        "people": [{"id": "bob", "name": "Bob Brown", "password": "bob-password"}],
        "resource_servers": ["https://rs.example"],
        "authorization_servers": [
            {"issuer": AS, "client_id": "client", "client_secret": "client-secret"}
        ],
        "shortcuts": [
            {"name": "Allergies of Alice", "url": NOTE},
            {"name": "Something that went missing", "url": "https://rs.example/missing"},
        ],
    }
    app = create_app(
        Config.from_document(document),
        HttpxSender(transport=httpx.MockTransport(world.handle)),
        MemoryWallet(),
        SystemClock(),
        SystemRandomness(),
    )
    serve_app(app, listener)
    return base


def sign_in(page: Page, base: str) -> None:
    page.goto(base)
    page.get_by_label("Name").fill("bob")
    page.get_by_label("Password").fill("bob-password")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", level=1, name="What do you want to open?").wait_for()


def open_note(page: Page) -> None:
    page.get_by_role("button", name="Open Allergies of Alice").click()


def heading(page: Page, name: str) -> None:
    page.get_by_role("heading", level=1, name=name).wait_for()


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, new_page: Callable[..., Page]) -> Page:
    """Return a page of each size and colour scheme."""
    width, dark = request.param
    return new_page(width, dark=dark)


@pytest.fixture
def barriers(
    page: Page, accessibility: Look, request: pytest.FixtureRequest
) -> Callable[[str], list[str]]:
    """Return what tells the barriers of the page as it is, and keeps a picture of it."""

    def at(name: str) -> list[str]:
        width, dark = request.node.callspec.params["page"]
        keep(page, f"{name}-{width}{'-dark' if dark else ''}")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        titles = page.locator("h1").count()
        return [
            *accessibility(page),
            *([f"it is {wide} pixels too wide"] if wide > 0 else []),
            *([f"it has {titles} titles"] if titles != 1 else []),
        ]

    return at


def keep(page: Page, name: str) -> None:
    """Keep a picture where UMA2_SCREENSHOTS says, for people to look at."""
    folder = os.environ.get("UMA2_SCREENSHOTS", "")
    if folder:
        page.screenshot(path=Path(folder) / f"client-app-{name}.png", full_page=True)


def test_signing_in_and_the_start_page_are_without_barriers(
    world: World, base: str, page: Page, barriers: Callable[[str], list[str]]
) -> None:
    page.goto(base)
    assert barriers("sign-in") == []
    page.get_by_label("Name").fill("bob")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()
    assert barriers("sign-in-wrong") == []
    sign_in(page, base)
    assert barriers("start-first") == []
    page.get_by_role("textbox", name="Address").fill("https://elsewhere.example/x")
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_role("alert").wait_for()
    assert barriers("start-wrong") == []
    world.submitted(interval=300)
    open_note(page)
    heading(page, "The owner has been asked")
    assert barriers("waiting") == []
    page.goto(base)
    world.grant()
    open_note(page)
    page.goto(base)
    assert barriers("start-later") == []
    page.goto(f"{base}/nowhere")
    heading(page, "There is no such page")
    assert barriers("nowhere") == []


def test_documents_and_refusals_are_without_barriers(
    world: World, base: str, page: Page, barriers: Callable[[str], list[str]]
) -> None:
    sign_in(page, base)
    world.grant()
    open_note(page)
    heading(page, "2024-allergies.json")
    page.get_by_text("What happened, step by step").click()
    assert barriers("document") == []
    page.get_by_role("link", name="Edit").click()
    heading(page, "Edit 2024-allergies.json")
    assert barriers("edit") == []
    page.goto(base)
    page.get_by_role("button", name="Open Something that went missing").click()
    heading(page, "Nothing is there")
    assert barriers("missing") == []
    world.good.clear()
    world.fail("request_denied", 403)
    page.goto(base)
    open_note(page)
    heading(page, "You were not given access")
    assert barriers("refused") == []
    world.need_info(redirect_user="https://ask.example/claims")
    page.goto(base)
    open_note(page)
    heading(page, "ask.example wants to ask you something")
    assert barriers("away") == []


def test_the_keyboard_is_enough(world: World, base: str, browser_page: Page) -> None:
    page = browser_page
    page.goto(base)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("bob")
    page.keyboard.press("Tab")
    page.keyboard.type("bob-password")
    page.keyboard.press("Enter")
    heading(page, "What do you want to open?")
    world.grant()
    field = page.get_by_role("textbox", name="Address")
    field.focus()
    page.keyboard.type(NOTE)
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    heading(page, "2024-allergies.json")


def test_a_person_is_sent_away_and_comes_back(
    world: World, base: str, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    seen: list[str] = []

    def ask(route: Route) -> None:
        sent = parse_qs(urlsplit(route.request.url).query)
        seen.append(route.request.headers.get("referer", ""))
        back = f"{sent['claims_redirect_uri'][0]}?ticket=ticket-back&state={sent['state'][0]}"
        body = f'<!doctype html><h1>Who are you?</h1><a href="{back}">I am Bob</a>'
        route.fulfill(body=body, content_type="text/html")

    page.context.route(f"{AS}/claims**", ask)
    sign_in(page, base)
    world.need_info(redirect_user=f"{AS}/claims")
    open_note(page)
    heading(page, "Who are you?")
    world.grant()
    page.get_by_role("link", name="I am Bob").click()
    heading(page, "2024-allergies.json")
    assert seen == [""]
    assert "ticket" not in page.url
    assert page.get_by_text("<b>Penicillin</b>").count() == 1
    assert page.locator("pre b").count() == 0


def test_the_waiting_page_asks_by_itself(world: World, base: str, browser_page: Page) -> None:
    page = browser_page
    sign_in(page, base)
    world.submitted(interval=1)
    world.submitted(interval=1)
    world.grant()
    open_note(page)
    heading(page, "The owner has been asked")
    heading(page, "2024-allergies.json")
    assert len(world.forms()) == 3


def test_a_change_is_saved(world: World, base: str, browser_page: Page) -> None:
    page = browser_page
    sign_in(page, base)
    world.grant("rpt-read")
    open_note(page)
    page.get_by_role("link", name="Edit").click()
    box = page.get_by_label("Content")
    box.fill(box.input_value().replace("Penicillin", "Cat hair\nand dust"))
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").wait_for()
    assert "This is no JSON" in page.get_by_role("alert").inner_text()
    box.fill(box.input_value().replace("\nand dust", ""))
    world.grant("rpt-write", upgraded=True)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Your change was saved.").wait_for()
    assert page.get_by_text("<b>Cat hair</b>").count() == 1


def test_signing_out_and_forgetting(world: World, base: str, browser_page: Page) -> None:
    page = browser_page
    sign_in(page, base)
    world.grant()
    open_note(page)
    page.get_by_role("link", name="To the start page").click()
    page.get_by_role("button", name="Forget everything").click()
    page.get_by_text("Forgotten: 1 token removed here").wait_for()
    page.get_by_role("button", name="Sign out").click()
    heading(page, "Sign in")
    page.go_back()
    heading(page, "Sign in")
    assert page.get_by_text("2024-allergies.json").count() == 0
