"""The configuration with which the reference authorization server is run for a session."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from uma_conformance.drivers.protocol import (
    BARE_CLIENT,
    BARE_PUBLIC_CLIENT,
    CLIENT,
    OTHER_CLIENT,
    OTHER_OWNER,
    OTHER_PARTY,
    OTHER_RESOURCE_SERVER,
    OWNER,
    PARTY,
    PUBLIC_CLIENT,
    RESOURCE_SERVER,
    ClientCredentials,
    Redirects,
)

IDENTITY_PROVIDER = "https://identity.example"
KEY_ID = "run-key"
TICKET_SECONDS = 300
RPT_SECONDS = 3600
DAY = 86_400
CLIENT_SCOPES: Mapping[str, frozenset[str]] = {
    CLIENT: frozenset({"download", "print"}),
    OTHER_CLIENT: frozenset(),
    BARE_CLIENT: frozenset(),
}
REDIRECTS: Mapping[str, Redirects] = {
    CLIENT: Redirects(
        (f"https://{CLIENT}.example/claims",),
        (f"https://{CLIENT}.example/callback",),
    ),
    OTHER_CLIENT: Redirects(
        (
            f"https://{OTHER_CLIENT}.example/claims",
            f"https://{OTHER_CLIENT}.example/more-claims?kept=1&also=a%20b",
        )
    ),
    PUBLIC_CLIENT: Redirects((f"https://{PUBLIC_CLIENT}.example/claims",)),
    BARE_CLIENT: Redirects(),
    BARE_PUBLIC_CLIENT: Redirects(),
}
# Optional features that the checks of the suite judge; the others stay off.
FEATURES: tuple[str, ...] = (
    *("dynamic-registration", "interactive-claims", "pct", "refresh", "request_submitted"),
    *("revocation", "rpt-upgrade"),
)
_ROLES = {PARTY: "doctor"}
_OWNERS = (OWNER, OTHER_OWNER)
_PARTIES = (PARTY, OTHER_PARTY)
_RESOURCE_SERVERS = (RESOURCE_SERVER, OTHER_RESOURCE_SERVER)


@dataclass(frozen=True, slots=True)
class Deployment:
    """Everything that is made up for one session: passwords, client secrets, the provider's key."""

    passwords: Mapping[str, str] = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)
    provider_key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def make(cls, token: Callable[[], str]) -> "Deployment":
        """Make a deployment; `token` yields unguessable strings."""
        pat_clients = [_pat_client(rs, owner) for rs in _RESOURCE_SERVERS for owner in _OWNERS]
        return cls(
            passwords={name: token() for name in (*_OWNERS, *_PARTIES)},
            secrets={name: token() for name in (*CLIENT_SCOPES, *pat_clients)},
            provider_key=ec.generate_private_key(ec.SECP256R1()),
        )

    def client(self, name: str) -> ClientCredentials:
        """Return a client of the grant; a public one has no secret."""
        return ClientCredentials(name, self.secrets.get(name, ""))

    def pat_client(self, resource_server: str, owner: str) -> ClientCredentials:
        """Return the client by which a resource server gets the PAT of an owner."""
        name = _pat_client(resource_server, owner)
        return ClientCredentials(name, self.secrets[name])

    def document(self, issuer: str) -> dict[str, object]:
        """Return the server's configuration document."""
        clients: list[dict[str, object]] = [
            {
                "id": name,
                "secret": self.secrets[name],
                "scopes": sorted(scopes),
                "redirect_uris": list(REDIRECTS[name].oauth),
                "claims_redirect_uris": list(REDIRECTS[name].claims),
            }
            for name, scopes in CLIENT_SCOPES.items()
        ]
        pat_clients: list[dict[str, object]] = [
            {
                "id": _pat_client(server, owner),
                "secret": self.secrets[_pat_client(server, owner)],
                "scopes": ["uma_protection"],
                "owner": owner,
                "resource_server": server,
            }
            for server in _RESOURCE_SERVERS
            for owner in _OWNERS
        ]
        public: list[dict[str, object]] = [
            {
                "id": name,
                "token_endpoint_auth_method": "none",
                "claims_redirect_uris": list(REDIRECTS[name].claims),
            }
            for name in (PUBLIC_CLIENT, BARE_PUBLIC_CLIENT)
        ]
        document: dict[str, object] = {
            "lifetimes": {
                "ticket_seconds": TICKET_SECONDS,
                "rpt_seconds": RPT_SECONDS,
                "pat_seconds": DAY,
            },
            "owners": [{"id": name, "password": self.passwords[name]} for name in _OWNERS],
            "requesting_parties": [
                {
                    "id": name,
                    "password": self.passwords[name],
                    "claims": {"email": identity(name), "role": role_of(name)},
                }
                for name in _PARTIES
            ],
            "clients": [*clients, *public, *pat_clients],
            "features": list(FEATURES),
            "policy_uris": True,
            "trusted_issuers": [{"issuer": IDENTITY_PROVIDER, "jwks": {"keys": [self._jwk()]}}],
            "controls": True,
        }
        return document | ({"issuer": issuer} if issuer else {})

    def _jwk(self) -> dict[str, object]:
        public: dict[str, object] = json.loads(ECAlgorithm.to_jwk(self.provider_key.public_key()))
        return {**public, "kid": KEY_ID, "use": "sig", "alg": "ES256"}


def _pat_client(resource_server: str, owner: str) -> str:
    return f"{resource_server}-{owner}"


def identity(party: str) -> str:
    """Return the e-mail address by which policies know a party."""
    return f"{party}@people.example"


def role_of(party: str) -> str:
    """Return the role of a party."""
    return _ROLES.get(party, "visitor")
