"""People who sign in at the authorization server: resource owners and requesting parties."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from uma_reference.config_reader import Reader
from uma_reference.opaque import same
from uma_reference.passwords import is_hash, verify_password


@dataclass(frozen=True, slots=True)
class Account:
    """A person, with her password or the hash of it, and what the server knows about her.

    `claims` are what the server itself vouches for when she gives them as a requesting party. An
    `owner` may have resources.
    """

    id: str
    password: str = field(default="", repr=False)
    password_hash: str = field(default="", repr=False)
    name: str = ""
    claims: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)
    owner: bool = False

    @property
    def shown(self) -> str:
        """What pages call her."""
        return self.name or self.id

    def has_password(self, given: str) -> bool:
        """Tell whether a password is hers, in a time that does not depend on how wrong it is."""
        if self.password_hash:
            return verify_password(given, self.password_hash)
        return bool(self.password) and same(self.password, given)


def read_account(item: Reader, *, owner: bool) -> Account:
    """Read an account of the configuration."""
    password, stored = item.text("password", ""), item.text("password_hash", "")
    if bool(password) == bool(stored):
        item.fail("password", "give it, or its hash as password_hash")
    if stored and not is_hash(stored):
        item.fail("password_hash", "it has to be what `uma2 hash-password` prints")
    return Account(
        item.text("id"),
        password,
        stored,
        item.text("name", ""),
        item.child("claims").members,
        owner,
    )
