"""People who sign in at the client application: requesting parties."""

from dataclasses import dataclass, field

from uma_reference.client import ID_TOKEN_FORMAT, ClaimToken
from uma_reference.config_reader import Reader
from uma_reference.opaque import same
from uma_reference.passwords import is_hash, verify_password


@dataclass(frozen=True, slots=True)
class Person:
    """A requesting party, for whom the application vouches towards nobody but itself (Grant 5.2).

    `claim_tokens` are what the application may push about this person; mostly none.
    """

    id: str
    name: str = ""
    password: str = field(default="", repr=False)
    password_hash: str = field(default="", repr=False)
    claim_tokens: tuple[ClaimToken, ...] = ()

    @property
    def shown(self) -> str:
        """What pages call this person."""
        return self.name or self.id

    def has_password(self, given: str) -> bool:
        """Tell whether a password is the right one, in a time that does not depend on how wrong."""
        if self.password_hash:
            return verify_password(given, self.password_hash)
        return same(self.password, given)


def read_person(item: Reader) -> Person:
    """Read a person of the configuration."""
    password, stored = item.text("password", ""), item.text("password_hash", "")
    if bool(password) == bool(stored):
        item.fail("password", "give it, or its hash as password_hash")
    if stored and not is_hash(stored):
        item.fail("password_hash", "it has to be what `uma2 hash-password` prints")
    return Person(
        item.text("id"),
        item.text("name", ""),
        password,
        stored,
        tuple(_claim_token(entry) for entry in item.children("claim_tokens")),
    )


def _claim_token(item: Reader) -> ClaimToken:
    try:
        return ClaimToken.of(item.text("token").encode(), item.text("format", ID_TOKEN_FORMAT))
    except ValueError as error:
        item.fail("token", str(error))
