"""What Alice has set at the start, by the API of owners; what is there already stays."""

from collections.abc import Mapping

import httpx

from uma_reference.demo.deployment import CONNECTED, SERVERS, Addresses
from uma_reference.demo.kept import Kept
from uma_reference.demo.records import CLINIC, LAB, PRESCRIPTION, REPORT
from uma_reference.names import WELL_KNOWN


class NotSeeded(Exception):  # noqa: N818 - the name of what happened
    """A server did not answer as expected; the message says which and how."""


def seed(http: httpx.Client, addresses: Addresses, kept: Kept) -> int:
    """Set the policies of resources that have none, and return how many were set."""
    owner = (CONNECTED, kept.passwords[CONNECTED])
    done = 0
    for server in SERVERS:
        for document, resource_id in _registered(http, addresses, kept, server).items():
            place = f"{addresses.issuer}/owner/resources/{resource_id}/policies"
            wanted = _policies(addresses, server, document)
            if wanted and not _answer(http.get(place, auth=owner)).json():
                _answer(http.put(place, auth=owner, json=wanted))
                done += len(wanted)
    return done


def _registered(
    http: httpx.Client, addresses: Addresses, kept: Kept, server: str
) -> Mapping[str, str]:
    """Return the resource identifiers of the owner's documents at a resource server."""
    metadata = _answer(http.get(f"{addresses.issuer}{WELL_KNOWN}")).json()
    client = f"{server}-{CONNECTED}"
    form = {"grant_type": "client_credentials", "scope": "uma_protection"}
    pat = _answer(
        http.post(metadata["token_endpoint"], data=form, auth=(client, kept.secrets[client]))
    ).json()
    headers = {"authorization": f"Bearer {pat['access_token']}"}
    base = str(metadata["resource_registration_endpoint"])
    found: dict[str, str] = {}
    for resource_id in _answer(http.get(base, headers=headers)).json():
        description = _answer(http.get(f"{base}/{resource_id}", headers=headers)).json()
        found[str(description.get("document", "")).rpartition("/")[2]] = str(resource_id)
    return found


def _policies(addresses: Addresses, server: str, document: str) -> list[Mapping[str, object]]:
    def who(claim: str, value: str) -> dict[str, object]:
        return {"claim": claim, "values": [value], "issuer": addresses.issuer}

    if (server, document) == (CLINIC, PRESCRIPTION):
        reason = {
            "claim": "claim number",
            "values": ["CL-77"],
            "issuer": "self",
            "friendly_name": "For which insurance claim is it? (CL-77 opens it)",
        }
        return [
            {"scopes": ["view"], "conditions": [who("sub", "osei")]},
            {"scopes": ["view"], "conditions": [who("sub", "dana"), reason]},
        ]
    if (server, document) == (LAB, REPORT):
        return [{"scopes": ["view"], "anyone": True, "ask": True}]
    return []


def _answer(response: httpx.Response) -> httpx.Response:
    if not response.is_success:
        raise NotSeeded(
            f"{response.request.method} {response.request.url}: status {response.status_code}"
        )
    return response
