"""Where the client keeps RPTs, PCTs and registrations between flows."""

import json
import os
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from uma_reference.client.holdings import Credentials, HeldPct, HeldRpt
from uma_reference.documents import InvalidDocument, from_document, to_document

_MOST_RPTS_A_SERVER = 20


class WalletError(Exception):
    """A wallet cannot be used; the message names the file and what to do."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """All that a wallet holds; the newest RPT is the last one."""

    rpts: tuple[HeldRpt, ...] = ()
    pcts: tuple[HeldPct, ...] = ()
    clients: tuple[Credentials, ...] = ()

    def with_rpt(self, rpt: HeldRpt, instead_of: str = "") -> "Holdings":
        """Put an RPT at the end, without the one that it replaces."""
        key = _place(rpt)
        gone = {rpt.value, instead_of}
        others = [item for item in self.rpts if _place(item) != key or item.value not in gone]
        same = [item for item in others if _place(item) == key]
        # Old ones of the same place go, so that a wallet does not grow without end.
        surplus = same[: max(0, len(same) + 1 - _MOST_RPTS_A_SERVER)]
        return replace(self, rpts=(*(item for item in others if item not in surplus), rpt))

    def without_rpt(self, rpt: HeldRpt) -> "Holdings":
        """Leave out an RPT."""
        key = (_place(rpt), rpt.value)
        return replace(
            self, rpts=tuple(item for item in self.rpts if (_place(item), item.value) != key)
        )

    def with_pct(self, pct: HeldPct) -> "Holdings":
        """Put a PCT in the place of the one before."""
        rest = tuple(item for item in self.pcts if _owner(item) != _owner(pct))
        return replace(self, pcts=(*rest, pct))

    def without_pct(self, pct: HeldPct) -> "Holdings":
        """Leave out a PCT."""
        return replace(self, pcts=tuple(item for item in self.pcts if item != pct))

    def with_client(self, client: Credentials) -> "Holdings":
        """Put a registration in the place of the one before at the same server."""
        rest = tuple(item for item in self.clients if item.issuer != client.issuer)
        return replace(self, clients=(*rest, client))


class Wallet(Protocol):
    """Keeps holdings; a change is a function from what is held to what is to be held."""

    def read(self) -> Holdings:
        """Return what is held; raise `WalletError`."""
        ...

    def change(self, change: Callable[[Holdings], Holdings]) -> None:
        """Replace what is held; raise `WalletError`."""
        ...


class MemoryWallet:
    """A wallet that ends with the process."""

    def __init__(self) -> None:
        self._holdings = Holdings()

    def read(self) -> Holdings:
        """Return what is held."""
        return self._holdings

    def change(self, change: Callable[[Holdings], Holdings]) -> None:
        """Replace what is held."""
        self._holdings = change(self._holdings)


class FileWallet:
    """A wallet in a JSON file that only its owner can read (Grant 5.2)."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Holdings:
        """Return what the file holds, nothing when there is none; raise `WalletError`."""
        try:
            with self._path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                content = file.read()
        except FileNotFoundError:
            return Holdings()
        except OSError as error:
            raise WalletError(f"{self._path}: it cannot be read: {error.strerror}") from None
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise WalletError(f"{self._path}: others may read it; run: chmod 600 {self._path}")
        try:
            return from_document(Holdings, json.loads(content), "wallet")
        except (InvalidDocument, RecursionError) as error:
            raise WalletError(f"{self._path}: {error}; move the file away to begin anew") from None
        except ValueError:
            # The parser's own message is left out: it may quote the file.
            why = "it is no JSON document; move the file away to begin anew"
            raise WalletError(f"{self._path}: {why}") from None

    def change(self, change: Callable[[Holdings], Holdings]) -> None:
        """Write the file anew beside the old one, then put it in its place."""
        text = json.dumps(to_document(change(self.read())), indent=1)
        temporary = ""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # mkstemp makes the file with mode 0600.
            descriptor, temporary = tempfile.mkstemp(prefix=".wallet-", dir=self._path.parent)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(self._path)
        except OSError as error:
            if temporary:
                Path(temporary).unlink(missing_ok=True)
            raise WalletError(f"{self._path}: it cannot be written: {error.strerror}") from None


def _place(rpt: HeldRpt) -> tuple[str, ...]:
    return (rpt.server, rpt.issuer, rpt.party, rpt.client_id)


def _owner(pct: HeldPct) -> tuple[str, ...]:
    return (pct.issuer, pct.client_id, pct.party)
