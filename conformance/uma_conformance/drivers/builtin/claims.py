"""The identity provider of the requesting parties, played by the driver."""

import time

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from uma_conformance.drivers.builtin.deployment import (
    DAY,
    IDENTITY_PROVIDER,
    KEY_ID,
    identity,
    role_of,
)
from uma_conformance.drivers.protocol import ClaimToken, Flaw

ID_TOKEN_FORMAT = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken"  # noqa: S105 - the name of a format


def id_token(
    key: ec.EllipticCurvePrivateKey,
    party: str,
    client_id: str,
    flaw: Flaw | None,
    without: frozenset[str],
) -> ClaimToken:
    """Make an ID Token of a party for a client, with one flaw or none, without some claims."""
    now = int(time.time())
    untrusted = flaw is Flaw.UNTRUSTED_ISSUER
    claims: dict[str, object] = {
        "iss": "https://stranger.example" if untrusted else IDENTITY_PROVIDER,
        "sub": f"party-{party}",
        "aud": "somebody-else" if flaw is Flaw.WRONG_AUDIENCE else client_id,
        "iat": now - DAY,
        # The server's clock is moved forward during a run, so the token has to outlive that.
        "exp": now - 60 if flaw is Flaw.EXPIRED else now + 30 * DAY,
        "email": identity(party),
        "role": role_of(party),
    }
    kept = {name: value for name, value in claims.items() if name not in without}
    signing_key = ec.generate_private_key(ec.SECP256R1()) if untrusted else key
    value = jwt.encode(kept, signing_key, algorithm="ES256", headers={"kid": KEY_ID})
    if flaw is Flaw.BROKEN_SIGNATURE:
        value = _with_other_signature(value)
    return ClaimToken(value, ID_TOKEN_FORMAT)


def _with_other_signature(token: str) -> str:
    head, _, signature = token.rpartition(".")
    # The first character carries six whole bits of the signature, the last one does not.
    return f"{head}.{'B' if signature.startswith('A') else 'A'}{signature[1:]}"
