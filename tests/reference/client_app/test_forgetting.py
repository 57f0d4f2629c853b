"""What is kept for a person is forgotten, and revoked where it came from (Grant 3.7)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from uma_reference.client import HeldRpt, MemoryWallet

if TYPE_CHECKING:
    from tests.conftest import World
    from tests.reference.client_app.conftest import Visiting
else:
    Visiting = World = Any


@pytest.fixture
def opened(
    world: World, bob: Visiting, serving: Callable[..., None], app_wallet: MemoryWallet
) -> None:
    world.metadata["revocation_endpoint"] = "https://as.example/revoke"
    serving()
    world.grant(pct="pct-1")
    bob.open()
    others = world.held("rpt-carol", party="carol")
    app_wallet.change(lambda held: held.with_rpt(others))
    bob.go("/")


def revoked(world: World) -> list[str]:
    bodies = [item.content.decode() for item in world.requests if item.url.path == "/revoke"]
    return [body.partition("token=")[2].partition("&")[0] for body in bodies]


def left(wallet: MemoryWallet) -> list[HeldRpt]:
    return [item for item in wallet.read().rpts if item.party == "bob"]


@pytest.mark.usefixtures("opened")
def test_access_to_one_server(world: World, bob: Visiting, app_wallet: MemoryWallet) -> None:
    bob.send("/forget", server="https://rs.example:443")
    assert "Forgotten: 1 token removed here, 1 revocation where" in bob.says
    assert "opened before" not in bob.says
    assert revoked(world) == ["rpt-000001"]
    assert left(app_wallet) == []
    assert len(app_wallet.read().pcts) == 1


@pytest.mark.usefixtures("opened")
def test_everything(world: World, bob: Visiting, app_wallet: MemoryWallet) -> None:
    world.good.clear()
    world.submitted(interval=60)
    bob.send("/open", address="https://rs.example/photo")
    bob.go("/")
    assert "Waiting for the owner" in bob.says
    bob.send("/forget")
    assert "2 tokens removed here, 2 revocations where" in bob.says
    assert "What is kept for you" not in bob.says
    assert "Waiting for the owner" not in bob.says
    assert revoked(world) == ["rpt-000001", "pct-1"]
    assert left(app_wallet) == []
    assert [item.value for item in app_wallet.read().rpts] == ["rpt-carol"]
    bob.go("/")
    assert "Forgotten" not in bob.says


@pytest.mark.usefixtures("opened")
def test_what_cannot_be_revoked_is_told(world: World, bob: Visiting) -> None:
    del world.metadata["revocation_endpoint"]
    bob.send("/forget")
    assert "2 tokens removed here, 0 revocations" in bob.says
    assert "it has no revocation endpoint" in bob.says


@pytest.mark.usefixtures("opened")
def test_an_unknown_server_is_refused(bob: Visiting, app_wallet: MemoryWallet) -> None:
    bob.send("/forget", server="nonsense")
    assert bob.last.status_code == 400
    assert len(left(app_wallet)) == 1
