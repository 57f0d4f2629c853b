"""The resource owner has been asked: the person waits, or comes back later (Grant 3.3.6)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from starlette.types import ASGIApp

if TYPE_CHECKING:
    from tests.conftest import World
    from tests.reference.client_app.conftest import Visiting
else:
    Visiting = World = Any

Serving = Callable[..., None]


@pytest.fixture
def waiting(world: World, bob: Visiting, serving: Serving) -> str:
    """Have Bob wait, and return the path of the page on which he does."""
    serving()
    world.submitted(interval=7)
    bob.open()
    assert "The owner has been asked" in bob.says
    return bob.path


def test_the_page_looks_again_when_it_may(world: World, bob: Visiting, waiting: str) -> None:
    assert bob.last.headers["refresh"] == "7"
    assert "asks again in 7 seconds" in bob.says
    world.now += 3
    bob.go(waiting)
    assert bob.last.headers["refresh"] == "4"
    assert len(world.forms()) == 1
    world.submitted()
    world.now += 4
    bob.go(waiting)
    assert bob.last.headers["refresh"] == "5"
    assert len(world.forms()) == 2
    world.grant()
    world.now += 5
    bob.go(waiting)
    assert "picture" in bob.says
    assert "refresh" not in bob.last.headers


def test_who_asks_too_early_is_told_so(world: World, bob: Visiting, waiting: str) -> None:
    bob.send(f"{waiting}/ask")
    assert "too early to ask again: the server wants 7 seconds more" in bob.says
    assert len(world.forms()) == 1
    world.now += 7
    world.submitted()
    bob.send(f"{waiting}/ask")
    assert "The owner has not decided yet" in bob.says
    assert len(world.forms()) == 2


def test_a_page_can_stay_still(bob: Visiting, waiting: str) -> None:
    bob.go(f"{waiting}?still")
    assert "refresh" not in bob.last.headers
    assert "does not look by itself" in bob.says


def test_a_denial_is_told(world: World, bob: Visiting, waiting: str) -> None:
    world.fail("request_denied", 403)
    world.now += 7
    bob.send(f"{waiting}/ask")
    assert "You were not given access" in bob.says
    bob.go("/")
    assert "Waiting for the owner" not in bob.says


def test_a_request_waits_for_who_comes_back_later(
    world: World, bob: Visiting, waiting: str, visit_app: Callable[[ASGIApp], Visiting]
) -> None:
    bob.go("/")
    bob.send("/sign-out")
    carol, later = visit_app(bob.app), visit_app(bob.app)
    carol.sign_in("carol")
    assert "Waiting for the owner" not in carol.says
    assert carol.go(waiting).status_code == 404
    world.now += 100_000
    later.sign_in()
    assert "Waiting for the owner https://rs.example/photo" in later.says
    world.grant()
    later.go(waiting)
    assert "picture" in later.says
    assert world.forms()[-1]["ticket"] == "ticket-000002"


def test_who_gives_up_waits_no_longer(world: World, bob: Visiting, waiting: str) -> None:
    bob.send(f"{waiting}/drop")
    assert "does not ask for that document any more" in bob.says
    assert "Waiting for the owner" not in bob.says
    world.now += 100
    assert bob.go(waiting).status_code == 404
    assert len(world.forms()) == 1


def test_after_waiting_a_person_can_be_sent_away(world: World, bob: Visiting, waiting: str) -> None:
    world.need_info(redirect_user="https://as.example/claims")
    world.now += 7
    answer = bob.go(waiting)
    assert answer.headers["location"].startswith("https://as.example/claims?")
