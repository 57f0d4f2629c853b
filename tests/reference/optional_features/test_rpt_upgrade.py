"""RPT upgrade: what is carried over and what is not (Grant 3.3.5.1)."""

from collections.abc import Callable

import httpx
import pytest

from uma_reference.authorization_server import AdjustableClock

Make = Callable[..., str]
Push = Callable[..., dict[str, str]]
Redeem = Callable[..., httpx.Response]
Scopes = Callable[[str], dict[str, list[str]] | None]


def test_an_upgraded_rpt_holds_the_permissions_of_both_and_the_old_one_ends(
    register: Make, allow: Make, ticket: Make, redeem: Redeem, scopes: Scopes
) -> None:
    first, second = register("view"), register("view", "edit")
    for resource in (first, second):
        allow(resource, "view")
    old = redeem(ticket({first: ["view"]})).json()["access_token"]
    answer = redeem(ticket({second: ["view"]}), rpt=old).json()
    assert answer["upgraded"] is True
    assert scopes(answer["access_token"]) == {first: ["view"], second: ["view"]}
    assert scopes(old) is None


def test_scopes_of_one_resource_come_together(
    register: Make, allow: Make, ticket: Make, redeem: Redeem, scopes: Scopes
) -> None:
    resource = register("view", "edit")
    allow(resource, "view", "edit")
    old = redeem(ticket({resource: ["view"]})).json()["access_token"]
    new = redeem(ticket({resource: ["edit"]}), rpt=old).json()["access_token"]
    assert scopes(new) == {resource: ["edit", "view"]}


@pytest.mark.parametrize("why", ["another client's", "expired", "made up", "another party's"])
def test_an_rpt_that_does_not_count_is_left_out(
    why: str,
    register: Make,
    allow: Make,
    ticket: Make,
    redeem: Redeem,
    id_token: Push,
    clock: AdjustableClock,
    scopes: Scopes,
) -> None:
    first, second = register("view"), register("view")
    for resource in (first, second):
        allow(resource, "view")
    owner = "other" if why == "another client's" else "client"
    pushed: dict[str, str] = id_token() if why == "another party's" else {}
    old = redeem(ticket({first: ["view"]}), client=owner, **pushed).json()["access_token"]
    if why == "expired":
        clock.advance(600)
    rpt = "x" * 43 if why == "made up" else old
    answer = redeem(ticket({second: ["view"]}), rpt=rpt)
    assert answer.status_code == 200
    assert "upgraded" not in answer.json()
    assert scopes(answer.json()["access_token"]) == {second: ["view"]}


def test_an_upgrade_lengthens_no_permission(
    register: Make,
    allow: Make,
    ticket: Make,
    redeem: Redeem,
    clock: AdjustableClock,
    scopes: Scopes,
) -> None:
    first, second = register("view"), register("view")
    for resource in (first, second):
        allow(resource, "view")
    old = redeem(ticket({first: ["view"]})).json()["access_token"]
    clock.advance(400)
    new = redeem(ticket({second: ["view"]}), rpt=old).json()["access_token"]
    clock.advance(300)
    assert scopes(new) == {second: ["view"]}
