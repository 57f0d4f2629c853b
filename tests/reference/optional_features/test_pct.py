"""Persisted claims: a PCT stands for the claims of a party, for one client (Grant 3.3.5, 5.2)."""

from collections.abc import Callable

import httpx

from uma_reference.authorization_server import AdjustableClock

Make = Callable[..., str]
Push = Callable[..., dict[str, str]]
Redeem = Callable[..., httpx.Response]
Headers = dict[str, str]


def test_a_pct_stands_for_the_claims_at_another_resource(
    register: Make, allow: Make, ticket: Make, redeem: Redeem, id_token: Push
) -> None:
    first, second = register("view"), register("view")
    for resource in (first, second):
        allow(resource, "view", role="doctor")
    pct = redeem(ticket({first: ["view"]}), **id_token()).json()["pct"]
    answer = redeem(ticket({second: ["view"]}), pct=pct)
    assert answer.status_code == 200
    assert "pct" not in answer.json()


def test_a_pct_helps_no_other_client(
    register: Make, allow: Make, ticket: Make, redeem: Redeem, id_token: Push
) -> None:
    resource = register("view")
    allow(resource, "view", role="doctor")
    pct = redeem(ticket({resource: ["view"]}), **id_token()).json()["pct"]
    answer = redeem(ticket({resource: ["view"]}), client="other", pct=pct)
    assert answer.json()["error"] == "need_info"


def test_a_pct_expires(
    register: Make,
    allow: Make,
    ticket: Make,
    redeem: Redeem,
    id_token: Push,
    clock: AdjustableClock,
    pat_of: Callable[[str], Headers],
    server: httpx.Client,
) -> None:
    resource = register("view")
    allow(resource, "view", role="doctor")
    pct = redeem(ticket({resource: ["view"]}), **id_token()).json()["pct"]
    clock.advance(31 * 86_400)
    wanted = {"resource_id": resource, "resource_scopes": ["view"]}
    late = server.post("/perm", json=wanted, headers=pat_of("rs-alice")).json()["ticket"]
    assert redeem(late, pct=pct).json()["error"] == "need_info"


def test_a_pct_says_nothing_about_the_party(
    register: Make, allow: Make, ticket: Make, redeem: Redeem, id_token: Push
) -> None:
    resource = register("view")
    allow(resource, "view", role="doctor")
    pcts = [redeem(ticket({resource: ["view"]}), **id_token()).json()["pct"] for _ in range(2)]
    assert pcts[0] != pcts[1]
    assert all(len(pct) == 43 for pct in pcts)


def test_further_claims_replace_the_pct(
    register: Make, allow: Make, ticket: Make, redeem: Redeem, id_token: Push
) -> None:
    resource = register("view")
    allow(resource, "view", role="doctor")
    old = redeem(ticket({resource: ["view"]}), **id_token()).json()["pct"]
    new = redeem(ticket({resource: ["view"]}), pct=old, **id_token(team="red")).json()["pct"]
    assert redeem(ticket({resource: ["view"]}), pct=old).json()["error"] == "need_info"
    assert redeem(ticket({resource: ["view"]}), pct=new).status_code == 200
