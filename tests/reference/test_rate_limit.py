"""One address may send so many requests a minute, and the others do not feel it."""

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock
from uma_reference.authorization_server.rate_limit import RateLimit

WELL_KNOWN = "/.well-known/uma2-configuration"
Document = dict[str, object]


def test_without_a_limit_any_number_goes() -> None:
    limit = RateLimit(0)
    assert {limit.wait("192.0.2.1", 0) for _ in range(1000)} == {0}


def test_who_sends_too_much_waits_for_the_rest_of_the_minute() -> None:
    limit = RateLimit(2)
    assert [limit.wait("192.0.2.1", 70) for _ in range(3)] == [0, 0, 50]
    assert limit.wait("192.0.2.2", 71) == 0
    assert limit.wait("192.0.2.1", 120) == 0


@pytest.fixture
def document(document: Document) -> Document:
    return {**document, "limits": {"requests_per_minute": 3}}


def test_the_server_says_how_long_to_wait(server: httpx.Client, clock: AdjustableClock) -> None:
    # A minute may end in between, but not two of them.
    answers = [server.get(WELL_KNOWN) for _ in range(7)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers} == {200, 429}
    assert {answer.json()["error"] for answer in refused} == {"too_many_requests"}
    assert all(1 <= int(answer.headers["retry-after"]) <= 60 for answer in refused)
    clock.advance(60)
    assert server.get(WELL_KNOWN).status_code == 200
