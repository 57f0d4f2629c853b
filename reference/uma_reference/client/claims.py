"""Claim tokens that the client can push (Grant 3.3.1)."""

import base64
import binascii
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from uma_reference.client.answers import RequiredClaim
from uma_reference.client.messages import parse_object, text_of
from uma_reference.names import ID_TOKEN_FORMAT
from uma_reference.opaque import digest

_JWT_FORMATS = frozenset({ID_TOKEN_FORMAT, "urn:ietf:params:oauth:token-type:jwt"})


@dataclass(frozen=True, slots=True)
class ClaimToken:
    """A claim token as it is sent, and its format."""

    value: str = field(repr=False)
    format: str = ID_TOKEN_FORMAT

    @classmethod
    def of(cls, content: bytes, token_format: str = ID_TOKEN_FORMAT) -> "ClaimToken":
        """Encode a file's content as its format asks: a JWT as it is, others in base64url.

        Raise `ValueError` when a JWT's content is none.
        """
        if token_format not in _JWT_FORMATS:
            return cls(base64.urlsafe_b64encode(content).rstrip(b"=").decode(), token_format)
        try:
            text = content.decode("ascii").strip()
        except UnicodeDecodeError:
            text = ""
        if text.count(".") not in {2, 4} or not text.replace(".", "").strip():
            raise ValueError("it has to hold one JWT: parts in base64url with dots between them")
        return cls(text, token_format)

    @property
    def issuer(self) -> str:
        """Who issued it, where that can be read."""
        parts = self.value.split(".")
        if self.format not in _JWT_FORMATS or len(parts) != 3:
            return ""
        try:
            payload = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        except (ValueError, binascii.Error):
            return ""
        return text_of(parse_object(payload) or {}, "iss")


class ClaimSource(Protocol):
    """Finds a claim token for what an authorization server asks.

    `issuer` is that server: a source may keep a token from servers that it is not meant for
    (Grant 5.7, 6.2). `pushed` holds the digests of tokens that this flow has pushed already.
    """

    def find(
        self, issuer: str, hints: Sequence[RequiredClaim], pushed: Collection[str]
    ) -> ClaimToken | None:
        """Return a token that was not pushed yet and fits a hint, or nothing."""
        ...


class GivenClaims:
    """Claim tokens given beforehand, tried in their order."""

    def __init__(self, *tokens: ClaimToken) -> None:
        self._tokens = tokens

    def find(
        self, issuer: str, hints: Sequence[RequiredClaim], pushed: Collection[str]
    ) -> ClaimToken | None:
        """Return the first token not pushed yet whose format and issuer fit a hint."""
        del issuer
        for token in self._tokens:
            new = digest(token.value) not in pushed
            if new and (not hints or any(_fits(token, hint) for hint in hints)):
                return token
        return None


def _fits(token: ClaimToken, hint: RequiredClaim) -> bool:
    formats, issuers = hint.claim_token_format, hint.issuer
    known = token.issuer
    return (not formats or token.format in formats) and (
        not issuers or not known or known in issuers
    )
