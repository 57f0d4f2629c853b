"""The realm that a run uses: its people, clients, roles and scopes."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from uma_conformance.drivers.protocol import (
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
)

PEOPLE = (OWNER, OTHER_OWNER, PARTY, OTHER_PARTY)
RESOURCE_SERVERS = (RESOURCE_SERVER, OTHER_RESOURCE_SERVER)
CLIENT_SCOPES: Mapping[str, frozenset[str]] = {
    CLIENT: frozenset({"download", "print"}),
    OTHER_CLIENT: frozenset(),
}
PROTECTION_ROLE = "uma_protection"
ROLE = "doctor"
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Realm:
    """Passwords and client secrets made up for one run, and the realm's description."""

    passwords: Mapping[str, str] = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)

    @classmethod
    def fresh(cls) -> "Realm":
        """Make up all passwords and secrets."""
        return cls(
            {name: secrets.token_urlsafe(18) for name in PEOPLE},
            {name: secrets.token_urlsafe(24) for name in (*RESOURCE_SERVERS, *CLIENT_SCOPES)},
        )

    def credentials(self, name: str) -> ClientCredentials:
        """Return the credentials of a client or resource server; a public client has no secret."""
        return ClientCredentials(name, self.secrets.get(name, ""))

    def document(self) -> dict[str, object]:
        """Return the realm as Keycloak takes it, but for what needs identifiers of its own."""
        return {
            "userManagedAccessAllowed": True,
            # Passwords are long, random, and gone with the realm: slow hashes only cost time.
            "passwordPolicy": "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)",
            "accessTokenLifespan": _HOUR,
            "ssoSessionIdleTimeout": 2 * _HOUR,
            "ssoSessionMaxLifespan": 2 * _HOUR,
            "roles": {"realm": [{"name": ROLE}]},
            "users": [self._person(name) for name in PEOPLE],
            "clients": [
                *(self._resource_server(name) for name in RESOURCE_SERVERS),
                *(self._confidential(name) for name in CLIENT_SCOPES),
                _public(PUBLIC_CLIENT),
            ],
        }

    def _person(self, name: str) -> dict[str, object]:
        return {
            "username": name,
            "enabled": True,
            "email": f"{name}@people.example",
            "emailVerified": True,
            "firstName": name.title(),
            "lastName": "Example",
            "credentials": [
                {"type": "password", "value": self.passwords[name], "temporary": False}
            ],
        }

    def _resource_server(self, name: str) -> dict[str, object]:
        return {
            **self._confidential(name),
            "authorizationServicesEnabled": True,
            "authorizationSettings": {
                "allowRemoteResourceManagement": True,
                "policyEnforcementMode": "ENFORCING",
                "decisionStrategy": "UNANIMOUS",
            },
        }

    def _confidential(self, name: str) -> dict[str, object]:
        return {
            "clientId": name,
            "secret": self.secrets[name],
            "publicClient": False,
            "serviceAccountsEnabled": True,
            "directAccessGrantsEnabled": True,
            "standardFlowEnabled": False,
        }


def _public(name: str) -> dict[str, object]:
    return {
        "clientId": name,
        "publicClient": True,
        "directAccessGrantsEnabled": True,
        "standardFlowEnabled": False,
    }
