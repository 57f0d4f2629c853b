"""A permission read as a licence: who licensed what to whom, for what, until when, and why.

The parties are those of UMA 2.0: the resource owner licenses, the requesting party and her client
are licensed, and the authorization server grants for the owner. It is evidence of what a server
decided, and no legal advice.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """What a licence rests on: policies that stood already, or the owner's word when asked."""

    POLICY = "policy"
    OWNER_DECISION = "owner decision"


@dataclass(frozen=True, slots=True)
class Licensee:
    """The requesting party, by a name that need not say who it is, and the client used."""

    id: str
    client: str


@dataclass(frozen=True, slots=True)
class LicensedResource:
    """What is licensed, by the id of its registration, and the resource server that keeps it."""

    id: str
    server: str
    name: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A policy of the owner in one version; an empty version is not known any more."""

    id: str
    version: str


@dataclass(frozen=True, slots=True)
class ReliedClaim:
    """A claim that a policy asked for, and whose word counted; never its value."""

    name: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Licence:
    """One permission as a licence; times are seconds since 1970, `expires_at` 0 is no end.

    `granted_by` is the issuer of the authorization server.
    """

    licensor: str
    licensee: Licensee
    resource: LicensedResource
    scopes: frozenset[str]
    granted_by: str
    issued_at: int
    expires_at: int
    basis: Basis = Basis.POLICY
    purposes: frozenset[str] = frozenset()
    policies: tuple[PolicyVersion, ...] = ()
    claims: tuple[ReliedClaim, ...] = ()

    @property
    def id(self) -> str:
        """A digest of everything in the licence: the same licence always has the same id."""
        return version_of(contents(self))


def contents(licence: Licence) -> dict[str, object]:
    """Return what a licence says as JSON values, without its id."""
    return {
        "licensor": licence.licensor,
        "licensee": {"id": licence.licensee.id, "client": licence.licensee.client},
        "resource": {
            "id": licence.resource.id,
            "server": licence.resource.server,
            "name": licence.resource.name,
            "type": licence.resource.type,
        },
        "scopes": sorted(licence.scopes),
        "purposes": sorted(licence.purposes),
        "granted_by": licence.granted_by,
        "issued_at": licence.issued_at,
        "expires_at": licence.expires_at,
        "basis": str(licence.basis),
        "policies": [{"id": item.id, "version": item.version} for item in licence.policies],
        "claims": [{"name": item.name, "issuer": item.issuer} for item in licence.claims],
    }


def version_of(document: Mapping[str, object]) -> str:
    """Return the digest of a JSON document, the same however its members are ordered."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
