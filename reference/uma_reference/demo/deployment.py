"""The configuration of each server of the demonstration."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from uma_reference.demo.cast import CAST, Person
from uma_reference.demo.kept import Kept
from uma_reference.demo.records import CLINIC, LAB, PRESCRIPTION, REPORT, VISIT, documents

SERVERS = (CLINIC, LAB)
# Whose records the servers protect from the start, by credentials of their own for this owner.
CONNECTED = "alice"
CLIENTS = (*SERVERS, *(f"{server}-{CONNECTED}" for server in SERVERS))
PEOPLE = tuple(person.id for person in CAST)
_FEATURES = (
    *("dynamic-registration", "interactive-claims", "pct", "refresh", "request_submitted"),
    *("revocation", "rpt-upgrade"),
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where each server is: the issuer, the resource servers by name, and the client."""

    issuer: str
    servers: Mapping[str, str]
    client: str

    def document(self, server: str, owner: str, name: str) -> str:
        """Return the address of a document."""
        return f"{self.servers[server]}/owners/{owner}/documents/{name}"


def authorization_server(addresses: Addresses, kept: Kept) -> dict[str, object]:
    """Return the configuration of the authorization server, with every optional feature."""
    connecting: list[dict[str, object]] = [
        {
            "id": server,
            "name": _TITLES[server],
            "secret": kept.secrets[server],
            "scopes": ["uma_protection"],
            "resource_server": server,
            "redirect_uris": [f"{addresses.servers[server]}/connect/callback"],
        }
        for server in SERVERS
    ]
    connected: list[dict[str, object]] = [
        {
            "id": f"{server}-{CONNECTED}",
            "name": _TITLES[server],
            "secret": kept.secrets[f"{server}-{CONNECTED}"],
            "scopes": ["uma_protection"],
            "owner": CONNECTED,
            "resource_server": server,
        }
        for server in SERVERS
    ]
    return {
        "issuer": addresses.issuer,
        "owners": [_account(person, kept) for person in CAST if person.owner],
        "requesting_parties": [_account(person, kept) for person in CAST if not person.owner],
        "clients": [*connecting, *connected],
        "features": list(_FEATURES),
        "withdrawal_ends_rpts": True,
        "policy_uris": True,
        "signing_key_file": str(kept.key_file),
    }


def resource_server(
    name: str, addresses: Addresses, kept: Kept, ca_file: Path | None
) -> dict[str, object]:
    """Return the configuration of a resource server."""
    credentials = {
        person.id: {"id": f"{name}-{person.id}", "secret": kept.secrets[f"{name}-{person.id}"]}
        for person in CAST
        if person.id == CONNECTED
    }
    return {
        "name": name,
        "url": addresses.servers[name],
        "realm": _TITLES[name],
        "authorization_server": {
            "issuer": addresses.issuer,
            **({"ca_file": str(ca_file)} if ca_file else {}),
            "client": {"id": name, "secret": kept.secrets[name]},
        },
        "owners": [
            {
                "id": person.id,
                "password": kept.passwords[person.id],
                "documents": documents(name, person.id),
                **({"client": credentials[person.id]} if person.id in credentials else {}),
            }
            for person in CAST
            if person.owner
        ],
    }


def client_application(
    addresses: Addresses, kept: Kept, ca_file: Path | None, wallet: Path | None
) -> dict[str, object]:
    """Return the configuration of the client application; it registers itself."""
    names = ((CLINIC, PRESCRIPTION), (CLINIC, VISIT), (LAB, REPORT))
    shortcuts = [
        {
            "name": f"Alice: {documents_name(server, name)}",
            "url": addresses.document(server, CONNECTED, name),
        }
        for server, name in names
    ]
    return {
        "base": addresses.client,
        "people": [
            {
                "id": person.id,
                "name": person.name,
                "password": kept.passwords[person.id],
            }
            for person in CAST
            if person.id != CONNECTED
        ],
        "resource_servers": list(addresses.servers.values()),
        "authorization_servers": [{"issuer": addresses.issuer}],
        "shortcuts": shortcuts,
        **({"ca_file": str(ca_file)} if ca_file else {}),
        **({"wallet": str(wallet)} if wallet else {}),
    }


def documents_name(server: str, document: str) -> str:
    """Return how a document is called."""
    found = {str(item["id"]): str(item["name"]) for item in documents(server, CONNECTED)}
    return found[document]


def _account(person: Person, kept: Kept) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "password": kept.passwords[person.id],
        "claims": dict(person.claims),
    }


_TITLES = {CLINIC: "Riverside Clinic", LAB: "Harbour Laboratory"}
