"""Passwords at rest, and how long it takes to look at them."""

import hashlib
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from uma_reference.authorization_server import Config, ConfigError
from uma_reference.authorization_server.accounts import Account
from uma_reference.passwords import hash_password, is_hash, verify_password

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

WORDS = ["", "secret", "\u00fc\U0001f511", "a" * 1000, "half \ud800", "nul\x00nul", "$$$$$$"]


@pytest.fixture(scope="module")
def stored() -> str:
    return hash_password("secret")


@pytest.mark.parametrize("word", WORDS)
def test_a_password_is_known_by_its_hash(word: str) -> None:
    kept = hash_password(word)
    assert is_hash(kept)
    assert verify_password(word, kept)
    assert not verify_password(word + "x", kept)


def test_the_same_password_is_kept_in_another_form_each_time(stored: str) -> None:
    assert hash_password("secret") != stored
    assert "secret" not in stored


def damaged(stored: str) -> list[str]:
    name, cost, block, lanes, salt, key = stored.split("$")
    other = [
        (name, cost, block, lanes, salt),
        (name, cost, block, lanes, salt, key, ""),
        ("bcrypt", cost, block, lanes, salt, key),
        (name, "0", block, lanes, salt, key),
        (name, "1", block, lanes, salt, key),
        (name, "16383", block, lanes, salt, key),
        (name, "-2", block, lanes, salt, key),
        (name, "\u00b2", block, lanes, salt, key),
        (name, "\u0661", block, lanes, salt, key),
        (name, "1073741824", block, lanes, salt, key),
        (name, cost, "0", lanes, salt, key),
        (name, cost, "999999999", lanes, salt, key),
        (name, cost, block, "0", salt, key),
        (name, cost, block, "999999999", salt, key),
        (name, cost, block, lanes, "", key),
        (name, cost, block, lanes, salt, ""),
        (name, cost, block, lanes, salt, key[:-4]),
        (name, cost, block, lanes, salt, "*" + key[1:]),
        (name, cost, block, lanes, "a", key),
    ]
    return ["", "secret", "$" * 5, "\u00e9", *("$".join(parts) for parts in other)]


def test_nothing_else_is_a_hash_and_no_password_fits_it(stored: str) -> None:
    for text in damaged(stored):
        assert not is_hash(text), text
    for text in damaged(stored)[:3]:
        assert not verify_password("secret", text)
        assert not verify_password("", text)


def test_an_account_without_a_password_lets_nobody_in() -> None:
    assert not Account("alice").has_password("")


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"password": "x", "password_hash": hash_password("x")},
        {"password_hash": "plain"},
        {"password_hash": "scrypt$0$0$0$$"},
    ],
)
def test_an_account_has_either_a_password_or_a_hash_that_can_work(
    members: dict[str, object],
) -> None:
    account = {"id": "carol", **members}
    with pytest.raises(ConfigError, match=r"^requesting_parties\[0\]\.password(_hash)?: "):
        Config.from_document({"issuer": "https://as.example", "requesting_parties": [account]})


class TestWithHashes:
    @pytest.fixture
    def document(self, document: dict[str, object], stored: str) -> dict[str, object]:
        hashed: dict[str, object] = {"id": "alice", "password_hash": stored}
        plain: dict[str, object] = {"id": "bob", "password": "bob-password"}
        return {**document, "owners": [hashed, plain]}

    def test_the_password_opens_the_owners_api_and_her_pages(
        self, server: httpx.Client, browser: Callable[..., Browser]
    ) -> None:
        assert server.get("/owner/events", auth=("alice", "secret")).status_code == 200
        assert browser().sign_in("alice", password="secret").status_code == 303
        assert browser().sign_in("bob").status_code == 303

    def test_the_hash_opens_nothing(self, server: httpx.Client, stored: str) -> None:
        assert server.get("/owner/events", auth=("alice", stored)).status_code == 401

    @pytest.mark.parametrize("name", ["alice", "bob", "nobody", ""])
    def test_a_wrong_password_takes_its_time_whoever_it_is(
        self, server: httpx.Client, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        work: Counter[tuple[int, int, int]] = Counter()
        real = hashlib.scrypt

        def counting(password: bytes, **options: Any) -> bytes:
            work[options["n"], options["r"], options["p"]] += 1
            return real(password, **options)

        monkeypatch.setattr(hashlib, "scrypt", counting)
        assert server.get("/owner/events", auth=(name, "wrong")).status_code == 401
        assert work == {(2**14, 8, 5): 1}
