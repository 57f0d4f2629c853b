"""The client library, speaking to the scripted servers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from uma_reference.client import (
    Credentials,
    Event,
    HttpxSender,
    MemoryWallet,
    Options,
    UmaClient,
    Wallet,
)

if TYPE_CHECKING:
    from tests.conftest import World
else:
    World = Any


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def make_client(world: World, told: list[Event]) -> Callable[..., UmaClient]:
    def make(
        wallet: Wallet | None = None,
        options: Options | None = None,
        credentials: Credentials | None = None,
        *,
        registered: bool = False,
        **more: Any,
    ) -> UmaClient:
        standard = Credentials("client", "client_secret_basic", "client-secret")
        return UmaClient(
            HttpxSender(transport=httpx.MockTransport(world.handle)),
            wallet=wallet or MemoryWallet(),
            options=options or Options(),
            credentials=None if registered else credentials or standard,
            clock=lambda: world.now,
            sleep=world.sleep,
            observer=told.append,
            **more,
        )

    return make
