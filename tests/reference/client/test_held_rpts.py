"""RPTs that the client holds: sent first, given for upgrade, refreshed (Grant 3.3.5.1, 3.6)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from uma_reference.client import (
    ClaimToken,
    UmaClient,
)

if TYPE_CHECKING:
    from tests.conftest import World
else:
    World = Any

AS = "https://as.example"
PHOTO = "https://rs.example/photo"
ID_TOKEN = ClaimToken("eyJ.eyJ.sig")
HINTS = [{"name": "email", "claim_token_format": [ID_TOKEN.format]}]
Make = Callable[..., UmaClient]


def test_a_held_rpt_is_sent_first(world: World, make_client: Make) -> None:
    world.good.add("rpt-old")
    assert world.got(make_client(world.wallet(world.held())).get(PHOTO))
    assert world.sent_rpts() == ["Bearer rpt-old"]


def test_the_rpt_of_this_resource_is_preferred(world: World, make_client: Make) -> None:
    world.good.add("rpt-old")
    newer = world.held("rpt-newer", resources=("https://rs.example/other",))
    assert world.got(make_client(world.wallet(world.held(), newer)).get(PHOTO + "?size=1"))
    assert world.sent_rpts() == ["Bearer rpt-old"]


@pytest.mark.parametrize(
    "other", [{"party": "bob"}, {"server": "https://rs.example:8443"}], ids=["party", "port"]
)
def test_an_rpt_of_another_party_or_server_is_not_sent(
    world: World, make_client: Make, other: dict[str, str]
) -> None:
    world.grant()
    assert world.got(make_client(world.wallet(world.held(**other))).get(PHOTO))
    assert world.sent_rpts() == ["", "Bearer rpt-000001"]
    assert "rpt" not in world.forms()[0]


def test_an_rpt_that_is_not_enough_is_given_for_upgrade(world: World, make_client: Make) -> None:
    wallet = world.wallet(world.held(resources=("https://rs.example/other",)))
    world.grant("rpt-new", upgraded=True)
    assert world.got(make_client(wallet).get(PHOTO))
    assert world.forms()[0]["rpt"] == "rpt-old"
    (kept,) = wallet.read().rpts
    assert (kept.value, set(kept.resources)) == ("rpt-new", {PHOTO, "https://rs.example/other"})


@pytest.mark.parametrize("more", [{}, {"upgraded": False}, {"upgraded": "true"}, {"upgraded": 1}])
def test_without_an_upgrade_the_old_rpt_stays_for_its_resources(
    world: World, make_client: Make, more: dict[str, object]
) -> None:
    wallet = world.wallet(world.held(resources=("https://rs.example/other",)))
    world.grant("rpt-new", **more)
    assert world.got(make_client(wallet).get(PHOTO))
    kept = {item.value: item.resources for item in wallet.read().rpts}
    assert kept == {"rpt-old": ("https://rs.example/other",), "rpt-new": (PHOTO,)}


def test_an_rpt_that_was_useless_here_goes(world: World, make_client: Make) -> None:
    wallet = world.wallet(world.held())
    world.grant("rpt-new")
    assert world.got(make_client(wallet).get(PHOTO))
    assert [item.value for item in wallet.read().rpts] == ["rpt-new"]


def test_an_rpt_of_another_server_is_not_offered_for_upgrade(
    world: World, make_client: Make
) -> None:
    world.grant("rpt-new")
    assert world.got(
        make_client(world.wallet(world.held(issuer="https://other.example"))).get(PHOTO)
    )
    assert "rpt" not in world.forms()[0]


def test_an_rpt_of_another_client_is_not_offered_for_upgrade(
    world: World, make_client: Make
) -> None:
    world.grant("rpt-new")
    assert world.got(make_client(world.wallet(world.held(client_id="before"))).get(PHOTO))
    assert "rpt" not in world.forms()[0]


def test_an_expired_rpt_is_refreshed(world: World, make_client: Make) -> None:
    wallet = world.wallet(world.held(expires_at=1000, refresh_token="refresh-1"))
    world.grant("rpt-new", expires_in=60)
    assert world.got(make_client(wallet).get(PHOTO))
    assert world.forms() == [{"grant_type": "refresh_token", "refresh_token": "refresh-1"}]
    (kept,) = wallet.read().rpts
    assert (kept.value, kept.refresh_token) == ("rpt-new", "refresh-1")
    assert kept.expires_at == 1_000_060


def test_a_refresh_that_fails_leads_to_a_new_flow(world: World, make_client: Make) -> None:
    wallet = world.wallet(world.held(expires_at=1000, refresh_token="refresh-1"))
    world.fail("invalid_grant")
    world.grant("rpt-new")
    assert world.got(make_client(wallet).get(PHOTO))
    refresh, request = world.forms()
    assert refresh["grant_type"] == "refresh_token"
    # An expired RPT may be given for upgrade (Grant 3.3.1).
    assert request["rpt"] == "rpt-old"


def test_an_rpt_of_unknown_age_is_refreshed_after_a_challenge(
    world: World, make_client: Make
) -> None:
    wallet = world.wallet(world.held(refresh_token="refresh-1"))
    world.grant("rpt-new", refresh_token="refresh-2")
    assert world.got(make_client(wallet).get(PHOTO))
    assert [form["grant_type"] for form in world.forms()] == ["refresh_token"]
    assert wallet.read().rpts[0].refresh_token == "refresh-2"


def test_the_ticket_serves_when_that_refresh_fails(world: World, make_client: Make) -> None:
    world.fail("invalid_grant")
    world.grant("rpt-new")
    assert world.got(make_client(world.wallet(world.held(refresh_token="refresh-1"))).get(PHOTO))
    assert world.forms()[1]["ticket"] == "ticket-000001"
