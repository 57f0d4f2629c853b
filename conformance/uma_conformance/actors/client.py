"""The client of the UMA grant that the suite plays towards an authorization server (Grant 3.3)."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from uma_conformance.actors.actor import FORM, Journal, form_body
from uma_conformance.drivers.protocol import ClaimToken, ClientCredentials
from uma_conformance.wire import Answer, Message

SENDER = "client"
TOKEN = "token"  # noqa: S105 - the name of an endpoint
REVOCATION = "revocation"
UMA_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"


@dataclass(frozen=True, slots=True)
class Client:
    """A client; one without a secret is public. `extra` goes with every RPT request."""

    journal: Journal
    token_endpoint: str
    credentials: ClientCredentials = field(repr=False)
    extra: Mapping[str, str] = field(default_factory=dict[str, str])

    def request_rpt(
        self,
        ticket: str,
        claims: ClaimToken | None = None,
        *,
        label: str = "",
        purpose: str = "",
        **parameters: str,
    ) -> Answer:
        """Ask for an RPT with a permission ticket, pushing claims if given (Grant 3.3.1)."""
        wanted = {"grant_type": UMA_GRANT, "ticket": ticket, **parameters}
        if claims is not None:
            wanted |= {"claim_token": claims.value, "claim_token_format": claims.format}
        return self.request_token(
            {**wanted, **self.extra}, label=label, purpose=purpose or "Ask for an RPT"
        )

    def request_token(
        self,
        parameters: Mapping[str, str] | Sequence[tuple[str, str]],
        *,
        label: str = "",
        purpose: str = "",
    ) -> Answer:
        """Send any parameters to the token endpoint, as this client."""
        return self._send(self.token_endpoint, TOKEN, parameters, label, purpose)

    def race_for_rpt(
        self, ticket: str, claims: ClaimToken | None, count: int, label: str
    ) -> Sequence[Answer]:
        """Ask for an RPT with the same ticket several times at once (Grant 5.5)."""
        wanted = {"grant_type": UMA_GRANT, "ticket": ticket, **self.extra}
        if claims is not None:
            wanted |= {"claim_token": claims.value, "claim_token_format": claims.format}
        message = self._message(self.token_endpoint, wanted)
        return self.journal.send_together(
            [message] * count,
            sender=SENDER,
            endpoint=TOKEN,
            label=label,
            purpose="Ask for an RPT several times at once",
        )

    def refresh(self, token: str, *, label: str = "", **parameters: str) -> Answer:
        """Present a refresh token (Grant 3.6)."""
        form = {"grant_type": "refresh_token", "refresh_token": token, **parameters}
        return self.request_token(form, label=label, purpose="Refresh an RPT")

    def revoke(self, url: str, token: str, *, label: str = "", hint: str = "") -> Answer:
        """Ask for the revocation of a token, with a hint at its type if given (Grant 3.7)."""
        form = {"token": token} | ({"token_type_hint": hint} if hint else {})
        return self._send(url, REVOCATION, form, label, "Revoke a token")

    def _send(
        self,
        url: str,
        endpoint: str,
        parameters: Mapping[str, str] | Sequence[tuple[str, str]],
        label: str,
        purpose: str,
    ) -> Answer:
        return self.journal.send(
            self._message(url, parameters),
            sender=SENDER,
            endpoint=endpoint,
            label=label,
            purpose=purpose,
        )

    def _message(
        self, url: str, parameters: Mapping[str, str] | Sequence[tuple[str, str]]
    ) -> Message:
        pairs = list(parameters.items() if isinstance(parameters, Mapping) else parameters)
        headers = [("content-type", FORM)]
        if self.credentials.client_secret:
            headers.append(basic(self.credentials))
        else:
            pairs.append(("client_id", self.credentials.client_id))
        return Message("POST", url, tuple(headers), form_body(pairs))


def basic(credentials: ClientCredentials) -> tuple[str, str]:
    """Return the header for client_secret_basic (RFC 6749 section 2.3.1)."""
    pair = f"{quote(credentials.client_id, safe='')}:{quote(credentials.client_secret, safe='')}"
    return ("authorization", "Basic " + base64.b64encode(pair.encode()).decode())
