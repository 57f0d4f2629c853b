"""PCTs: kept for their server, client and party, and presented there again (Grant 3.3.1, 5.2)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from uma_reference.client import (
    ClaimToken,
    HeldPct,
    MemoryWallet,
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


def test_a_pct_is_kept_and_sent_next_time(world: World, make_client: Make) -> None:
    wallet = MemoryWallet()
    world.grant(pct="pct-1")
    world.grant("rpt-2", pct="pct-2")
    client = make_client(wallet)
    assert world.got(client.get(PHOTO))
    world.good.clear()
    assert world.got(client.get(PHOTO))
    assert [form.get("pct") for form in world.forms()] == [None, "pct-1"]
    assert [item.value for item in wallet.read().pcts] == ["pct-2"]


def test_a_pct_of_one_party_is_not_used_for_another(world: World, make_client: Make) -> None:
    world.grant(pct="pct-1")
    world.grant("rpt-2")
    client = make_client()
    assert world.got(client.get(PHOTO, party="alice"))
    assert world.got(client.get(PHOTO, party="bob"))
    assert "pct" not in world.forms()[1]
    assert "rpt" not in world.forms()[1]


@pytest.mark.parametrize("other", [{"issuer": "https://other.example"}, {"client_id": "before"}])
def test_a_pct_of_another_server_or_client_is_not_sent(
    world: World, make_client: Make, other: dict[str, str]
) -> None:
    wallet = MemoryWallet()
    members = {"issuer": AS, "client_id": "client", "party": "me", "value": "pct-other"}
    wallet.change(lambda held: held.with_pct(HeldPct(**(members | other))))
    world.grant()
    assert world.got(make_client(wallet).get(PHOTO))
    assert "pct" not in world.forms()[0]


def test_a_pct_that_may_be_at_fault_goes(world: World, make_client: Make) -> None:
    wallet = world.wallet(pct="pct-bad")
    world.fail("invalid_grant")
    world.grant()
    assert world.got(make_client(wallet).get(PHOTO))
    assert [form.get("pct") for form in world.forms()] == ["pct-bad", None]
    assert wallet.read().pcts == ()
