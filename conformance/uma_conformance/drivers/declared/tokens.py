"""Access tokens for the protection API, by the client credentials grant (RFC 6749 4.4)."""

import ssl
import time
from dataclasses import dataclass, field

import httpx

from uma_conformance.actors.client import basic
from uma_conformance.actors.metadata import discovery_url
from uma_conformance.drivers.answers import json_of
from uma_conformance.drivers.protocol import ClientCredentials, DriverError
from uma_conformance.jsonvalue import object_of

_SECONDS = 30.0
_SPARE_SECONDS = 30


@dataclass(slots=True)
class Tokens:
    """Gets each token once, and again when it is about to expire or after `forget`."""

    issuer: str
    verify: ssl.SSLContext
    _held: dict[tuple[str, str], tuple[str, float]] = field(
        default_factory=dict[tuple[str, str], tuple[str, float]], repr=False
    )
    _endpoint: str = ""

    def token(self, credentials: ClientCredentials, scope: str, key: str) -> str:
        """Return an access token; `key` names the credentials in the target file, for errors."""
        held, until = self._held.get((credentials.client_id, scope), ("", 0.0))
        if held and time.monotonic() < until:
            return held
        form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
        name, value = basic(credentials)
        answer = self._send("POST", self._token_endpoint(), {name: value}, form)
        members = object_of(json_of(answer))
        token = members.get("access_token")
        if not answer.is_success or not isinstance(token, str):
            reason = f" ({members['error']})" if "error" in members else ""
            raise DriverError(
                f"{key}: the token endpoint gave {credentials.client_id} no access token: "
                f"status {answer.status_code}{reason}"
            )
        seconds = members.get("expires_in")
        lives = seconds if isinstance(seconds, int) else _SPARE_SECONDS * 2
        until = time.monotonic() + lives - _SPARE_SECONDS
        self._held[credentials.client_id, scope] = (token, until)
        return token

    def forget(self) -> None:
        """Get every token anew from now on."""
        self._held.clear()

    def _token_endpoint(self) -> str:
        if not self._endpoint:
            answer = self._send("GET", discovery_url(self.issuer))
            endpoint = object_of(json_of(answer)).get("token_endpoint")
            if not isinstance(endpoint, str):
                raise DriverError("target.issuer: its discovery document has no token_endpoint")
            self._endpoint = endpoint
        return self._endpoint

    def _send(
        self,
        method: str,
        url: str,
        headers: dict[str, str] | None = None,
        form: dict[str, str] | None = None,
    ) -> httpx.Response:
        try:
            with httpx.Client(verify=self.verify, timeout=_SECONDS, trust_env=False) as http:
                return http.request(method, url, headers=headers, data=form)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise DriverError(f"target.issuer: {method} {url}: {error}") from error
