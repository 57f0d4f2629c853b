"""The configuration of the reference for a scenario: its people, clients, providers, servers."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from uma_conformance.drivers.protocol import ClientCredentials
from uma_conformance.jsonvalue import object_of
from uma_scenarios import Scenario
from uma_scenarios.model import Provider, Resource

KEY_ID = "run-key"
FEATURES = (
    "interactive-claims",
    "pct",
    "refresh",
    "request_submitted",
    "revocation",
    "rpt-upgrade",
)
_YEAR = 365 * 86_400
_FHIR = "application/fhir+json"


@dataclass(frozen=True, slots=True)
class Deployment:
    """A scenario with everything that is made up for one replay of it.

    `secrets` are those of clients, `passwords` those of people who sign in, `keys` the signing keys
    of the identity providers. With `licences` permissions are shown as such.
    """

    scenario: Scenario
    passwords: Mapping[str, str] = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)
    keys: Mapping[str, ec.EllipticCurvePrivateKey] = field(repr=False)
    licences: bool = False

    @classmethod
    def make(cls, scenario: Scenario, *, licences: bool = False) -> "Deployment":
        """Make passwords, secrets and keys for a scenario."""
        pat_clients = [
            pat_client(server, owner) for server in scenario.servers for owner in scenario.owners
        ]
        return cls(
            scenario,
            {name: secrets.token_urlsafe(18) for name in scenario.cast},
            {name: secrets.token_urlsafe(24) for name in (*scenario.clients, *pat_clients)},
            {name: ec.generate_private_key(ec.SECP256R1()) for name in scenario.providers},
            licences,
        )

    def credentials(self, client: str) -> ClientCredentials:
        """Return the credentials of a client of the scenario; a public one has no secret."""
        public = self.scenario.clients[client].public
        return ClientCredentials(client, "" if public else self.secrets[client])

    def authorization_server(self, issuer: str) -> dict[str, object]:
        """Return the configuration of the authorization server."""
        scenario = self.scenario
        trusted = [item for item in scenario.providers.values() if item.trusted]
        return {
            "issuer": issuer,
            "owners": [
                {"id": item.id, "name": item.name, "password": self.passwords[item.id]}
                for item in scenario.owners.values()
            ],
            "requesting_parties": [
                {
                    "id": item.id,
                    "name": item.name,
                    "password": self.passwords[item.id],
                    "claims": dict(item.account),
                }
                for item in scenario.people.values()
                if item.account is not None
            ],
            "clients": [*self._clients(), *self._pat_clients()],
            "trusted_issuers": [
                {"issuer": item.issuer, "jwks": {"keys": [self._jwk(item)]}} for item in trusted
            ],
            "features": list(FEATURES),
            "withdrawal_ends_rpts": True,
            "licences": self.licences,
            "lifetimes": {"rpt_seconds": scenario.rpt_seconds, "pct_seconds": _YEAR},
        }

    def resource_server(
        self, server: str, url: str, issuer: str, ca_file: str
    ) -> dict[str, object]:
        """Return the configuration of a resource server, with the documents that it keeps."""
        return {
            "name": server,
            "url": url,
            "realm": self.scenario.servers[server].name,
            "authorization_server": {"issuer": issuer, "ca_file": ca_file},
            "owners": [
                {
                    "id": owner,
                    "password": self.passwords[owner],
                    "client": {
                        "id": pat_client(server, owner),
                        "secret": self.secrets[pat_client(server, owner)],
                    },
                    "documents": [
                        _document(item)
                        for item in self.scenario.resources.values()
                        if (item.server, item.owner) == (server, owner)
                    ],
                }
                for owner in self.scenario.owners
            ],
        }

    def _clients(self) -> list[dict[str, object]]:
        return [
            {
                "id": item.id,
                "name": item.name,
                "scopes": sorted(item.scopes),
                "claims_redirect_uris": [redirect_uri(item.id)] if item.visits else [],
                **(
                    {"token_endpoint_auth_method": "none"}
                    if item.public
                    else {"secret": self.secrets[item.id]}
                ),
            }
            for item in self.scenario.clients.values()
        ]

    def _pat_clients(self) -> list[dict[str, object]]:
        return [
            {
                "id": pat_client(server.id, owner),
                "name": server.name,
                "secret": self.secrets[pat_client(server.id, owner)],
                "scopes": ["uma_protection"],
                "owner": owner,
                "resource_server": server.id,
            }
            for server in self.scenario.servers.values()
            for owner in self.scenario.owners
        ]

    def _jwk(self, provider: Provider) -> dict[str, object]:
        key = self.keys[provider.id].public_key()
        public: dict[str, object] = json.loads(ECAlgorithm.to_jwk(key))
        return {**public, "kid": KEY_ID, "use": "sig", "alg": "ES256"}


def pat_client(server: str, owner: str) -> str:
    """Return the client by which a resource server gets the PAT of an owner."""
    return f"rs-{server}-{owner}"


def redirect_uri(client: str) -> str:
    """Return the claims redirection URI of a client."""
    return f"https://{client}.example/claims"


def _document(item: Resource) -> dict[str, object]:
    operations = {"GET": item.read, "PUT": item.write}
    is_fhir = "resourceType" in object_of(item.document)
    return {
        "id": item.id,
        "name": item.name,
        **({"type": item.type} if item.type else {}),
        "scopes": list(item.scopes),
        "operations": {method: scope for method, scope in operations.items() if scope},
        **({"related": list(item.related)} if item.related else {}),
        **({"media_type": _FHIR} if is_fhir else {}),
        "content": item.document,
    }
