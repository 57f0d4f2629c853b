"""Waiting for the resource owner's approval (Grant 3.3.6)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from uma_reference.client import Done, Options, Refused, UmaClient, Waiting

if TYPE_CHECKING:
    from tests.conftest import World
else:
    World = Any

PHOTO = "https://rs.example/photo"
Make = Callable[..., UmaClient]


def test_each_poll_waits_and_uses_the_new_ticket(world: World, make_client: Make) -> None:
    world.submitted(interval=7)
    world.submitted()
    world.grant()
    waits: list[float] = []
    outcome = make_client().get(PHOTO, wait_seconds=60, on_waiting=waits.append)
    assert isinstance(outcome, Done)
    assert world.slept == waits == [7, 5]
    tickets = [form["ticket"] for form in world.forms()]
    assert tickets == ["ticket-000001", "ticket-000002", "ticket-000003"]


@pytest.mark.parametrize(
    ("interval", "seconds"),
    [(0, 1), (2.2, 3), (10**9, 300), (-1, 5), ("9", 5), (True, 5), (None, 5)],
)
def test_the_interval_is_kept_within_bounds(
    world: World, make_client: Make, interval: object, seconds: int
) -> None:
    world.submitted(interval=interval)
    outcome = make_client().start(PHOTO)
    assert isinstance(outcome, Waiting)
    assert outcome.until == world.now + seconds


def test_a_wait_longer_than_allowed_is_not_begun(world: World, make_client: Make) -> None:
    world.submitted(interval=30)
    assert isinstance(make_client().get(PHOTO, wait_seconds=29), Waiting)
    assert world.slept == []


def test_a_poll_that_comes_too_early_sends_nothing(world: World, make_client: Make) -> None:
    world.submitted(interval=30)
    world.grant()
    client = make_client()
    first = client.start(PHOTO)
    assert isinstance(first, Waiting)
    early = client.poll(first.flow)
    assert isinstance(early, Waiting)
    assert len(world.forms()) == 1
    world.now += 30
    assert isinstance(client.poll(early.flow), Done)


def test_a_poll_uses_up_its_flow(world: World, make_client: Make) -> None:
    world.submitted()
    world.submitted()
    client = make_client()
    first = client.start(PHOTO)
    assert isinstance(first, Waiting)
    world.now += 5
    assert isinstance(client.poll(first.flow), Waiting)
    again = client.poll(first.flow)
    assert isinstance(again, Refused)
    assert again.error == "ticket_reused"
    assert len(world.forms()) == 2


def test_a_denial_after_waiting_ends_the_flow(world: World, make_client: Make) -> None:
    world.submitted()
    world.fail("request_denied", 403)
    outcome = make_client(options=Options(interval=1)).get(PHOTO, wait_seconds=5)
    assert isinstance(outcome, Refused)
    assert outcome.error == "request_denied"
