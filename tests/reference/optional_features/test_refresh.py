"""Refreshing an RPT, without an assessment (Grant 3.6)."""

from collections.abc import Callable

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock

CLIENT = ("client", "client-secret")
OTHER = ("other", "other-secret")
OWNER = ("alice", "alice-password")
Make = Callable[..., str]
Redeem = Callable[..., httpx.Response]
Scopes = Callable[[str], dict[str, list[str]] | None]


def refreshed(server: httpx.Client, token: str, **more: str) -> httpx.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token, **more}
    return server.post("/token", data=form, auth=CLIENT)


@pytest.fixture
def granted(register: Make, allow: Make, ticket: Make, redeem: Redeem) -> dict[str, str]:
    resource = register("view", "edit")
    policy = allow(resource, "view")
    rpt = redeem(ticket({resource: ["view"]})).json()
    return {"resource": resource, "policy": policy, **rpt}


def test_an_expired_rpt_is_refreshed_without_an_assessment(
    server: httpx.Client,
    granted: dict[str, str],
    allow: Make,
    clock: AdjustableClock,
    scopes: Scopes,
) -> None:
    allow(granted["resource"], "edit")
    clock.advance(700)
    answer = refreshed(server, granted["refresh_token"])
    assert answer.status_code == 200
    assert scopes(granted["access_token"]) is None
    assert answer.json()["refresh_token"] != granted["refresh_token"]
    assert scopes(answer.json()["access_token"]) == {granted["resource"]: ["view"]}


def test_a_refresh_token_works_once(server: httpx.Client, granted: dict[str, str]) -> None:
    assert refreshed(server, granted["refresh_token"]).status_code == 200
    again = refreshed(server, granted["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_another_client_cannot_use_it_nor_use_it_up(
    server: httpx.Client, granted: dict[str, str]
) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
    assert server.post("/token", data=form, auth=OTHER).json()["error"] == "invalid_grant"
    assert refreshed(server, granted["refresh_token"]).status_code == 200


@pytest.mark.parametrize(("scope", "status"), [("view", 200), ("edit", 400), ("view edit", 400)])
def test_scope_only_narrows(
    server: httpx.Client, granted: dict[str, str], scope: str, status: int
) -> None:
    answer = refreshed(server, granted["refresh_token"], scope=scope)
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["error"] == "invalid_scope"


def test_a_refresh_token_expires(
    server: httpx.Client, granted: dict[str, str], clock: AdjustableClock
) -> None:
    clock.advance(86_400)
    answer = refreshed(server, granted["refresh_token"])
    assert answer.json()["error"] == "invalid_grant"


def test_withdrawn_policy_ends_the_rpt_and_its_refresh(
    server: httpx.Client, granted: dict[str, str], scopes: Scopes
) -> None:
    assert scopes(granted["access_token"]) == {granted["resource"]: ["view"]}
    server.delete(f"/owner/policies/{granted['policy']}", auth=OWNER).raise_for_status()
    assert scopes(granted["access_token"]) is None
    answer = refreshed(server, granted["refresh_token"])
    assert answer.json()["error"] == "invalid_grant"
