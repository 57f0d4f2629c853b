"""Signing claim tokens as an identity provider does, with one flaw or none (Grant 3.3.6, 5.7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from uma_conformance.drivers.protocol import ClaimToken, Flaw

ID_TOKEN_FORMAT = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken"  # noqa: S105 - the name of a format
STRANGER = "https://stranger.example"
SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


@dataclass(frozen=True, slots=True)
class Signer:
    """An identity provider: its issuer, its key, and what it says of the key."""

    issuer: str
    key: SigningKey = field(repr=False)
    key_id: str = ""
    format: str = ID_TOKEN_FORMAT

    def token(
        self,
        about: Mapping[str, object],
        audience: str,
        times: tuple[int, int],
        flaw: Flaw | None = None,
    ) -> ClaimToken:
        """Sign claims about somebody for an audience; `times` are when it begins and ends."""
        issued, ends = times
        if flaw is Flaw.EXPIRED:
            issued, ends = issued - 600, issued - 300
        untrusted = flaw is Flaw.UNTRUSTED_ISSUER
        claims: dict[str, object] = {
            **about,
            "iss": STRANGER if untrusted else self.issuer,
            "aud": "somebody-else" if flaw is Flaw.WRONG_AUDIENCE else audience,
            "iat": issued,
            "exp": ends,
        }
        key = ec.generate_private_key(ec.SECP256R1()) if untrusted else self.key
        headers = {"kid": self.key_id} if self.key_id else None
        value = jwt.encode(claims, key, algorithm=algorithm_of(key), headers=headers)
        if flaw is Flaw.BROKEN_SIGNATURE:
            value = with_other_signature(value)
        return ClaimToken(value, self.format)


def algorithm_of(key: SigningKey) -> str:
    """Return the algorithm of RFC 7518 that a key signs with; raise `KeyError` for odd curves."""
    return "RS256" if isinstance(key, rsa.RSAPrivateKey) else _CURVES[key.curve.name]


def with_other_signature(token: str) -> str:
    """Return a token whose signature is not that of its content."""
    head, _, signature = token.rpartition(".")
    # The first character carries six whole bits of the signature, the last one does not.
    return f"{head}.{'B' if signature.startswith('A') else 'A'}{signature[1:]}"
