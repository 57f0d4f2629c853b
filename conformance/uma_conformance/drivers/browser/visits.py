"""Visits in a real browser, step by step as the target file says (Grant 3.3.2).

The browser takes over the cookies of the suite's user agent where that one arrived. What leads to
the client is not followed: it is seen, and recorded by the user agent.
"""

import importlib.util
import ssl
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from uma_conformance.actors.user_agent import origin_of
from uma_conformance.drivers.browser.settings import BrowserSettings, Step, filled
from uma_conformance.drivers.protocol import DriverError, Page, UserAgent, Wish
from uma_conformance.target import Target, trust

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request
    from playwright.sync_api import Page as Tab

_MOST_STEPS = 12
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class _End:
    """The redirection that led away: the address that answered, where to, and its status."""

    at: str
    url: str
    status: int | None
    cookies: tuple[tuple[str, str, str], ...] = field(repr=False)


class BrowserVisits:
    """Acts as parties in a browser, which is started for the first visit.

    It runs in a thread of its own, as its library keeps an event loop there.
    """

    def __init__(
        self,
        issuer: str,
        settings: BrowserSettings,
        verify: ssl.SSLContext,
        clients: Callable[[], Iterable[str]],
    ) -> None:
        self._issuer = issuer
        self._settings = settings
        self._verify = verify
        self._clients = clients
        self._thread = ThreadPoolExecutor(1, "browser")
        self._stack = ExitStack()
        self._browser: Browser | None = None

    @classmethod
    def from_target(
        cls,
        target: Target,
        clients: Callable[[], Iterable[str]],
        environment: Mapping[str, str] | None = None,
    ) -> "BrowserVisits":
        """Make it as the target file says; raise `DriverError` that names a wrong key.

        `clients` returns the addresses at which clients expect parties back.
        """
        if importlib.util.find_spec("playwright") is None:
            raise DriverError("browser: this needs pip install 'uma2-conformance[browser]'")
        settings = BrowserSettings.read(target, environment)
        return cls(target.issuer, settings, trust(target.ca_file), clients)

    def secrets(self) -> Iterable[tuple[str, str]]:
        """Yield the passwords of parties."""
        for value in self._settings.secrets:
            yield "secret", value

    def close(self) -> None:
        """End the browser."""
        self._run(self._stack.close)
        self._thread.shutdown()

    def visit(self, party: str, agent: UserAgent, page: Page, wish: Wish) -> Page:
        """Go on in the browser from where the user agent arrived, until it is sent back."""
        if page.redirect or page.status != 200:
            return page
        clients = tuple(self._clients())
        end = self._run(lambda: self._go(party, wish, page.url, agent.cookies, clients))
        arrived = agent.arrived(end.at, end.url, end.status)
        for name, value, same_site in end.cookies:
            agent.adopt(name, value, same_site)
        return arrived

    def _run(self, act: Callable[[], _Result]) -> _Result:
        return self._thread.submit(act).result()

    def _go(
        self,
        party: str,
        wish: Wish,
        url: str,
        cookies: Mapping[str, str],
        clients: tuple[str, ...],
    ) -> _End:
        from playwright.sync_api import Error  # noqa: PLC0415 - it is an extra

        origin = origin_of(self._issuer)
        with self._started(clients).new_context() as context:
            context.set_default_timeout(self._settings.seconds * 1000)
            secure = origin.startswith("https://")
            context.add_cookies(
                [
                    {"name": name, "value": value, "url": origin, "secure": secure}
                    for name, value in cookies.items()
                ]
            )
            tab = context.new_page()
            left: list[Request] = []
            tab.on("request", lambda request: _note(request, origin, left))
            try:
                tab.goto(url)
                for _ in range(_MOST_STEPS):
                    if left:
                        break
                    self._do(tab, self._fitting(tab, wish), party, left)
            except Error as error:
                if not left:
                    raise DriverError(f"browser.steps: at {tab.url}: {error}") from error
            if not left:
                raise DriverError(f"browser.steps: the visit of {party} came to no end")
            kept = tuple(
                (item.get("name", ""), item.get("value", ""), item.get("sameSite", ""))
                for item in context.cookies(origin)
            )
            return _end(left[0], tab.url, kept)

    def _started(self, clients: tuple[str, ...]) -> "Browser":
        from uma_conformance.drivers.browser.chromium import (  # noqa: PLC0415 - it needs the extra
            flags_for,
            launched,
        )

        if self._browser is None:
            flags = flags_for(self._issuer, self._verify, clients)
            self._browser = launched(self._settings, self._stack, flags)
        return self._browser

    def _fitting(self, tab: "Tab", wish: Wish) -> Step:
        for step in self._settings.steps:
            if wish in step.wishes and tab.locator(step.when).count():
                return step
        raise DriverError(f"browser.steps: none fits the page at {tab.url} for the wish to {wish}")

    def _do(self, tab: "Tab", step: Step, party: str, left: "list[Request]") -> None:
        data = self._settings.parties[party]
        for selector, value in step.fill.items():
            tab.locator(selector).fill(filled(value, data))
        for selector in step.tick:
            tab.locator(selector).check()
        tab.locator(step.click).click()
        if not left:
            tab.wait_for_load_state()


def _note(request: "Request", origin: str, left: "list[Request]") -> None:
    away = request.is_navigation_request() and origin_of(request.url) != origin
    if away and request.frame.parent_frame is None:
        left.append(request)


def _end(request: "Request", last: str, cookies: tuple[tuple[str, str, str], ...]) -> _End:
    before = request.redirected_from
    if before is None:
        return _End(last, request.url, None, cookies)
    answer = before.response()
    return _End(before.url, request.url, answer.status if answer else None, cookies)
