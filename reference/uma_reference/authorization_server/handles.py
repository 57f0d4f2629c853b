"""What clients and browsers hold beside tickets and access tokens: each an unguessable handle.

All have a `value`, which is kept as a digest only, an `expires_at` in seconds since the epoch, and
a `grant`, by which they end together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from uma_reference.authorization_server.model import Claims, Domain, Permission, Ticket
from uma_reference.opaque import digest


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token of an RPT (Grant 3.6) or, with a scope, of a PAT (FedAuthz 1.3)."""

    value: str = field(repr=False)
    client: str
    domain: Domain
    permissions: tuple[Permission, ...] | None
    expires_at: int
    grant: str
    party: str = ""
    scope: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PersistedClaims:
    """What a PCT stands for: the claims of a requesting party, for one client (Grant 3.3.5)."""

    value: str = field(repr=False)
    client: str
    claims: Claims
    expires_at: int
    grant: str = ""


@dataclass(frozen=True, slots=True)
class AuthorizationCode:
    """A code by which a resource server gets the PAT of an end-user owner (FedAuthz 1.3).

    `challenge` is the PKCE code challenge (S256), `redirect_uri` the one of the request. Of a code
    that was used remains that it was: `used_for` is the grant of its tokens, to which it does not
    belong itself, as it may be presented again after they were refreshed.
    """

    value: str = field(repr=False)
    client: str
    domain: Domain
    scope: frozenset[str]
    redirect_uri: str
    redirect_uri_given: bool
    challenge: str
    expires_at: int
    grant: str
    used_for: str = ""


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A person who signed in; the value is what her browser's cookie holds."""

    value: str = field(repr=False)
    account: str
    signed_in_at: int
    expires_at: int
    grant: str = ""


@dataclass(frozen=True, slots=True)
class Gathering:
    """A requesting party at the claims interaction endpoint, with her ticket used up (Grant 3.3.2).

    `ticket` is what its successor is made from. `state` is empty and `state_given` false when the
    client sent none.
    """

    value: str = field(repr=False)
    client: str
    ticket: Ticket
    redirect_uri: str
    state: str
    state_given: bool
    expires_at: int
    grant: str = ""

    @property
    def shown(self) -> str:
        """What the form of this visit carries, so that it is taken for no other."""
        return digest(self.value)


def is_form_of(gathering: Gathering, form: Mapping[str, str]) -> bool:
    """Tell whether a form was made for this visit."""
    return form.get("visit") == gathering.shown


Handle = RefreshToken | PersistedClaims | AuthorizationCode | BrowserSession | Gathering
