"""Requests to the token endpoint for a PAT (FedAuthz 1.3, RFC 6749)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from uma_reference.client.authentication import authenticated
from uma_reference.client.holdings import Credentials
from uma_reference.client.messages import NoAnswer, parse_object, plain, text_of
from uma_reference.client.transport import Sender
from uma_reference.clock import Clock, Randomness
from uma_reference.resource_server.discovery import LIMIT_BYTES, Discovery
from uma_reference.resource_server.errors import Refusal, Unavailable

PROTECTION = "uma_protection"
# A PAT is renewed a little before its end, so that it does not expire on its way.
_MARGIN_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Granted:
    """A PAT with its end, 0 when unknown, and perhaps a refresh token."""

    pat: str = field(repr=False)
    expires_at: int = 0
    refresh_token: str = field(default="", repr=False)


def is_live(expires_at: int, now: int) -> bool:
    """Tell whether a PAT can still be used."""
    return not expires_at or now < expires_at - _MARGIN_SECONDS


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """Asks for PATs, authenticated as a client."""

    discovery: Discovery
    sender: Sender
    clock: Clock
    randomness: Randomness

    def request(self, credentials: Credentials, form: Mapping[str, str]) -> Granted:
        """Return what is granted; raise `Refusal` with the error's code, or `Unavailable`."""
        url = self.discovery.endpoints().token_endpoint
        now = self.clock.now()
        fresh = self.randomness.token()
        answer = self.sender.send(
            authenticated(url, form, credentials, url, now, fresh), LIMIT_BYTES
        )
        if isinstance(answer, NoAnswer):
            raise Unavailable(f"the authorization server cannot be reached: {answer.why}")
        document = parse_object(answer.body) or {}
        if 400 <= answer.status < 500:
            raise Refusal(answer.status, plain(text_of(document, "error")))
        pat = text_of(document, "access_token")
        bearer = text_of(document, "token_type").lower() == "bearer"
        if answer.status != 200 or not bearer or not _fits_a_header(pat):
            raise Unavailable("the token endpoint gives no usable access token")
        scope = document.get("scope")
        if isinstance(scope, str) and PROTECTION not in scope.split():
            raise Unavailable(f"the token endpoint gives a token without the scope {PROTECTION}")
        lasts = document.get("expires_in")
        expires_at = now + lasts if type(lasts) is int and lasts > 0 else 0
        refresh_token = text_of(document, "refresh_token")
        return Granted(pat, expires_at, refresh_token if _fits_a_header(refresh_token) else "")


def _fits_a_header(token: str) -> bool:
    return bool(token) and token.isascii() and token.isprintable() and " " not in token
