"""The authorization server asks the person, who comes back in this very browser (Grant 3.3.3)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from starlette.types import ASGIApp

if TYPE_CHECKING:
    from tests.conftest import World
    from tests.reference.client_app.conftest import Visiting
else:
    Visiting = World = Any

Serving = Callable[..., None]


@pytest.fixture
def state(world: World, bob: Visiting, serving: Serving) -> str:
    """Have Bob sent away, and return the state that he left with."""
    serving()
    world.need_info(redirect_user="https://as.example/claims?x=1")
    answer = bob.open()
    place = answer.headers["location"]
    assert place.startswith("https://as.example/claims?x=1&")
    sent = dict(parse_qsl(urlsplit(place).query))
    assert sent["claims_redirect_uri"] == "https://app.example/return"
    assert sent["client_id"] == "client"
    assert len(sent["state"]) >= 43
    return sent["state"]


def back(state: str, **more: str) -> str:
    return f"/return?{urlencode({'ticket': 'ticket-back', 'state': state, **more})}"


def test_who_comes_back_gets_the_document(world: World, bob: Visiting, state: str) -> None:
    world.grant()
    bob.go(back(state))
    assert "picture" in bob.says
    assert bob.path.startswith("/requests/")
    assert "You are back, with ticket 3" in bob.says
    assert world.forms()[-1]["ticket"] == "ticket-back"


def test_a_return_counts_once(world: World, bob: Visiting, state: str) -> None:
    world.grant()
    bob.go(back(state))
    bob.go(back(state))
    assert bob.last.status_code == 400
    assert "belongs to nobody here" in bob.says
    assert len(world.forms()) == 2


def test_a_return_in_another_browser_is_nobodys(
    world: World, bob: Visiting, state: str, visit_app: Callable[[ASGIApp], Visiting]
) -> None:
    stranger, carol, other = (visit_app(bob.app) for _ in range(3))
    carol.sign_in("carol")
    other.sign_in("bob")
    for browser in (stranger, carol, other):
        browser.go(back(state))
        assert browser.last.status_code == 400
    assert len(world.forms()) == 1
    world.grant()
    bob.go(back(state))
    assert "picture" in bob.says


@pytest.mark.parametrize(
    "query", ["", "?", "?state=", "?state=x&ticket=y", "?ticket=y", f"?state={'x' * 20_000}"]
)
def test_a_return_without_the_state_is_nobodys(
    world: World, bob: Visiting, state: str, query: str
) -> None:
    assert state
    assert bob.go(f"/return{query}").status_code == 400
    assert len(world.forms()) == 1


def test_two_states_end_the_request(world: World, bob: Visiting, state: str) -> None:
    bob.go(f"{back(state)}&state=other")
    assert "state is not the one that was sent" in bob.says
    assert len(world.forms()) == 1


def test_an_error_of_the_authorization_server_is_told(bob: Visiting, state: str) -> None:
    bob.go(back(state, error="access_denied"))
    assert "You were not given access" in bob.says
    assert "If you did not mean to refuse" in bob.says


def test_after_signing_out_nobody_waits_for_the_return(
    world: World, bob: Visiting, state: str
) -> None:
    bob.go("/")
    bob.send("/sign-out")
    bob.sign_in()
    assert bob.go(back(state)).status_code == 400
    assert len(world.forms()) == 1


def test_to_a_place_elsewhere_leads_a_link(world: World, bob: Visiting, serving: Serving) -> None:
    serving()
    world.need_info(redirect_user="https://ask.example/claims")
    bob.open()
    assert "ask.example wants to ask you something" in bob.says
    assert 'href="https://ask.example/claims?client_id=client&amp;' in bob.last.text
    assert "https://ask.example" not in bob.last.headers["content-security-policy"]
    bob.go(bob.path)
    assert "ask.example wants to ask you something" in bob.says
