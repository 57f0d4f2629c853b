"""Faults in the verification of claim tokens (RFC 8725)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import jwt

from uma_reference.authorization_server.claims import (
    InvalidClaimToken,
    KeySource,
    Presentation,
    verify_claims,
)
from uma_reference.authorization_server.config import TrustedIssuer
from uma_reference.authorization_server.documents import elements_of
from uma_reference.authorization_server.model import Claims
from uma_reference.faults.fault import Fault


def _content(token: str) -> Mapping[str, object]:
    try:
        return jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        raise InvalidClaimToken("it is malformed") from None


def _unsigned_too(
    presented: Presentation, issuers: Sequence[TrustedIssuer], source: KeySource
) -> Claims:
    """Take a token without a signature as it is."""
    if presented.token.count(".") == 2 and presented.token.endswith("."):
        claims = _content(presented.token)
        return Claims(str(claims.get("iss")), claims)
    return verify_claims(presented, issuers, source)


def _never_checked(
    presented: Presentation, issuers: Sequence[TrustedIssuer], source: KeySource
) -> Claims:
    """Look at a signature only in so far as there is one."""
    if presented.token.endswith("."):
        return verify_claims(presented, issuers, source)
    claims = _content(presented.token)
    if claims.get("aud") != presented.client_id:
        raise InvalidClaimToken("it is meant for somebody else")
    return Claims(str(claims.get("iss")), claims)


def _for_everybody(
    presented: Presentation, issuers: Sequence[TrustedIssuer], source: KeySource
) -> Claims:
    """Take a token for any audience."""
    audience = _content(presented.token).get("aud")
    named = str((elements_of(audience) or [audience])[0])
    return verify_claims(replace(presented, client_id=named), issuers, source)


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "claims-unsigned",
            "Claim tokens without a signature count.",
            ("SEC-CLAIM-01",),
            rules=lambda rules: replace(rules, verify_claims=_unsigned_too),
        ),
        Fault(
            "claims-signature-ignored",
            "The signature of a claim token is not checked.",
            ("SEC-CLAIM-02",),
            rules=lambda rules: replace(rules, verify_claims=_never_checked),
        ),
        Fault(
            "claims-audience-ignored",
            "A claim token for one client counts for all.",
            ("SEC-CLAIM-03",),
            rules=lambda rules: replace(rules, verify_claims=_for_everybody),
        ),
    )
