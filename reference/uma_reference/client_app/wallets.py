"""One wallet for many threads, with the credentials of the configuration in it."""

from collections.abc import Callable
from dataclasses import replace
from threading import Lock

from uma_reference.client import Credentials, Holdings, Wallet


class AppWallet:
    """Changes the wallet behind it one at a time.

    Configured credentials are read with what it holds and never written to it.
    """

    def __init__(self, wallet: Wallet, credentials: tuple[Credentials, ...]) -> None:
        self._wallet = wallet
        self._credentials = credentials
        self._lock = Lock()

    def read(self) -> Holdings:
        """Return what is held; raise `WalletError`."""
        return self._with(self._wallet.read())

    def change(self, change: Callable[[Holdings], Holdings]) -> None:
        """Replace what is held; raise `WalletError`."""
        with self._lock:
            self._wallet.change(lambda held: self._without(change(self._with(held))))

    def _with(self, held: Holdings) -> Holdings:
        issuers = {item.issuer for item in self._credentials}
        others = tuple(item for item in held.clients if item.issuer not in issuers)
        return replace(held, clients=(*others, *self._credentials))

    def _without(self, held: Holdings) -> Holdings:
        return replace(
            held, clients=tuple(item for item in held.clients if item not in self._credentials)
        )
