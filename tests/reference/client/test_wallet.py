"""What is kept between flows, in memory and in a file."""

import json
import os
import stat
from pathlib import Path

import pytest

from uma_reference.client import (
    Credentials,
    FileWallet,
    HeldPct,
    HeldRpt,
    Holdings,
    MemoryWallet,
    Wallet,
    WalletError,
)

RPT = HeldRpt("https://rs.example:443", "https://as.example", "me", "client", "canary-rpt")
PCT = HeldPct("https://as.example", "client", "me", "canary-pct")
CLIENT = Credentials("client", "client_secret_basic", "canary-secret", issuer="https://as.example")
FULL = Holdings((RPT,), (PCT,), (CLIENT,))


@pytest.fixture(params=["memory", "file"])
def any_wallet(request: pytest.FixtureRequest, tmp_path: Path) -> Wallet:
    return MemoryWallet() if request.param == "memory" else FileWallet(tmp_path / "wallet.json")


def test_what_is_put_in_comes_out(any_wallet: Wallet) -> None:
    assert any_wallet.read() == Holdings()
    any_wallet.change(lambda held: held.with_rpt(RPT).with_pct(PCT).with_client(CLIENT))
    assert any_wallet.read() == FULL


def test_each_server_client_and_party_has_one_pct(any_wallet: Wallet) -> None:
    bobs = HeldPct("https://as.example", "client", "bob", "canary-bob")
    newer = HeldPct("https://as.example", "client", "me", "canary-newer")
    for pct in (PCT, bobs, newer):
        any_wallet.change(lambda held, pct=pct: held.with_pct(pct))  # type: ignore[misc]
    assert set(any_wallet.read().pcts) == {bobs, newer}


def test_old_rpts_go_when_a_server_has_many() -> None:
    held = Holdings()
    for number in range(50):
        held = held.with_rpt(HeldRpt("s", "i", "me", "c", f"rpt-{number}"))
    assert len(held.rpts) == 20
    assert held.rpts[-1].value == "rpt-49"


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "wallet.json"
    before = os.umask(0)
    try:
        FileWallet(path).change(lambda _: FULL)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wallet.json"
    path.write_text("{}")
    path.chmod(0o644)
    with pytest.raises(WalletError, match="chmod 600"):
        FileWallet(path).read()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "canary-rpt",
        "[]",
        '{"rpts": [{}]}',
        '{"rpts": {"server": 1}}',
        '{"pcts": [7]}',
        '{"clients": [{"client_id": 5}]}',
        "[" * 100_000,
    ],
)
def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path, content: str) -> None:
    path = tmp_path / "wallet.json"
    path.write_text(content)
    path.chmod(0o600)
    wallet = FileWallet(path)
    with pytest.raises(WalletError, match=r"wallet\.json: .*move the file away") as caught:
        wallet.read()
    assert "canary" not in str(caught.value)
    with pytest.raises(WalletError):
        wallet.change(lambda _: FULL)
    assert path.read_text() == content


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "wallet.json"
    wallet = FileWallet(path)
    wallet.change(lambda _: FULL)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as changed:
        changed.setattr(os, "fsync", fail)
        with pytest.raises(WalletError, match="No space"):
            wallet.change(lambda _: Holdings())
    assert wallet.read() == FULL
    assert list(tmp_path.iterdir()) == [path]


def test_members_of_a_later_version_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "wallet.json"
    FileWallet(path).change(lambda _: FULL)
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, "later": 1}))
    assert FileWallet(path).read() == FULL


def test_secrets_are_in_no_representation() -> None:
    assert "canary" not in repr(FULL)
