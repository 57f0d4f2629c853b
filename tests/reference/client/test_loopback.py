"""The return of a requesting party to 127.0.0.1, over real sockets."""

import threading
from collections.abc import Generator

import httpx
import pytest

from uma_reference.client import LoopbackInteraction, NobodyReturned


@pytest.fixture
def visited() -> Generator[tuple[LoopbackInteraction, list[str]]]:
    shown: list[str] = []
    interaction = LoopbackInteraction(shown.append, seconds=20)
    yield interaction, shown
    interaction.close()


def test_the_query_of_the_return_is_received(
    visited: tuple[LoopbackInteraction, list[str]],
) -> None:
    interaction, shown = visited
    uri = interaction.claims_redirect_uri
    assert uri.startswith("http://127.0.0.1:")
    answers: list[httpx.Response] = []

    def browse() -> None:
        with httpx.Client(trust_env=False) as browser:
            for url, host in (
                (uri.replace("/returned", "/favicon.ico?x=1"), None),
                (uri, None),
                (f"{uri}?stolen=1", "evil.example"),
                (f"{uri}?ticket=a&state=b", None),
            ):
                headers = {"Host": host} if host else {}
                answers.append(browser.get(url, headers=headers))

    thread = threading.Thread(target=browse)
    thread.start()
    assert interaction.visit("https://as.example/claims") == "ticket=a&state=b"
    thread.join()
    assert shown == ["https://as.example/claims"]
    assert [item.status_code for item in answers] == [404, 404, 404, 200]
    assert answers[-1].headers["cache-control"] == "no-store"
    assert answers[-1].headers["referrer-policy"] == "no-referrer"
    assert "ticket" not in answers[-1].text


def test_nobody_is_waited_for_for_ever() -> None:
    times = iter([0.0, 1.0])
    interaction = LoopbackInteraction(lambda _: None, seconds=0.5, clock=lambda: next(times))
    with pytest.raises(NobodyReturned):
        interaction.visit("https://as.example/claims")
    interaction.close()


def test_the_port_is_given_back() -> None:
    first = LoopbackInteraction(lambda _: None)
    port = int(first.claims_redirect_uri.split(":")[2].split("/")[0])
    with pytest.raises(OSError, match="in use"):
        LoopbackInteraction(lambda _: None, port)
    first.close()
    LoopbackInteraction(lambda _: None, port).close()
