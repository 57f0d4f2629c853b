"""A real browser for pages, and applications on loopback over TLS for it to visit."""

import asyncio
import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.types import ASGIApp

from uma_reference.tls import make_authority

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_START_SECONDS = 10


@pytest.fixture(scope="module")
def chromium() -> Generator[Browser]:
    """Yield a headless Chromium: of UMA2_CHROMIUM, or the one that is installed.

    As long as it is open, its library has an event loop in this thread: applications that the
    tests talk to have to run in another one (`serve_app`).
    """
    named = os.environ.get("UMA2_CHROMIUM", "")
    program = named or next((found for name in _NAMES if (found := shutil.which(name))), None)
    if not program:
        pytest.skip("no Chromium is installed, and UMA2_CHROMIUM names none")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser) -> Generator[Callable[..., Page]]:
    """Return what opens a page of a fresh profile, of some size and colour scheme."""
    with ExitStack() as stack:

        def make(width: int = 1280, height: int = 900, *, dark: bool = False) -> Page:
            context = chromium.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if dark else "light",
                ignore_https_errors=True,
                reduced_motion="reduce",
            )
            stack.callback(context.close)
            context.set_default_timeout(10_000)
            return context.new_page()

        yield make


@pytest.fixture
def browser_page(new_page: Callable[..., Page]) -> Page:
    """Return a page of a window 1280 pixels wide, in light colours."""
    return new_page()


@pytest.fixture
def accessibility() -> Callable[[Page], list[str]]:
    """Return what tells the rules of accessibility that a page breaks, with the elements."""
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")

    def look(page: Page) -> list[str]:
        page.evaluate(axe)
        rules = json.dumps({"runOnly": {"type": "tag", "values": list(_RULES)}})
        found: dict[str, Any] = page.evaluate(f"axe.run(document, {rules})")
        assert found["passes"], "no rule was applied"
        return [
            f"{item['id']}: {item['help']}: {node['html']}"
            for item in found["violations"]
            for node in item["nodes"]
        ]

    return look


@pytest.fixture
def free_socket() -> Generator[Callable[[], socket.socket]]:
    """Return what takes a free port of 127.0.0.1, for an application that names its own address."""
    with ExitStack() as stack:

        def take() -> socket.socket:
            listener = socket.create_server(("127.0.0.1", 0))
            stack.enter_context(closing(listener))
            return listener

        yield take


@pytest.fixture
def serve_app(tmp_path: Path) -> Generator[Callable[[ASGIApp, socket.socket], None]]:
    """Return what serves an application over TLS in a thread, until the test ends."""
    certificate = make_authority(tmp_path).issue("127.0.0.1", "localhost")
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def serve(app: ASGIApp, listener: socket.socket) -> None:
        config = uvicorn.Config(
            app,
            ssl_certfile=str(certificate.certificate_file),
            ssl_keyfile=str(certificate.key_file),
            log_level="warning",
            lifespan="off",
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
        running.append((server, thread))
        thread.start()
        ends = time.monotonic() + _START_SECONDS
        while not server.started:
            assert thread.is_alive(), "it ended"
            assert time.monotonic() < ends, "it does not start"
            time.sleep(0.02)

    yield serve
    for server, thread in running:
        server.should_exit = True
        thread.join(_START_SECONDS)
