"""What clients hold beside tickets and access tokens: each an unguessable handle.

All have a `value`, which is kept as a digest only, an `expires_at` in seconds since the epoch, and
a `grant`, by which they end together.
"""

from dataclasses import dataclass, field

from uma_reference.authorization_server.model import Claims, Domain, Permission


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token of an RPT (Grant 3.6)."""

    value: str = field(repr=False)
    client: str
    domain: Domain
    permissions: tuple[Permission, ...]
    expires_at: int
    grant: str
    party: str = ""


@dataclass(frozen=True, slots=True)
class PersistedClaims:
    """What a PCT stands for: the claims of a requesting party, for one client (Grant 3.3.5)."""

    value: str = field(repr=False)
    client: str
    claims: Claims
    expires_at: int
    grant: str = ""


Handle = RefreshToken | PersistedClaims
