"""The identity provider of the requesting parties, played by the driver."""

import time

from cryptography.hazmat.primitives.asymmetric import ec

from uma_conformance.drivers.builtin.deployment import (
    DAY,
    IDENTITY_PROVIDER,
    KEY_ID,
    identity,
    role_of,
)
from uma_conformance.drivers.protocol import ClaimToken, Flaw
from uma_conformance.drivers.signing import Signer


def id_token(
    key: ec.EllipticCurvePrivateKey,
    party: str,
    client_id: str,
    flaw: Flaw | None,
    without: frozenset[str],
) -> ClaimToken:
    """Make an ID Token of a party for a client, with one flaw or none, without some claims."""
    now = int(time.time())
    claims = {"sub": f"party-{party}", "email": identity(party), "role": role_of(party)}
    kept = {name: value for name, value in claims.items() if name not in without}
    # The server's clock is moved forward during a run, so the token has to outlive that.
    return Signer(IDENTITY_PROVIDER, key, KEY_ID).token(
        kept, client_id, (now - DAY, now + 30 * DAY), flaw
    )
