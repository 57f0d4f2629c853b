"""The driver of the reference authorization server.

It plays the identity provider of the requesting parties itself, sets policy over the owner's API,
and moves the server's clock instead of waiting.
"""

import asyncio
import math
import secrets
import ssl
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

import httpx

from uma_conformance.drivers.answers import json_of
from uma_conformance.drivers.builtin.claims import id_token
from uma_conformance.drivers.builtin.deployment import (
    CLIENT_SCOPES,
    IDENTITY_PROVIDER,
    REDIRECTS,
    TICKET_SECONDS,
    Deployment,
    identity,
)
from uma_conformance.drivers.builtin.visits import visit
from uma_conformance.drivers.plain import PlainRequests
from uma_conformance.drivers.protocol import (
    OTHER_PARTY,
    PARTY,
    ClaimToken,
    ClientCredentials,
    DriverError,
    Flaw,
    Page,
    Policy,
    Redirects,
    TicketExpiry,
    Unsupported,
    UserAgent,
    Wish,
)
from uma_conformance.jsonvalue import array_of, object_of

_SECONDS = 10.0


class BuiltinDriver(PlainRequests):
    """Drives a reference authorization server that runs with the driver's own deployment."""

    def __init__(
        self,
        issuer: str,
        deployment: Deployment,
        *,
        verify: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._issuer = issuer
        self._deployment = deployment
        self._runner = asyncio.Runner()
        self._http = httpx.AsyncClient(
            verify=verify if verify is not None else True,
            transport=transport,
            timeout=_SECONDS,
            trust_env=False,
        )
        self._tokens: dict[tuple[str, str, str], str] = {}

    @property
    def issuer(self) -> str:
        """The issuer of the server."""
        return self._issuer

    def open(self) -> None:
        """Do nothing: the server was started with everything in its configuration."""

    def close(self) -> None:
        """Close the driver's own connections."""
        self._runner.run(self._http.aclose())
        self._runner.close()

    def secrets(self) -> Iterable[tuple[str, str]]:
        """Yield the passwords, client secrets and e-mail addresses of the deployment."""
        for value in (*self._deployment.passwords.values(), *self._deployment.secrets.values()):
            yield "secret", value
        for party in (PARTY, OTHER_PARTY):
            yield "claim", identity(party)

    def pat(self, owner: str, resource_server: str) -> str:
        """Get the PAT by the client credentials grant, once for each owner and server."""
        return self._token(owner, resource_server, "uma_protection")

    def plain_token(self, owner: str, resource_server: str) -> str:
        """Get an access token of the same client without any scope."""
        return self._token(owner, resource_server, "")

    def client(self, name: str) -> ClientCredentials:
        """Return a client of the deployment."""
        return self._deployment.client(name)

    def client_scopes(self, name: str) -> frozenset[str]:
        """Return what the client is registered for in the deployment."""
        return CLIENT_SCOPES[name]

    def set_policy(self, owner: str, resource_id: str, policies: Iterable[Policy]) -> None:
        """Replace the policies of a resource over the owner's API."""
        body = [
            {
                "scopes": sorted(policy.scopes),
                "conditions": [
                    _condition("email", identity(policy.party), self._voucher(policy)),
                    *(
                        _condition(claim, value, self._voucher(policy))
                        for claim, value in policy.also.items()
                    ),
                ],
                **({"ask": True} if policy.ask else {}),
            }
            for policy in policies
        ]
        path = f"/owner/resources/{quote(resource_id, safe='')}/policies"
        password = self._deployment.passwords[owner]
        self._call("PUT", path, auth=(owner, password), json=body)

    def claim_token(
        self,
        party: str,
        client: str,
        *,
        flaw: Flaw | None = None,
        without: frozenset[str] = frozenset(),
    ) -> ClaimToken:
        """Make an ID Token with the key that the server trusts."""
        return id_token(self._deployment.provider_key, party, client, flaw, without)

    def introspection_credentials(self, resource_server: str) -> ClientCredentials:
        """Raise `Unsupported`: the server takes the PAT."""
        raise Unsupported(f"{resource_server} introspects with its PAT")

    @contextmanager
    def short_lived_tickets(self) -> Generator[TicketExpiry]:
        """Yield an expiry that moves the server's clock past the ticket lifetime."""
        yield _ClockExpiry(self)

    def pass_time(self, seconds: float) -> None:
        """Move the server's clock."""
        self.advance(math.ceil(seconds))

    def redirects(self, client: str) -> Redirects:
        """Return what the deployment registers."""
        return REDIRECTS[client]

    def act_as(self, party: str, agent: UserAgent, page: Page, wish: Wish) -> Page:
        """Sign in and answer the page of the visit."""
        return visit(self._issuer, party, self._deployment.passwords[party], agent, page, wish)

    def settle(self, owner: str, resource_id: str, *, approve: bool) -> None:
        """Decide over the owner's API."""
        auth = (owner, self._deployment.passwords[owner])
        decision = {"decision": "approve" if approve else "deny"}
        for item in array_of(json_of(self._call("GET", "/owner/requests", auth=auth))):
            request = object_of(item)
            wanted = [
                object_of(part).get("resource_id") for part in array_of(request["permissions"])
            ]
            if request.get("standing") == "pending" and resource_id in wanted:
                place = f"/owner/requests/{quote(str(request['id']), safe='')}"
                self._call("POST", place, auth=auth, json=decision)

    def _voucher(self, policy: Policy) -> str:
        """Return whose word counts: the server's own, if the party has to come to it."""
        return self._issuer if policy.by_visit else IDENTITY_PROVIDER

    def advance(self, seconds: int) -> None:
        """Move the server's clock forward; PATs that may have expired by then are forgotten."""
        self._tokens.clear()
        self._call("POST", "/controls/clock", json={"advance": seconds})

    def _token(self, owner: str, resource_server: str, scope: str) -> str:
        key = (owner, resource_server, scope)
        if key not in self._tokens:
            credentials = self._deployment.pat_client(resource_server, owner)
            form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
            answer = self._call(
                "POST", "/token", auth=(credentials.client_id, credentials.client_secret), data=form
            )
            self._tokens[key] = str(object_of(json_of(answer)).get("access_token", ""))
        return self._tokens[key]

    def _call(
        self,
        method: str,
        path: str,
        *,
        auth: tuple[str, str] | None = None,
        json: object = None,
        data: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        base = self._issuer.rstrip("/")
        try:
            answer = self._runner.run(
                self._http.request(
                    method, base + path, auth=auth, json=json, data=dict(data) if data else None
                )
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise DriverError(f"{method} {path}: {error}") from error
        if not answer.is_success:
            raise DriverError(f"{method} {path} answered status {answer.status_code}")
        return answer


@dataclass(frozen=True, slots=True)
class _ClockExpiry:
    driver: BuiltinDriver

    def wait(self) -> None:
        """Move the clock past the lifetime of every ticket issued so far."""
        self.driver.advance(TICKET_SECONDS + 1)


def _condition(claim: str, value: str, issuer: str) -> dict[str, object]:
    return {
        "claim": claim,
        "values": [value],
        "issuer": issuer,
        "friendly_name": claim,
    }


def fresh_deployment() -> Deployment:
    """Make a deployment with secrets from the system's random source."""
    return Deployment.make(lambda: secrets.token_urlsafe(24))
