"""What has ended is removed at the end of a request, at most once a minute."""

from collections.abc import Callable

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock, MemoryStore
from uma_reference.authorization_server.store import StoreError

KEPT = 3600


class Swept(MemoryStore):
    """Notes when it was swept; fails to while it is broken."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[int] = []
        self.broken = False

    def sweep(self, before: int) -> None:
        if self.broken:
            raise StoreError("it is broken")
        self.times.append(before)
        super().sweep(before)


@pytest.fixture
def store() -> Swept:
    return Swept()


def test_a_store_is_swept_once_a_minute(
    server: httpx.Client, store: Swept, clock: AdjustableClock
) -> None:
    for seconds in (0, 50, 20, 30, 40, 3600):
        clock.advance(seconds)
        server.get("/.well-known/uma2-configuration")
    since = [time + KEPT - clock.now() + 3740 for time in store.times]
    assert len(since) == 3
    assert all(abs(time - wanted) <= 1 for time, wanted in zip(since, (70, 140, 3740), strict=True))


def test_what_ended_an_hour_ago_is_gone(
    store: Swept,
    server: httpx.Client,
    pat: dict[str, str],
    register: Callable[..., str],
    ticket: Callable[..., str],
    redeem: Callable[..., httpx.Response],
    clock: AdjustableClock,
) -> None:
    resource = register("view")
    tickets = [ticket({resource: ["view"]}) for _ in range(2)]
    clock.advance(400)
    # The tickets ended after 300 seconds, the PAT ends after 900.
    assert server.get("/rreg", headers=pat).status_code == 200
    assert store.take_ticket(tickets[0]) is not None
    assert redeem(tickets[1]).json()["error_description"] == "the permission ticket has expired"
    late = ticket({resource: ["view"]})
    clock.advance(300 + KEPT + 1)
    assert server.get("/rreg", headers=pat).status_code == 401
    assert store.take_ticket(late) is None
    assert redeem(late).json()["error"] == "invalid_grant"


def test_a_sweep_that_fails_is_made_up_for(
    server: httpx.Client, store: Swept, clock: AdjustableClock
) -> None:
    store.broken = True
    clock.advance(60)
    assert server.get("/.well-known/uma2-configuration").status_code == 200
    store.broken = False
    clock.advance(60)
    assert server.get("/.well-known/uma2-configuration").status_code == 200
    assert len(store.times) == 1
