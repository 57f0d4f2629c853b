"""What the demonstration keeps in its folder: made once, for the user alone."""

import stat
from pathlib import Path

import pytest

from uma_reference.authorization_server.signing import EcSigner
from uma_reference.demo.kept import keep, write_private


def test_the_same_things_are_kept_the_next_time(tmp_path: Path) -> None:
    first = keep(tmp_path / "kept", ("alice",), ("clinic",))
    key = first.key_file.read_bytes()
    second = keep(tmp_path / "kept", ("alice",), ("clinic",))
    assert (first, key) == (second, second.key_file.read_bytes())


def test_who_comes_later_gets_a_password_and_the_others_keep_theirs(tmp_path: Path) -> None:
    first = keep(tmp_path, ("alice",), ())
    second = keep(tmp_path, ("alice", "ben"), ("lab",))
    assert second.passwords["alice"] == first.passwords["alice"]
    assert len({*second.passwords.values(), *second.secrets.values()}) == 3


def test_only_the_user_can_read_it(tmp_path: Path) -> None:
    keep(tmp_path / "kept", ("alice",), ("clinic",))
    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o700
    modes = {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "kept").iterdir()}
    assert modes == {0o600}


def test_the_key_can_sign(tmp_path: Path) -> None:
    kept = keep(tmp_path, (), ())
    assert EcSigner.from_pem(kept.key_file.read_bytes()).sign("at+jwt", {}).count(".") == 2


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    kept = keep(tmp_path, ("alice",), ("clinic",))
    assert kept.passwords["alice"] not in repr(kept)
    assert kept.secrets["clinic"] not in repr(kept)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"passwords": [], "clients": 1}',
        '{"passwords": {"a": 1}, "clients": {}}',
    ],
)
def test_a_file_of_another_form_is_named_and_stays(tmp_path: Path, text: str) -> None:
    (tmp_path / "secrets.json").write_text(text)
    with pytest.raises(ValueError, match=r"secrets\.json: .*; remove it"):
        keep(tmp_path, ("alice",), ())
    assert (tmp_path / "secrets.json").read_text() == text


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        write_private(tmp_path / "taken", b"secret")
    assert [file.name for file in tmp_path.iterdir()] == ["taken"]
