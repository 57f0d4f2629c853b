"""The pages of the client application in a real browser, with scripted servers behind them."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.sync_api import Page
from starlette.types import ASGIApp

from uma_reference.client import HttpxSender, MemoryWallet
from uma_reference.client_app import Config, create_app
from uma_reference.clock import SystemClock, SystemRandomness

if TYPE_CHECKING:
    from tests.conftest import World
else:
    World = Any

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


@pytest.mark.parametrize(("width", "dark"), SIZES)
def test_every_page_is_without_barriers(
    world: World,
    base: str,
    new_page: Callable[..., Page],
    accessibility: Look,
    width: int,
    dark: bool,  # noqa: FBT001 - a parameter
) -> None:
    page = new_page(width, dark=dark)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found[name] = accessibility(page) + ([f"{wide} pixels too wide"] if wide > 0 else [])
        assert page.locator("h1").count() == 1
        keep(page, f"{name}-{width}{'-dark' if dark else ''}")

    page.goto(base)
    look("sign-in")
    page.get_by_label("Name").fill("bob")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()
    look("sign-in-wrong")
    sign_in(page, base)
    look("start-first")
    page.get_by_label("Address").fill("https://elsewhere.example/x")
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_role("alert").wait_for()
    look("start-wrong")
    world.submitted(interval=300)
    open_note(page)
    heading(page, "The owner has been asked")
    look("waiting")
    page.goto(base)
    world.grant("rpt-000001")
    open_note(page)
    heading(page, "2024-allergies.json")
    page.get_by_text("What happened, step by step").click()
    look("document")
    page.get_by_role("link", name="Edit").click()
    heading(page, "Edit 2024-allergies.json")
    look("edit")
    page.goto(base)
    look("start-later")
    page.get_by_role("button", name="Open Something that went missing").click()
    heading(page, "Nothing is there")
    look("missing")
    world.good.clear()
    world.fail("request_denied", 403)
    page.goto(base)
    open_note(page)
    heading(page, "You were not given access")
    look("refused")
    world.need_info(redirect_user="https://ask.example/claims")
    page.goto(base)
    open_note(page)
    heading(page, "ask.example wants to ask you something")
    look("away")
    page.goto(f"{base}/nowhere")
    heading(page, "There is no such page")
    look("nowhere")
    assert {name: items for name, items in found.items() if items} == {}


def keep(page: Page, name: str) -> None:
    """Keep a picture where UMA2_SCREENSHOTS says, for people to look at."""
    folder = os.environ.get("UMA2_SCREENSHOTS", "")
    if folder:
        page.screenshot(path=Path(folder) / f"client-app-{name}.png", full_page=True)
